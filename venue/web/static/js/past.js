// What is over: ended orders, and fills.
import { plain } from "./decimal.js";
import { clock, grouped, mean, price, quantity, words } from "./format.js";
import { instruments } from "./state.js";
import { Table } from "./table.js";
import { LEAD, sideTone } from "./working.js";

const tickOf = (item) => instruments.value.get(item.symbol)?.tick;
const TONES = { filled: "buy", rejected: "sell", expired: "muted", canceled: "muted" };

/** `empty()` is what it says where there is none. */
export function makeHistory(place, empty) {
  const table = new Table(place, [
    ...LEAD,
    { title: "Filled", number: true, of: (order) => `${quantity(order.filled_quantity, 9)} / ${quantity(order.quantity, 11)}` },
    { title: "Price", number: true, wide: true, of: (order) => price(order.price ?? order.trigger_price, tickOf(order)) },
    { title: "Average", number: true, of: (order) => mean(order.average_price, tickOf(order)) },
    { title: "Status", of: (order) => ({ text: words(order.status), kind: TONES[order.status] ?? "" }) },
    { title: "Why", wide: true, kind: "why muted", of: (order) => ({ text: order.text ?? "", title: order.text ?? "", kind: "" }) },
  ], { key: (order) => order.order_id, depends: () => instruments.value, label: "Order history", empty });
  return (list) => table.update(list);
}

export function makeFills(place, empty) {
  const table = new Table(place, [
    { title: "Time", kind: "muted", of: (fill) => ({ text: clock(fill.time, 3), title: fill.time }) },
    { title: "Symbol", of: (fill) => fill.symbol },
    { title: "Side", of: (fill) => ({ text: words(fill.side), kind: sideTone(fill) }) },
    { title: "Quantity", number: true, of: (fill) => quantity(fill.quantity, 12) },
    { title: "Price", number: true, of: (fill) => price(fill.price, tickOf(fill)) },
    { title: "Liquidity", wide: true, of: (fill) => words(fill.liquidity) },
    { title: "Fee", number: true, wide: true, of: (fill) => (fill.fee === null ? "–" : `${grouped(plain(fill.fee))} ${fill.fee_currency ?? ""}`) },
    { title: "Trade", wide: true, kind: "muted", of: (fill) => fill.trade_id },
    { title: "", name: "State", wide: true, of: (fill) => (fill.status === "done" ? "" : { text: words(fill.status), kind: "sell" }) },
  ], { key: (fill) => `${fill.trade_id} ${fill.order_id} ${fill.execution_id ?? ""}`, depends: () => instruments.value, label: "Fills", empty });
  return (list) => table.update(list);
}
