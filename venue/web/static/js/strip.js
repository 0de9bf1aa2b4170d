// The line above the charts: last price, best bid and offer, the day.
import { compare, subtract, rounded, multiply, parse, sign } from "./decimal.js";
import { $, frame, h, setText } from "./dom.js";
import { DASH, grouped, near, price, quantity, size, tone, words } from "./format.js";
import { auction, bbo, instrument, instruments, last, lastPrice, statistics, symbol } from "./state.js";

const FIGURES = [
  ["last", "Last", "lead"], ["change", "Change", "moved"], ["bid", "Bid", "quote"], ["ask", "Ask", "quote"], ["spread", "Spread", "spread"],
  ["indicative", "Auction price", "call"], ["volume-in-auction", "Auction volume", "call"], ["imbalance", "Imbalance", "call"],
  ["high", "High", ""], ["low", "Low", ""], ["open", "Open", ""], ["volume", "Volume", ""], ["turnover", "Turnover", ""], ["trades", "Trades", ""],
  ["vwap", "VWAP", ""], ["twap", "TWAP", ""], ["volatility", "Volatility", ""],
];

const places = new Map();

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
  const [window, value] = Object.entries(statistics.value?.volatility ?? {}).sort((a, b) => a[0] - b[0])[0] ?? [];
  return value ? [`${rounded(multiply(value, "100"), 2)}%`, `${window / 60} min`] : [DASH, ""];
}

/** In a call nobody is shown the book; the auction it leads to takes its place. */
function drawAuction(tick) {
  const call = auction.value;
  for (const name of ["bid", "ask", "spread"]) places.get(name).parentNode.hidden = Boolean(call);
  for (const name of ["indicative", "volume-in-auction", "imbalance"]) places.get(name).parentNode.hidden = !call;
  if (!call) return;
  put("indicative", price(call.price, tick), "", words(call.phase).toLowerCase());
  put("volume-in-auction", size(call.quantity, instrument()));
  const side = { buy: "to buy", sell: "to sell" }[call.imbalance_side] ?? "";
  put("imbalance", size(call.imbalance, instrument()), call.imbalance_side ?? "", side);
}

/** What stands where there was no trade yet, as the arguments of `put`. */
function beforeTrades(tick) {
  const before = statistics.value?.prior_close;
  if (before) return [price(before, tick), "muted", "close before"];
  const reference = instrument()?.reference_price;
  return reference ? [price(reference, tick), "muted", "reference"] : [DASH];
}

function draw() {
  const tick = instrument()?.tick;
  const quote = bbo.value;
  const now = lastPrice();
  const day = statistics.value;
  const moved = change(now, day?.prior_close ?? day?.open);
  if (now) put("last", price(now, tick), { up: "buy", down: "sell" }[last.value?.direction] ?? "");
  else put("last", ...beforeTrades(tick));
  put("change", moved ? signedPrice(moved.difference, tick) : DASH, tone(moved?.difference), moved ? `${compare(moved.percent, "0") > 0 ? "+" : ""}${moved.percent}%` : "");
  for (const [name, level] of [["bid", quote?.bid], ["ask", quote?.ask]]) {
    put(name, level ? price(level[0], tick) : DASH, name === "bid" ? "buy" : "sell", level ? `× ${size(level[1], instrument())}` : "");
  }
  const gap = quote?.bid && quote?.ask ? price(subtract(quote.ask[0], quote.bid[0]), tick) : DASH;
  drawAuction(tick);
  put("spread", gap, "", day?.spread ? `avg ${near(day.spread, tick)}` : "");
  for (const name of ["high", "low", "open"]) put(name, price(day?.[name], tick));
  put("volume", size(day?.volume, instrument()));
  put("turnover", day?.turnover ? quantity(rounded(day.turnover, 2), 8) : DASH, "", instrument()?.currency ?? "");
  put("trades", day ? grouped(String(day.trades)) : DASH);
  for (const name of ["vwap", "twap"]) put(name, near(day?.[name], tick));
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
    statistics.set(null);
    bbo.set(null);
    auction.set(null);
    if (!name) return;
    leave = [
      feed.on("bbo", name, (message) => bbo.set(message)),
      feed.on("auction", name, (message) => auction.set(message.auction)),
      feed.on("statistics", name, (message) => statistics.set(message)),
    ];
  });
  bbo.watch(redraw);
  auction.watch(redraw);
  last.watch(redraw);
  instruments.watch(redraw);
  statistics.watch(redraw);
}
