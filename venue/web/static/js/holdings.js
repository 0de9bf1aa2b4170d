// Positions, and profit and loss by currency.
import { add, plain, sign } from "./decimal.js";
import { DASH, grouped, mean, price, quantity, signed, tone } from "./format.js";
import { instruments } from "./state.js";
import { Table } from "./table.js";

const tickOf = (item) => instruments.value.get(item.symbol)?.tick;
const pnl = (name) => (position) => ({ text: signed(position[name]), kind: tone(position[name]) });
const feesOf = (position) => Object.entries(position.fees).map(([currency, amount]) => `${grouped(plain(amount))} ${currency}`).join(", ") || DASH;

function totals(positions) {
  const result = new Map();
  for (const position of positions) {
    const known = result.get(position.currency) ?? { realised: "0", unrealised: "0", day_pnl: "0" };
    for (const name of Object.keys(known)) known[name] = add(known[name], position[name] ?? "0");
    result.set(position.currency, known);
  }
  return [...result].map(([currency, sums]) => ({ total: true, symbol: `Total ${currency}`, currency, account: "", fees: {}, quantity: null, average_price: null, mark_price: null, ...sums }));
}

/** `empty()` is what it says where there is none. */
export function makePositions(place, empty) {
  const table = new Table(place, [
    { title: "Symbol", of: (position) => position.symbol },
    { title: "Account", wide: true, kind: "muted", of: (position) => position.account ?? "" },
    { title: "Quantity", number: true, of: (position) => (position.total ? "" : { text: quantity(position.quantity, 12), kind: tone(position.quantity) }) },
    { title: "Average", number: true, wide: true, of: (position) => (position.total ? "" : mean(position.average_price, tickOf(position))) },
    { title: "Mark", number: true, wide: true, of: (position) => (position.total ? "" : price(position.mark_price, tickOf(position))) },
    { title: "Realised", number: true, wide: true, of: pnl("realised") },
    { title: "Unrealised", number: true, of: pnl("unrealised") },
    { title: "Today", number: true, of: pnl("day_pnl") },
    { title: "Fees", number: true, wide: true, kind: "muted", of: (position) => (position.total ? "" : feesOf(position)) },
  ], {
    key: (position) => `${position.symbol} ${position.account ?? ""}`,
    depends: () => instruments.value,
    label: "Positions", empty,
    onrow: (row, key) => row.element.classList.toggle("totals-row", key.startsWith("Total ")),
  });
  return (list) => table.update([...list.toSorted((a, b) => a.symbol.localeCompare(b.symbol)), ...totals(list)]);
}

export const held = (list) => list.filter((position) => sign(position.quantity) !== 0).length;
