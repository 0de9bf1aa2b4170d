// The instruments: which one is shown, and switching to another.
import { open } from "./dialog.js";
import { $, h, setText } from "./dom.js";
import { phaseText, phaseTone } from "./phases.js";
import { instruments, live, status, symbol, unlisted } from "./state.js";
import { choose, settle } from "./views.js";

function shown() {
  const chosen = instruments.value.get(symbol.value);
  const name = symbol.value ?? unlisted.value;
  const phase = chosen ? phaseText(chosen) : unlisted.value ? "Not listed" : "";
  setText($("#symbol-name"), name ?? (status.value.venue === "down" ? "Not known" : "…"));
  setText($("#symbol-phase"), phase);
  $("#symbol-phase").className = `phase ${chosen ? phaseTone(chosen) : "bad"}`;
  $("#symbol-button").setAttribute("aria-label", `Instrument ${name ?? ""}, ${phase}: choose another`);
  document.title = name ? `${name} · Venue` : "Venue";
}

export function openSymbols() {
  if ($("#symbols")) return;
  let matches = [];
  let active = 0;
  const list = h("div", { role: "listbox", id: "symbol-list", class: "symbols scroll", "aria-label": "Instruments" });
  const field = h("input", {
    role: "combobox", "aria-label": "Find an instrument", "aria-expanded": "true", "aria-controls": "symbol-list",
    placeholder: "Find an instrument", autocomplete: "off", spellcheck: "false",
  });
  const take = (name) => {
    choose(name);
    dialog.close();
  };
  const draw = () => {
    const wanted = field.value.trim().toUpperCase();
    matches = [...instruments.value.values()].filter((each) => each.symbol.toUpperCase().includes(wanted));
    active = Math.max(0, Math.min(active, matches.length - 1));
    list.replaceChildren(...matches.map((each, index) =>
      h("div", { role: "option", id: `symbol-${index}`, "aria-selected": String(index === active), onclick: () => take(each.symbol) },
        h("b", {}, each.symbol), h("span", { class: "muted" }, each.currency ?? ""),
        h("span", { class: `phase ${phaseTone(each)}` }, phaseText(each)))));
    if (matches.length) field.setAttribute("aria-activedescendant", `symbol-${active}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[active]?.scrollIntoView({ block: "nearest" });
  };
  field.addEventListener("input", () => { active = 0; draw(); });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      active += step;
      draw();
    } else if (event.key === "Enter" && matches[active]) {
      event.preventDefault();
      take(matches[active].symbol);
    }
  });
  active = Math.max(0, [...instruments.value.keys()].indexOf(symbol.value));
  const dialog = open("Instrument", [field, list]);
  dialog.id = "symbols";
  draw();
  field.focus();
}

/** The instrument before (-1) or after (1) this one. */
export function neighbour(step) {
  const names = [...instruments.value.keys()];
  const now = names.indexOf(symbol.value);
  if (names.length) choose(names[now < 0 ? 0 : (now + step + names.length) % names.length]);
}

export function startSymbols(feed) {
  $("#symbol-button").addEventListener("click", openSymbols);
  feed.on("instruments", null, (message) => {
    const known = message.type === "snapshot" ? new Map() : new Map(instruments.value);
    for (const each of message.instruments) {
      if (each.phase === "delisted") known.delete(each.symbol);
      else known.set(each.symbol, each);
    }
    instruments.set(known);
    if (!known.has(symbol.value)) settle();
  });
  symbol.watch(shown);
  unlisted.watch(shown);
  status.watch(shown);
  instruments.watch(shown);
  live.watch(shown);
}
