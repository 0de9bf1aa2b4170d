// Modal dialogs: made when they are opened, gone when they are closed.
import { h } from "./dom.js";

/** Open a dialog with a title and contents; returns it. Esc closes it, unless it is `needed`. */
export function open(title, contents, { needed = false, labelled = "dialog-title" } = {}) {
  const heading = h("h2", { id: labelled }, title);
  const dialog = h("dialog", { "aria-labelledby": labelled }, h("div", { class: "inner" }, heading, ...contents));
  dialog.addEventListener("close", () => dialog.remove());
  if (needed) dialog.addEventListener("cancel", (event) => event.preventDefault());
  else dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask before something that cannot be undone; resolves to true or false. With `word`, that word has
 * to be typed.
 */
export function confirm(title, text, action, word = null) {
  return new Promise((resolve) => {
    const yes = h("button", { type: "submit", class: "fatal", disabled: Boolean(word) }, action);
    const typed = word && h("input", { autocomplete: "off", spellcheck: "false", oninput: (event) => {
      yes.disabled = event.target.value.trim() !== word;
    } });
    const form = h(
      "form",
      { method: "dialog", class: "users", onsubmit: () => { dialog.returnValue = "yes"; } },
      word && h("label", {}, `Type ${word} to confirm`, typed),
      h("div", { class: "row" }, h("button", { type: "button", onclick: () => dialog.close() }, "Back"), yes),
    );
    let agreed = false;
    form.addEventListener("submit", () => { agreed = true; });
    const dialog = open(title, [h("p", {}, text), form]);
    dialog.addEventListener("close", () => resolve(agreed));
    (typed || yes).focus();
  });
}
