// The form under a working order: the fields that may change of it. Enter sends, Esc leaves.
import { plain, scaleOf } from "./decimal.js";
import { amendable, changesOf, expiryOf, startOf } from "./amend_terms.js";
import { described } from "./described.js";
import { h, setText } from "./dom.js";
import { amend } from "./order_actions.js";
import { instruments } from "./state.js";
import { stepper } from "./stepper.js";
import { RESTING, TIMES } from "./ticket_kinds.js";
import { AMOUNTS } from "./ticket_terms.js";

const LABELS = { quantity: "Quantity", trigger_price: "Trigger", price: "Price", display_quantity: "Show", time_in_force: "In force", expires: "Expires on", expires_time: "at, UTC" };
const ROOM = 9; // characters there are room for
const DECIMALS = 4; // of a step, from which on an amount needs more room
const FIRST = ["price", "trigger_price", "quantity"]; // what is amended most

function inputFor(order, name) {
  if (name in AMOUNTS) {
    const step = instruments.value.get(order.symbol)?.[AMOUNTS[name]] ?? "1";
    const { element, input } = stepper(null, name, LABELS[name], () => step);
    input.value = startOf(order, name, step);
    if (name === "display_quantity") input.placeholder = "all";
    return { element, input, isLong: input.value.length > ROOM || scaleOf(plain(step)) > DECIMALS };
  }
  const input = name === "time_in_force"
    ? h("select", { name }, RESTING.map((each) => h("option", { value: each, selected: each === order.time_in_force }, TIMES[each])))
    : h("input", { name, type: name === "expires" ? "date" : "time" });
  const { day, time } = expiryOf(order.expires);
  if (name === "expires") input.value = day;
  if (name === "expires_time") {
    input.step = time.length > 8 ? "0.001" : time.length > 5 ? "1" : "60";
    input.value = time;
    input.title = "Nothing here: to the end of that trading day";
  }
  return { element: input, input };
}

/** The row to put under an order's. `leave()` is called when it is done with; `focus()` goes into it. */
export function amendRow(order, columns, leave) {
  const fields = new Map(); // name -> {input, place, hint}
  const names = amendable(order).flatMap((name) => (name === "expires" ? ["expires", "expires_time"] : [name]));
  for (const name of names) {
    const { element, input, isLong } = inputFor(order, name);
    input.id = `amend-${name}-${order.order_id}`;
    const hint = h("span", { class: "hint sell", id: `${input.id}-hint` });
    input.setAttribute("aria-describedby", hint.id);
    const place = h("div", { class: `amend-field ${name} ${isLong ? "long" : ""}` }, h("label", { for: input.id }, LABELS[name]), element, hint);
    fields.set(name, { input, place, hint });
  }
  const problem = h("p", { class: "problem", role: "alert" });
  const save = h("button", { type: "submit", class: "small primary" }, "Save");
  const buttons = h("div", { class: "amend-buttons" }, save, h("button", { type: "button", class: "small", onclick: leave }, "Back"));
  const form = h("form", { class: "amend", novalidate: true, autocomplete: "off", "aria-label": `Amend ${described(order)}` },
    [...fields.values()].map(({ place }) => place), buttons, problem);

  const shape = () => {
    const dated = fields.get("time_in_force")?.input.value === "gtd";
    for (const name of ["expires", "expires_time"]) if (fields.has(name)) fields.get(name).place.hidden = !dated;
  };
  const mark = (wrong) => {
    for (const [name, { input, hint }] of fields) {
      setText(hint, wrong[name] ?? "");
      if (wrong[name]) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    fields.get(Object.keys(wrong)[0])?.input.focus();
  };
  const send = async () => {
    if (save.disabled) return;
    const values = Object.fromEntries([...fields].map(([name, { input }]) => [name, input.value.trim()]));
    const { changes, wrong } = changesOf(order, values, instruments.value.get(order.symbol));
    mark(wrong);
    setText(problem, "");
    if (Object.keys(wrong).length) return;
    if (!Object.keys(changes).length) return leave();
    save.disabled = true;
    const trouble = await amend(order, changes);
    save.disabled = false;
    if (!trouble) return leave();
    setText(problem, trouble.sentence ?? trouble.message);
    mark(Object.fromEntries((trouble.errors ?? []).filter((each) => fields.has(each.field)).map((each) => [each.field, `It has to be ${each.expected}.`])));
    if (!form.contains(document.activeElement)) focus();
  };
  const focus = () => {
    const { input } = fields.get(FIRST.find((name) => fields.has(name)));
    input.focus();
    input.select();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("change", shape);
  form.addEventListener("keydown", (event) => {
    const isButton = event.target.tagName === "BUTTON";
    if (event.key === "Enter" && !isButton) send();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  shape();
  return { element: h("tr", { class: "amending" }, h("td", { colspan: String(columns) }, form)), focus };
}
