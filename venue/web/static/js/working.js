// The working orders, each with cancel, and amend in its own row.
import { parse, plain } from "./decimal.js";
import { h } from "./dom.js";
import { clock, price, quantity, timeInForce, words } from "./format.js";
import { amend, cancel } from "./order_actions.js";
import { instruments } from "./state.js";
import { stepper } from "./stepper.js";
import { Table, rowKeys } from "./table.js";

const tickOf = (item) => instruments.value.get(item.symbol)?.tick;
const lotOf = (item) => instruments.value.get(item.symbol)?.lot ?? "1";
export const sideTone = (item) => (item.side === "buy" ? "buy" : "sell");

/** "Post only", "Iceberg 5", "GTD ..." and the like, besides the type. */
export function terms(order) {
  const found = [timeInForce(order.time_in_force)];
  if (order.post_only) found.push("post only");
  if (order.display_quantity && order.display_quantity !== "0") found.push(`shows ${quantity(order.display_quantity, 9)}`);
  if (order.min_quantity && order.min_quantity !== "0") found.push(`at least ${quantity(order.min_quantity, 9)}`);
  if (order.expires) found.push(order.expires.replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, ""));
  return found.join(", ");
}

function status(order) {
  if (order.is_waiting) return { text: order.status === "suspended" ? "Suspended" : "Waiting", kind: "muted" };
  return { text: words(order.status), kind: order.status === "partially_filled" ? "buy" : "" };
}

export const LEAD = [
  { title: "Time", wide: true, kind: "muted", of: (order) => ({ text: clock(order.created_at), title: order.created_at ?? "" }) },
  { title: "Symbol", of: (order) => order.symbol },
  { title: "Side", of: (order) => ({ text: words(order.side), kind: sideTone(order) }) },
  { title: "Type", wide: true, of: (order) => words(order.type) },
  { title: "Terms", wide: true, kind: "terms muted", of: (order) => ({ text: terms(order), title: terms(order) }) },
];

export function makeWorking(place) {
  const editing = new Map(); // order_id -> ends the editing
  const done = (order) => `${quantity(order.filled_quantity, 9)} / ${quantity(order.quantity, 11)}`;

  function actions(order) {
    if (!order.is_own) return h("span", { class: "muted" }, order.session);
    const button = (text, glyph, work, kind = "") =>
      h("button", { type: "button", class: `small glyph ${kind}`, title: text, "aria-label": `${text} ${words(order.side)} ${order.quantity} ${order.symbol}`, onclick: () => work(table.row(order.order_id).item) },
        glyph);
    return h("span", {}, button("Amend", "✎", edit), button("Cancel", "✕", cancel, "danger"));
  }

  const columns = [
    ...LEAD,
    { title: "Filled", number: true, name: "quantity", of: done },
    { title: "Price", number: true, of: (order) => price(order.price, tickOf(order)) },
    { title: "Trigger", number: true, wide: true, of: (order) => price(order.trigger_price, tickOf(order)) },
    { title: "Status", wide: true, of: status },
    { title: "", kind: "actions", of: actions },
  ];
  const [QUANTITY, PRICE, TRIGGER] = [5, 6, 7];

  const table = new Table(place, columns, {
    key: (order) => order.order_id,
    label: "Working orders",
    empty: "No working orders. Press b to buy, s to sell, or choose a price in the ladder.",
    onrow: (row) => { row.element.tabIndex = 0; },
    hold: (key) => editing.has(key),
  });

  /** The row's quantity, price and trigger become fields. Enter sends what has changed, Esc leaves. */
  function edit(order) {
    if (!order.is_own || editing.has(order.order_id)) return;
    const row = table.row(order.order_id);
    const fields = {};
    const field = (cell, name, step) => {
      const { input } = stepper("", name, name, () => step);
      input.removeAttribute("id");
      input.value = plain(order[name]);
      input.setAttribute("aria-label", `New ${name.replace("_", " ")}`);
      fields[name] = input;
      row.cells[cell].replaceChildren(input);
    };
    field(QUANTITY, "quantity", lotOf(order));
    if (order.price !== null && order.type !== "market") field(PRICE, "price", tickOf(order));
    if (order.trigger_price !== null && !order.is_triggered) field(TRIGGER, "trigger_price", tickOf(order));
    const leave = () => {
      editing.delete(order.order_id);
      row.element.classList.remove("editing");
      table.reset(order.order_id);
      row.element.focus();
    };
    const save = async () => {
      const changes = {};
      for (const [name, input] of Object.entries(fields)) {
        const value = plain(input.value.trim());
        if (!parse(value)) return input.setAttribute("aria-invalid", "true");
        if (value !== plain(order[name])) changes[name] = value;
      }
      if (!Object.keys(changes).length) return leave();
      const problem = await amend(order, changes);
      if (problem) Object.values(fields)[0].focus();
      else leave();
    };
    editing.set(order.order_id, leave);
    row.element.classList.add("editing");
    row.cells.at(-1).replaceChildren(
      h("button", { type: "button", class: "small primary", onclick: save }, "Save"),
      h("button", { type: "button", class: "small", onclick: leave }, "Back"));
    for (const input of Object.values(fields)) {
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") save();
        else if (event.key === "Escape") leave();
        else return;
        event.preventDefault();
        event.stopPropagation();
      });
    }
    const first = fields.price ?? fields.trigger_price ?? fields.quantity;
    first.focus();
    first.select();
  }

  rowKeys(table, { e: edit, Enter: edit, Delete: (order) => order.is_own && cancel(order) });
  return (list) => {
    for (const key of [...editing.keys()]) if (!list.some((order) => order.order_id === key)) editing.delete(key);
    table.update(list);
  };
}
