// Every trade of the instrument, newest first; tells the others of the last one.
import { missing } from "./absence.js";
import { compare } from "./decimal.js";
import { $, frame, h, setText } from "./dom.js";
import { clock, price, quantity, size } from "./format.js";
import { instrument, last, statistics, status, symbol, unlisted } from "./state.js";

const KEPT = 120;
const listeners = new Set();
let trades = []; // newest first
let isKnown = false; // whether the past ones have come

/** Be told of (trades, isSnapshot), oldest first. */
export function onTrades(listener) {
  listeners.add(listener);
}

const said = { buy: "Buyer came", sell: "Seller came" };

function row(trade) {
  const side = trade.aggressor_side ?? "";
  return h("tr", { "data-id": trade.trade_id, title: said[side] ?? "Auction" },
    h("td", { class: "muted" }, clock(trade.time)),
    h("td", { class: side }, `${side === "sell" ? "▼" : side === "buy" ? "▲" : "◆"} ${price(trade.price, instrument()?.tick)}`),
    h("td", { title: quantity(trade.quantity) }, size(trade.quantity, instrument())));
}

function direction(trade, before) {
  const moved = before ? compare(trade.price, before.price) : 0;
  return moved > 0 ? "up" : moved < 0 ? "down" : (before?.direction ?? "");
}

export function startTape(feed) {
  const place = $("#tape");
  const body = h("tbody");
  const heads = ["Time", "Price", "Quantity"].map((text) => h("th", { scope: "col" }, text));
  place.append(h("table", { class: "tape" }, h("thead", {}, h("tr", {}, heads)), body));
  const empty = h("p", { class: "empty" }, "No trades yet.");
  let drawn = [];
  const draw = frame(() => {
    const known = new Set(drawn);
    const fresh = trades.filter((trade) => !known.has(trade));
    if (fresh.length === trades.length) body.replaceChildren(...trades.map(row));
    else {
      body.prepend(...fresh.map(row));
      while (body.children.length > trades.length) body.lastChild.remove();
    }
    drawn = [...trades];
    setText(empty, missing(statistics.value?.trades ? "Its trades are older than those that are kept." : "No trades yet.", isKnown, "Waiting for the trades…"));
    if (trades.length) empty.remove();
    else place.append(empty);
  });
  const take = (message) => {
    if (message.type === "snapshot") {
      trades = [];
      isKnown = true;
    }
    const ids = new Set(trades.map((trade) => trade.trade_id));
    const fresh = message.trades.filter((trade) => !ids.has(trade.trade_id));
    trades = [...fresh.toReversed(), ...trades].slice(0, KEPT);
    let before = message.type === "snapshot" ? null : last.value;
    for (const trade of fresh) before = { ...trade, direction: direction(trade, before) };
    if (fresh.length || message.type === "snapshot") last.set(before);
    for (const listener of listeners) listener(fresh, message.type === "snapshot");
    draw();
  };
  let leave = () => {};
  symbol.watch((name) => {
    leave();
    trades = [];
    drawn = [];
    isKnown = false;
    last.set(null);
    draw();
    if (name) leave = feed.on("trades", name, take);
  });
  unlisted.watch(draw);
  status.watch(draw);
  statistics.watch(draw);
}
