// The working orders, each with cancel, and amend in a form under its row.
import { amendRow } from "./amend.js";
import { h } from "./dom.js";
import { clock, price, quantity, timeInForce, words } from "./format.js";
import { cancel } from "./order_actions.js";
import { instruments, mayTrade } from "./state.js";
import { Table, rowKeys } from "./table.js";

const tickOf = (item) => instruments.value.get(item.symbol)?.tick;
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
  { title: "Time", wide: true, kind: "roomy muted", of: (order) => ({ text: clock(order.created_at), title: order.created_at ?? "" }) },
  { title: "Symbol", of: (order) => order.symbol },
  { title: "Side", of: (order) => ({ text: words(order.side), kind: sideTone(order) }) },
  { title: "Type", wide: true, of: (order) => words(order.type) },
  { title: "Terms", wide: true, kind: "terms muted", of: (order) => ({ text: terms(order), title: terms(order) }) },
];

/** What a wide screen has in columns, for a narrow one: "Stop limit 98.00 · Day · Waiting". */
function note(order) {
  const trigger = order.trigger_price === null ? "" : ` ${price(order.trigger_price, tickOf(order))}`;
  return [words(order.type) + trigger, terms(order), status(order).text].join(" · ");
}

/** The symbol, and on a narrow screen the note under it. */
const NOTED = { title: "Symbol", fresh: true, of: (order) => h("span", {}, order.symbol, h("small", { class: "note" }, h("span", {}, note(order)))) };

/** `empty(none)` is what it says where there is none, `none` if nothing else is to be said. */
export function makeWorking(place, empty) {
  const editing = new Set(); // order_id
  const done = (order) => `${quantity(order.filled_quantity, 9)} / ${quantity(order.quantity, 11)}`;

  function actions(order) {
    if (!order.is_own) return h("span", { class: "muted" }, order.session);
    if (!mayTrade()) return "";
    const button = (text, glyph, work, kind = "") =>
      h("button", { type: "button", class: `small glyph ${kind}`, title: text, "aria-label": `${text} ${words(order.side)} ${order.quantity} ${order.symbol}`, onclick: () => work(table.row(order.order_id).item) },
        glyph);
    return h("span", {}, button("Amend", "✎", edit), button("Cancel", "✕", cancel, "danger"));
  }

  const columns = [
    ...LEAD.map((column) => (column.title === "Symbol" ? NOTED : column)),
    { title: "Filled", number: true, name: "quantity", of: done },
    { title: "Price", number: true, wide: true, of: (order) => price(order.price, tickOf(order)) },
    { title: "Price", number: true, kind: "narrow", of: (order) => (order.price === null && order.trigger_price !== null ? `if ${price(order.trigger_price, tickOf(order))}` : price(order.price, tickOf(order))) },
    { title: "Trigger", number: true, wide: true, of: (order) => price(order.trigger_price, tickOf(order)) },
    { title: "Status", wide: true, of: status },
    { title: "", kind: "actions", of: actions },
  ];

  const table = new Table(place, columns, {
    key: (order) => order.order_id,
    label: "Working orders",
    empty: () => empty(mayTrade() ? "No working orders. Press b to buy, s to sell, or choose a price in the ladder." : "No working orders."),
    onrow: (row) => { row.element.tabIndex = 0; },
    hold: (key) => editing.has(key),
    depends: () => instruments.value,
  });

  /** A form under the row: Enter sends what has changed, Esc leaves. */
  function edit(order) {
    if (!mayTrade() || !order.is_own || editing.has(order.order_id)) return;
    const key = order.order_id;
    const leave = () => {
      editing.delete(key);
      table.below(key, null);
      const row = table.row(key)?.element;
      row?.classList.remove("editing");
      row?.focus();
    };
    const { element, focus } = amendRow(order, columns.length, leave);
    editing.add(key);
    table.row(key).element.classList.add("editing");
    table.below(key, element);
    element.scrollIntoView({ block: "nearest" });
    focus();
  }

  rowKeys(table, { e: edit, Enter: edit, Delete: (order) => mayTrade() && order.is_own && cancel(order) });
  return (list) => {
    if (editing.size) {
      const working = new Set(list.map((order) => order.order_id));
      for (const key of editing) if (!working.has(key)) editing.delete(key);
    }
    table.update(list);
  };
}
