// The depth ladder: asks above, bids below, own orders beside them. A price fills the ticket.
import { stepped, write as writeUnits } from "./ladder_levels.js";
import { add, multiply, plain, scaleOf, subtract, sum } from "./decimal.js";
import { book } from "./depth_feed.js";
import { $, frame, h, setText } from "./dom.js";
import { DASH, price, quantity, sized } from "./format.js";
import { cancelAt } from "./order_actions.js";
import { bbo, instrument, instruments, last, orders, symbol } from "./state.js";
import { fill } from "./ticket.js";

const STEPS = [1, 5, 10, 50, 100, 500, 1000, 5000, 10000];
const HEADS = [["bid-mine mine", "Mine"], ["bid-size", "Bid"], ["price", "Price"], ["ask-size", "Ask"], ["ask-mine mine", "Mine"]];

let rows = []; // from the top: {element, cells, side, level}
let middle = null;
let focused = null;

const step = () => multiply(instrument()?.tick ?? "1", $("#grouping").value || "1");

function cell(name) {
  return h("td", { class: name, role: "gridcell" });
}

function makeRow(side) {
  const cells = Object.fromEntries(HEADS.map(([name]) => [name.split(" ")[0], cell(name)]));
  const element = h("tr", { class: side, tabindex: "-1", role: "row" }, ...Object.values(cells));
  return { element, cells, side, level: null };
}

/** As many rows as there is room for, half of them asks. */
function build() {
  const place = $("#ladder");
  const phone = matchMedia("(max-width: 700px)").matches;
  const [height, heads, centre] = phone ? [26, 22, 36] : [20, 22, 30];
  const each = Math.max(3, Math.floor((place.clientHeight - heads - centre) / height / 2));
  if (rows.length === each * 2) return;
  middle = h("tr", { class: "middle", role: "row" }, h("td", { colspan: "5", role: "gridcell" }, h("b"), h("span")));
  const asks = Array.from({ length: each }, () => makeRow("ask"));
  const bids = Array.from({ length: each }, () => makeRow("bid"));
  rows = [...asks, ...bids];
  focused = null;
  const head = h("tr", { role: "row" }, HEADS.map(([name, text]) => h("th", { class: name, scope: "col", role: "columnheader" }, text)));
  const body = h("tbody", { role: "rowgroup" }, asks.map((row) => row.element), middle, bids.map((row) => row.element));
  place.replaceChildren(h("table", { role: "grid", "aria-label": "Depth ladder" }, h("thead", { role: "rowgroup" }, head), body));
}

/** What of mine works at each price, as `side price` of the shown steps: {quantity, orders}. */
function own(unit) {
  const result = new Map();
  for (const order of orders.value.values()) {
    if (!order.is_working || order.is_waiting || order.symbol !== symbol.value || order.price === null) continue;
    const side = order.side === "buy" ? "bid" : "ask";
    const [at] = stepped([{ price: order.price }], unit, side === "ask", 1);
    const key = `${side} ${writeUnits(at)}`;
    const known = result.get(key) ?? { quantity: "0", orders: [] };
    result.set(key, { quantity: add(known.quantity, order.remaining_quantity), orders: [...known.orders, order] });
  }
  return result;
}

function levelsOf(side, unit, count) {
  const found = stepped(side === "ask" ? book.value.asks.levels : book.value.bids.levels, unit, side === "ask", count);
  return found.map((level) => ({ price: writeUnits(level), quantity: sum(level.parts.map((part) => part.quantity)), parts: level.parts }));
}

function drawRow(row, level, widest, mine, tick, decimals) {
  row.level = level;
  const { element, cells, side } = row;
  element.classList.toggle("level", Boolean(level));
  setText(cells.price, level ? price(level.price, tick) : "");
  const size = cells[`${side}-size`];
  setText(size, level ? sized(level.quantity, decimals) : "");
  if (level) size.title = level.quantity;
  size.style.setProperty("--fill", level ? `${Math.ceil((100 * Number(level.quantity)) / widest)}%` : "0%");
  const held = level && mine.get(`${side} ${level.price}`);
  const place = cells[`${side}-mine`];
  const text = held ? quantity(held.quantity, 6) : "";
  if (place.textContent !== text) place.replaceChildren(held ? h("span", {}, text) : "");
  place.classList.toggle("own", Boolean(held));
  row.held = held?.orders ?? [];
}

function drawMiddle(tick) {
  const [strong, note] = middle.firstChild.children;
  setText(strong, last.value ? price(last.value.price, tick) : DASH);
  strong.className = { up: "buy", down: "sell" }[last.value?.direction] ?? "";
  const quote = bbo.value;
  const gap = quote?.bid && quote?.ask ? price(subtract(quote.ask[0], quote.bid[0]), tick) : DASH;
  setText(note, `spread ${gap}`);
}

function draw() {
  build();
  const each = rows.length / 2;
  const unit = step();
  const tick = instrument()?.tick;
  const mine = own(unit);
  const asks = levelsOf("ask", unit, each);
  const bids = levelsOf("bid", unit, each);
  const decimals = Math.min(5, scaleOf(plain(instrument()?.min_quantity ?? instrument()?.lot ?? "1")));
  const widest = Math.max(...[...asks, ...bids].map((level) => Number(level.quantity)), 1e-12);
  for (let index = 0; index < each; index++) {
    drawRow(rows[each - 1 - index], asks[index] ?? null, widest, mine, tick, decimals);
    drawRow(rows[each + index], bids[index] ?? null, widest, mine, tick, decimals);
  }
  drawMiddle(tick);
  if (focused === null) focusable(rows[each]);
}

/** One row at a time is reached with Tab. */
function focusable(row) {
  if (focused) focused.element.tabIndex = -1;
  focused = row;
  row.element.tabIndex = 0;
}

function move(count) {
  const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(focused) + count))];
  focusable(next);
  next.element.focus();
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = focused;
  const page = rows.length / 2;
  const moves = { ArrowUp: -1, ArrowDown: 1, PageUp: -5, PageDown: 5, Home: -rows.length, End: rows.length };
  if (event.key in moves) move(moves[event.key]);
  else if (event.key === "Enter" && row.level) take(row, null);
  else if ((event.key === "b" || event.key === "s") && row.level) take(row, event.key === "b" ? "buy" : "sell");
  else if (event.key === "Delete" && row.held?.length) cancelAt(row.held);
  else if (event.key === "." && page) move(page - rows.indexOf(focused));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(row, side) {
  fill({ price: row.level.price, side });
}

/** A click into the bids buys there, into the asks sells there; on the price it keeps the side. */
function click(event) {
  const row = rows.find((each) => each.element.contains(event.target));
  if (!row?.level) return;
  focusable(row);
  const column = [...row.element.children].indexOf(event.target.closest("td"));
  take(row, column < 2 ? "buy" : column > 2 ? "sell" : null);
}

function steps() {
  const tick = instrument()?.tick;
  const choice = $("#grouping");
  const kept = localStorage.getItem(`grouping ${symbol.value}`) ?? "1";
  choice.replaceChildren(...(tick ? STEPS : []).map((count) =>
    h("option", { value: String(count), selected: String(count) === kept }, plain(multiply(tick, String(count))))));
}

export function startLadder() {
  const place = $("#ladder");
  const redraw = frame(draw);
  place.addEventListener("click", click);
  place.addEventListener("keydown", keys);
  $("#grouping").addEventListener("change", (event) => {
    localStorage.setItem(`grouping ${symbol.value}`, event.target.value);
    redraw();
  });
  let shownTick = null;
  const follow = () => {
    const tick = `${symbol.value} ${instrument()?.tick}`;
    if (tick !== shownTick) steps();
    shownTick = tick;
    redraw();
  };
  symbol.watch(follow);
  for (const signal of [book, orders, last, bbo]) signal.watch(redraw, { now: false });
  instruments.watch(follow);
  new ResizeObserver(redraw).observe(place);
}

export const focusLadder = () => focused?.element.focus();
