// Candles and volume of an instrument. Numbers are floats here, for the eye alone.
import { missing } from "./absence.js";
import { get, segment } from "./api.js";
import { scaleOf, add, compare } from "./decimal.js";
import { $, h, setText, throttled } from "./dom.js";
import { library, dress, looks } from "./chart.js";
import { grouped, price, size } from "./format.js";
import { instrument, live, statistics, status, symbol, unlisted } from "./state.js";
import { onTrades } from "./tape.js";
import { colour } from "./theme.js";

const INTERVALS = { "1s": 1, "5s": 5, "15s": 15, "1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": 86400 };
const LIMIT = 500;
const AGAIN = 3000; // milliseconds until a history that was refused is asked for again

let interval = localStorage.getItem("interval") ?? "1m";
let candles = []; // oldest first: {time in seconds, open, high, low, close, volume} as text
let asked = 0;
let chart;
let bars;
let volumes;
let isFitted = false;
let isKnown = false; // whether the history has come

const seconds = (iso) => Math.floor(Date.parse(iso) / 1000);

function bar(candle) {
  const [open, high, low, close] = [candle.open, candle.high, candle.low, candle.close].map(Number);
  return { time: candle.time, open, high, low, close };
}

function volume(candle) {
  const rises = compare(candle.close, candle.open) >= 0;
  return { time: candle.time, value: Number(candle.volume), color: colour(rises ? "buy" : "sell", 0.35) };
}

function legend(candle) {
  const tick = instrument()?.tick;
  const text = candle
    ? `O ${price(candle.open, tick)}  H ${price(candle.high, tick)}  L ${price(candle.low, tick)}  C ${price(candle.close, tick)}  V ${size(candle.volume, instrument())}`
    : "";
  setText($("#candle-legend"), text);
  const last = candles.at(-1);
  $("#candles").setAttribute("aria-label", `Candles of ${symbol.value}, ${interval}: ${last ? `${candles.length} of them, last ${price(last.close, tick)}` : "no trades yet"}`);
}

function draw() {
  bars.setData(candles.map(bar));
  volumes.setData(candles.map(volume));
  legend(candles.at(-1));
  showEmpty();
}

function showEmpty() {
  $("#candles").classList.toggle("bare", candles.length === 0);
  $("#candles .empty").hidden = candles.length > 0;
  setText($("#candles .empty"), missing(statistics.value?.trades ? "Its trades are older than those that are kept." : "No trades yet.", isKnown, "Waiting for the history…"));
}

/** Trades as they come, put into the candle they belong to. */
function take(trades, isSnapshot) {
  if (isSnapshot) return;
  const length = INTERVALS[interval];
  const before = candles.length;
  for (const trade of trades) {
    const time = Math.floor(seconds(trade.time) / length) * length;
    const now = candles.at(-1);
    if (now && time < now.time) continue;
    const { price: at, quantity: size } = trade;
    if (!now || time > now.time) candles.push({ time, open: at, high: at, low: at, close: at, volume: size });
    else {
      now.close = at;
      now.volume = add(now.volume, size);
      if (compare(at, now.high) > 0) now.high = at;
      if (compare(at, now.low) < 0) now.low = at;
    }
  }
  dirty = dirty ?? Math.max(0, before - 1);
  redraw();
}

let dirty = null;
const redraw = throttled(() => {
  if (dirty === null) return;
  for (const candle of candles.slice(dirty)) {
    bars.update(bar(candle));
    volumes.update(volume(candle));
  }
  dirty = null;
  showEmpty();
  legend(candles.at(-1));
}, 250);

async function load() {
  const name = symbol.value;
  const ask = ++asked;
  const tick = instrument()?.tick;
  if (!name || !tick) return;
  bars.applyOptions({ priceFormat: { type: "custom", minMove: Number(tick), formatter: (value) => grouped(value.toFixed(scaleOf(tick))) } });
  try {
    const answer = await get(`/candles/${segment(name)}?interval=${interval}&limit=${LIMIT}`);
    if (ask !== asked) return;
    const list = (answer.candles ?? answer).map((each) => ({ ...each, time: seconds(each.time) }));
    candles = list.sort((a, b) => a.time - b.time);
    dirty = null;
    isKnown = true;
    draw();
    chart.timeScale().applyOptions({ secondsVisible: INTERVALS[interval] < 60 });
    isFitted = false;
    fit();
  } catch {
    if (ask === asked) setTimeout(() => ask === asked && load(), AGAIN);
  }
}

/** Show the newest candles, about 8 px each; where nothing is seen yet, when it is. */
function fit() {
  const width = $("#candles").clientWidth;
  if (isFitted || !width || !candles.length) return;
  isFitted = true;
  const shown = Math.max(30, Math.floor(width / 8));
  chart.timeScale().setVisibleLogicalRange({ from: candles.length - Math.min(shown, Math.max(candles.length, 30)), to: candles.length + 3 });
}

function choose(next) {
  interval = next;
  localStorage.setItem("interval", next);
  for (const button of $("#intervals").children) {
    button.setAttribute("aria-pressed", String(button.textContent === next));
  }
  load();
}

export function startCandles() {
  const place = $("#candles");
  place.append(h("p", { class: "empty", hidden: true }, "No trades yet."));
  chart = library.createChart(place, { ...looks(), autoSize: true });
  chart.applyOptions({
    timeScale: { timeVisible: true, rightOffset: 3, minBarSpacing: 1 },
    rightPriceScale: { scaleMargins: { top: 0.08, bottom: 0.22 } },
  });
  bars = chart.addSeries(library.CandlestickSeries, { borderVisible: false });
  volumes = chart.addSeries(library.HistogramSeries, { priceScaleId: "volume", priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false });
  volumes.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  chart.subscribeCrosshairMove((at) => {
    legend((at.time && candles.find((each) => each.time === at.time)) || candles.at(-1));
  });
  $("#intervals").append(...Object.keys(INTERVALS).map((each) => h("button", { type: "button", onclick: () => choose(each) }, each)));
  dress(chart, () => {
    const [up, down] = [colour("buy"), colour("sell")];
    bars.applyOptions({ upColor: up, wickUpColor: up, downColor: down, wickDownColor: down });
    volumes.setData(candles.map(volume));
  });
  onTrades(take);
  choose(interval in INTERVALS ? interval : "1m");
  symbol.watch(() => {
    candles = [];
    isKnown = false;
    draw();
    load();
  }, { now: false });
  live.watch((is) => is && load(), { now: false });
  unlisted.watch(showEmpty);
  status.watch(showEmpty);
  statistics.watch(showEmpty);
  addEventListener("viewchange", () => requestAnimationFrame(fit));
}
