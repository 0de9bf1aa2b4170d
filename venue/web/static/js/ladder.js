// The depth ladder: asks above, bids below, own orders beside them, what waits at its trigger. A price
// fills the ticket.
import { missing } from "./absence.js";
import { compare, multiply, plain, subtract, sum } from "./decimal.js";
import { book } from "./depth_feed.js";
import { $, frame, h, setText } from "./dom.js";
import { DASH, price, quantity, size as sizeOf, words } from "./format.js";
import { stepped, write as writeUnits } from "./ladder_levels.js";
import { ownRows, standing, waitsFor } from "./ladder_own.js";
import { cancelAt } from "./order_actions.js";
import { isCall } from "./phases.js";
import { auction, bbo, instrument, instruments, last, lastPrice, mayTrade, orders, statistics, status, symbol, unlisted } from "./state.js";
import { fill } from "./ticket.js";

const STEPS = [1, 5, 10, 50, 100, 500, 1000, 5000, 10000];
const TOLD = 5; // orders that wait at one price, in words
const HEADS = [["bid-mine mine", "Mine"], ["bid-size", "Bid"], ["price", "Price"], ["ask-size", "Ask"], ["ask-mine mine", "Mine"]];

let rows = []; // from the top: {element, cells, side, level}
let middle = null;
let empty = null; // what is said where there is no row
let focused = null;
let told = 0; // how often the orders have changed
let mine = null; // what `own` said last

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
  empty = h("p", { class: "empty", hidden: true });
  place.replaceChildren(h("table", { role: "grid", "aria-label": "Depth ladder" }, h("thead", { role: "rowgroup" }, head), body), empty);
}

/** The own orders of this instrument, by the rows they belong to; what it was while nothing moves them. */
function own(unit) {
  const { bids, asks } = book.value;
  const known = [told, unit, symbol.value, bids.levels[0]?.price, asks.levels[0]?.price, last.value?.price].join(" ");
  if (mine?.known === known) return mine;
  const list = [...orders.value.values()].filter((order) => order.is_working && order.symbol === symbol.value);
  return { known, ...ownRows(list, unit, bids.levels, asks.levels, last.value?.price) };
}

/** The best rows of a half: levels of the book, and prices at which only own orders are (quantity null). */
function levelsOf(half, unit, count) {
  const isAsk = half === "ask";
  const found = stepped(isAsk ? book.value.asks.levels : book.value.bids.levels, unit, isAsk, count)
    .map((level) => ({ price: writeUnits(level), quantity: sum(level.parts.map((part) => part.quantity)), orders: level.parts.reduce((count, part) => count + (part.orders ?? 0), 0) }));
  const known = new Set(found.map((level) => level.price));
  const away = (a, b) => (isAsk ? 1 : -1) * compare(a.price, b.price);
  const worst = found.length === count ? found.at(-1) : null;
  const others = [];
  for (const row of mine[half]) {
    if (others.length === count || (worst && away(row, worst) > 0)) break;
    if (!known.has(row.price)) others.push({ price: row.price, quantity: null });
  }
  return others.length ? [...found, ...others].sort(away).slice(0, count) : found;
}

/** One side of mine at a price: what works, and behind a mark what waits. */
function drawMine(place, held, side, tick) {
  const amounts = held ? [...held[side]] : [];
  const waits = amounts.some(([mark]) => mark);
  const signature = [...amounts.flat(), ...(waits ? held.orders.map((order) => order.order_id + order.trigger_price) : [])].join(" ");
  if (place.dataset.shown === signature) return;
  place.dataset.shown = signature;
  place.classList.toggle("own", amounts.length > 0);
  place.replaceChildren(...amounts.map(([mark, amount]) => {
    const text = quantity(amount, amounts.length > 1 ? 4 : 6);
    if (!mark) return h("span", {}, text);
    const waiting = held.orders.filter((order) => standing(order).mark === mark && (order.side === "buy") === (side === "buy"));
    const rest = waiting.length > TOLD ? [`and ${waiting.length - TOLD} more`] : [];
    const said = [...waiting.slice(0, TOLD).map((order) => waitsFor(order, tick)), ...rest].join("; ");
    return h("span", { class: "waits", title: said }, h("b", { "aria-hidden": "true" }, mark), h("i", { "aria-hidden": "true" }, text), h("span", { class: "sr" }, said));
  }));
}

function drawRow(row, level, widest, tick) {
  const { element, cells, side } = row;
  const isBook = Boolean(level?.quantity);
  row.level = level;
  element.classList.toggle("level", isBook);
  element.classList.toggle("only-mine", Boolean(level) && !isBook);
  setText(cells.price, level ? price(level.price, tick) : "");
  const size = cells[`${side}-size`];
  setText(size, isBook ? sizeOf(level.quantity, instrument()) : "");
  size.title = isBook ? `${level.quantity} ${level.orders ? `in ${level.orders} ${level.orders === 1 ? "order" : "orders"}` : ""}`.trim() : "";
  size.style.setProperty("--fill", isBook ? `${Math.ceil((100 * Number(level.quantity)) / widest)}%` : "0%");
  const held = level ? mine.rows.get(`${side} ${level.price}`) : undefined;
  drawMine(cells["bid-mine"], held, "buy", tick);
  drawMine(cells["ask-mine"], held, "sell", tick);
  row.held = held?.orders ?? [];
}

/** How many own orders stand farther away than there is room for. */
function drawFarther() {
  const count = { ask: 0, bid: 0 };
  for (const { half, orders: list } of mine.rows.values()) count[half] += list.length;
  for (const { side, held } of rows) count[side] -= held.length;
  const said = [count.ask && `${count.ask} above`, count.bid && `${count.bid} below`].filter(Boolean).join(", ");
  setText($("#ladder-farther"), said && `Mine: ${said}`);
}

function drawMiddle(tick) {
  const [strong, note] = middle.firstChild.children;
  const call = auction.value;
  middle.classList.toggle("call", Boolean(call));
  if (call) {
    strong.className = "";
    setText(strong, call.price === null ? words(call.phase) : price(call.price, tick));
    const untold = call.phase === "pre_open" ? "its price is told in the auction's call" : "nothing would trade yet";
    setText(note, call.price === null ? untold : `× ${sizeOf(call.quantity, instrument())} in the auction`);
    return;
  }
  const reference = instrument()?.reference_price;
  setText(strong, price(lastPrice() ?? reference, tick));
  strong.className = { up: "buy", down: "sell" }[last.value?.direction] ?? "";
  const quote = bbo.value;
  const gap = quote?.bid && quote?.ask ? price(subtract(quote.ask[0], quote.bid[0]), tick) : DASH;
  setText(note, lastPrice() || !reference ? `spread ${gap}` : gap === DASH ? "reference price" : `reference price, spread ${gap}`);
}

/** What to say of a ladder without a row: where prices may be, if nobody has said one yet. */
function drawEmpty() {
  empty.hidden = rows.some((row) => row.level);
  if (empty.hidden) return;
  const now = instrument();
  if (now && isCall(now)) return setText(empty, "In the call of an auction nobody is shown the book.");
  const far = now?.collar_percent ? `; a limit farther than ${plain(now.collar_percent)}% from it is refused` : "";
  const about = now?.reference_price ? ` Prices are about ${price(now.reference_price, now.tick)}, the reference price${far}.` : "";
  setText(empty, missing(lastPrice() ? "No orders." : `No orders yet.${about}`, book.value.sequence !== null, "Waiting for the book…"));
}

function draw() {
  build();
  const each = rows.length / 2;
  const unit = step();
  const tick = instrument()?.tick;
  mine = own(unit);
  const asks = levelsOf("ask", unit, each);
  const bids = levelsOf("bid", unit, each);
  const widest = Math.max(...[...asks, ...bids].map((level) => Number(level.quantity ?? 0)), 1e-12);
  for (let index = 0; index < each; index++) {
    drawRow(rows[each - 1 - index], asks[index] ?? null, widest, tick);
    drawRow(rows[each + index], bids[index] ?? null, widest, tick);
  }
  drawMiddle(tick);
  drawFarther();
  drawEmpty();
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
  else if (event.key === "Delete" && row.held?.length && mayTrade()) cancelAt(row.held);
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
  orders.watch(() => { told += 1; });
  for (const signal of [book, orders, last, bbo, auction, statistics, status, unlisted]) signal.watch(redraw, { now: false });
  instruments.watch(follow);
  new ResizeObserver(redraw).observe(place);
}

export const focusLadder = () => focused?.element.focus();
