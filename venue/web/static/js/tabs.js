// A row of tabs with their panels, as the ARIA pattern has them.
import { h } from "./dom.js";

/** `tabs`: [{name, title, panel}]. Returns {list, select(name), count(name, text)}. */
export function makeTabs(label, tabs, onselect = () => {}) {
  const list = h("div", { class: "tablist", role: "tablist", "aria-label": label });
  const buttons = new Map();
  const select = (name, focus = false) => {
    for (const tab of tabs) {
      const chosen = tab.name === name;
      const button = buttons.get(tab.name);
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      tab.panel.hidden = !chosen;
      if (chosen && focus) button.focus();
    }
    onselect(name);
  };
  tabs.forEach((tab, index) => {
    const count = h("span", { class: "count", hidden: true });
    const button = h("button", {
      type: "button", role: "tab", id: `tab-${tab.name}`, "aria-controls": `panel-${tab.name}`,
      onclick: () => select(tab.name),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        select(tabs[(index + step + tabs.length) % tabs.length].name, true);
      },
    }, tab.title, count);
    buttons.set(tab.name, button);
    tab.panel.id = `panel-${tab.name}`;
    tab.panel.setAttribute("role", "tabpanel");
    tab.panel.setAttribute("aria-labelledby", button.id);
    tab.panel.tabIndex = 0;
    list.append(button);
  });
  const count = (name, number) => {
    const place = buttons.get(name).lastChild;
    place.hidden = !number;
    place.textContent = number ? String(number) : "";
  };
  select(tabs[0].name);
  return { list, select, count };
}
