// The line above the charts: last price, best bid and offer, the day.
import { compare, subtract, rounded, multiply, parse, sign } from "./decimal.js";
import { $, frame, h, setText } from "./dom.js";
import { DASH, grouped, near, price, quantity, tone, words } from "./format.js";
import { auction, bbo, instrument, last, symbol } from "./state.js";

const FIGURES = [
  ["last", "Last", "lead"], ["change", "Change", ""], ["bid", "Bid", "quote"], ["ask", "Ask", "quote"], ["spread", "Spread", "spread"],
  ["indicative", "Auction price", "call"], ["volume-in-auction", "Auction volume", "call"], ["imbalance", "Imbalance", "call"],
  ["high", "High", ""], ["low", "Low", ""], ["open", "Open", ""], ["volume", "Volume", ""], ["turnover", "Turnover", ""], ["trades", "Trades", ""],
  ["vwap", "VWAP", ""], ["twap", "TWAP", ""], ["volatility", "Volatility", ""],
];

const places = new Map();
let statistics = null;

function put(name, text, kind = "", note = "") {
  const place = places.get(name);
  setText(place.firstChild, text);
  setText(place.lastChild, note ? ` ${note}` : "");
  place.className = kind;
}

/** Where one is, a percent change with two decimals: 100 * (now - before) / before. */
function change(now, before) {
  if (!now || !before || sign(before) === 0) return null;
  const difference = subtract(now, before);
  const over = parse(multiply(difference, "1000000"));
  const under = parse(before);
  const scale = Math.max(over.scale, under.scale);
  const raise = (value) => value.units * 10n ** BigInt(scale - value.scale);
  const percent = (raise(over) / raise(under)).toString();
  return { difference, percent: rounded(multiply(percent, "0.0001"), 2) };
}

function volatility() {
  const [window, value] = Object.entries(statistics?.volatility ?? {}).sort((a, b) => a[0] - b[0])[0] ?? [];
  return value ? [`${rounded(multiply(value, "100"), 2)}%`, `${window / 60} min`] : [DASH, ""];
}

/** In a call nobody is shown the book; the auction it leads to takes its place. */
function drawAuction(tick) {
  const call = auction.value;
  for (const name of ["bid", "ask", "spread"]) places.get(name).parentNode.hidden = Boolean(call);
  for (const name of ["indicative", "volume-in-auction", "imbalance"]) places.get(name).parentNode.hidden = !call;
  if (!call) return;
  put("indicative", price(call.price, tick), "", words(call.phase).toLowerCase());
  put("volume-in-auction", quantity(call.quantity, 9));
  const side = { buy: "to buy", sell: "to sell" }[call.imbalance_side] ?? "";
  put("imbalance", quantity(call.imbalance, 9), call.imbalance_side ?? "", side);
}

function draw() {
  const tick = instrument()?.tick;
  const quote = bbo.value;
  const now = last.value?.price ?? statistics?.last;
  const moved = change(now, statistics?.prior_close ?? statistics?.open);
  put("last", price(now, tick), last.value?.direction === "up" ? "buy" : last.value?.direction === "down" ? "sell" : "");
  put("change", moved ? signedPrice(moved.difference, tick) : DASH, tone(moved?.difference), moved ? `${compare(moved.percent, "0") > 0 ? "+" : ""}${moved.percent}%` : "");
  for (const [name, level] of [["bid", quote?.bid], ["ask", quote?.ask]]) {
    put(name, level ? price(level[0], tick) : DASH, name === "bid" ? "buy" : "sell", level ? `× ${quantity(level[1], 7)}` : "");
  }
  const gap = quote?.bid && quote?.ask ? price(subtract(quote.ask[0], quote.bid[0]), tick) : DASH;
  drawAuction(tick);
  put("spread", gap, "", statistics?.spread ? `avg ${near(statistics.spread, tick)}` : "");
  for (const name of ["high", "low", "open"]) put(name, price(statistics?.[name], tick));
  put("volume", quantity(statistics?.volume, 9));
  put("turnover", statistics?.turnover ? quantity(rounded(statistics.turnover, 2), 8) : DASH, "", instrument()?.currency ?? "");
  put("trades", statistics ? grouped(String(statistics.trades)) : DASH);
  for (const name of ["vwap", "twap"]) put(name, near(statistics?.[name], tick));
  const [value, window] = volatility();
  put("volatility", value, "", window);
}

const signedPrice = (text, tick) => (compare(text, "0") > 0 ? "+" : "") + price(text, tick);

export function startStrip(feed) {
  const list = h("dl", {});
  for (const [name, title, kind] of FIGURES) {
    const place = h("dd", { id: `figure-${name}` }, h("span"), h("small"));
    places.set(name, place);
    list.append(h("div", { class: `figure ${kind}` }, h("dt", {}, title), place));
  }
  $("#strip").append(list);
  const redraw = frame(draw);
  let leave = [];
  symbol.watch((name) => {
    for (const each of leave) each();
    statistics = null;
    bbo.set(null);
    auction.set(null);
    if (!name) return;
    leave = [
      feed.on("bbo", name, (message) => bbo.set(message)),
      feed.on("auction", name, (message) => auction.set(message.auction)),
      feed.on("statistics", name, (message) => {
        statistics = message;
        redraw();
      }),
    ];
  });
  bbo.watch(redraw);
  auction.watch(redraw);
  last.watch(redraw);
}
