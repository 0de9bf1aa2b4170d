// A field for a decimal with a step: buttons beside it, arrow keys in it. Its value is text.
import { stepped } from "./decimal.js";
import { h } from "./dom.js";

/** {element, input}; `step()` gives the step, `start()` the text to step from where it is empty. */
export function stepper(id, name, label, step, start = () => "0") {
  const input = h("input", { id, name, class: "amount", inputmode: "decimal", autocomplete: "off", spellcheck: "false" });
  const move = (count) => {
    input.value = stepped(input.value.trim() || start(), step(), count);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  input.addEventListener("keydown", (event) => {
    const count = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!count || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(event.shiftKey ? count * 10 : count);
  });
  const button = (count, sign, word) =>
    h("button", { type: "button", tabindex: "-1", "aria-label": `${label} ${word}`, onclick: () => move(count) }, sign);
  return { element: h("div", { class: "stepper" }, button(-1, "−", "down"), input, button(1, "+", "up")), input };
}
