// The depth chart: what could be bought or sold up to each price. Floats, for the eye alone.
import { missing } from "./absence.js";
import { library, dress, looks } from "./chart.js";
import { scaleOf } from "./decimal.js";
import { book } from "./depth_feed.js";
import { $, h, setText, throttled } from "./dom.js";
import { grouped, size } from "./format.js";
import { isCall } from "./phases.js";
import { instrument, instruments, status, symbol, unlisted } from "./state.js";
import { colour } from "./theme.js";

const POINTS = 180; // the chart spaces its points evenly, so the curve is read at even prices
const LEVELS = 120;
const LABEL = 84; // pixels that a price of the axis has to itself

/** [[price, sum up to it], ...] from the best price on. */
function running(levels) {
  let total = 0;
  return levels.slice(0, LEVELS).map((level) => [Number(level.price), (total += Number(level.quantity))]);
}

const upTo = (curve, reaches) => {
  let found = 0;
  for (const [price, total] of curve) {
    if (!reaches(price)) break;
    found = total;
  }
  return found;
};

/** How far from the middle to show: as far as the shorter side goes, and not much more of the other. */
function reach(bids, asks, middle) {
  const low = bids.length ? middle - bids.at(-1)[0] : 0;
  const high = asks.length ? asks.at(-1)[0] - middle : 0;
  const [short, long] = low < high ? [low, high] : [high, low];
  return short > 0 ? Math.min(long, short * 3) : long;
}

function curves() {
  const bids = running(book.value.bids.levels);
  const asks = running(book.value.asks.levels);
  if (!bids.length && !asks.length) return { bids: [], asks: [], low: 0, high: 0 };
  const best = [bids[0]?.[0] ?? asks[0][0], asks[0]?.[0] ?? bids[0][0]];
  const middle = (best[0] + best[1]) / 2;
  const tick = Number(instrument()?.tick ?? 1);
  const span = Math.max(reach(bids, asks, middle) * 1.04, tick * 5);
  digits = Math.max(0, Math.min(scaleOf(instrument()?.tick ?? "1"), Math.ceil(-Math.log10(span / 10))));
  const left = { bids: [], asks: [], low: middle - span, high: middle + span };
  for (let index = 0; index <= POINTS; index++) {
    const price = middle - span + (2 * span * index) / POINTS;
    const value = bids.length && price <= best[0] ? upTo(bids, (at) => at >= price) : null;
    const other = asks.length && price >= best[1] ? upTo(asks, (at) => at <= price) : null;
    left.bids.push(value === null ? { time: price } : { time: price, value });
    left.asks.push(other === null ? { time: price } : { time: price, value: other });
  }
  return left;
}

let digits = 2; // decimals of the prices below, as many as tell them apart
const written = (at) => grouped(at.toFixed(digits));

/** The axis of prices: as many as there is room for, from edge to edge. */
function drawAxis(axis, room, { low, high, bids }) {
  const count = bids.length ? Math.max(2, Math.min(5, Math.floor(room / LABEL))) : 0;
  const prices = Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));
  while (axis.children.length < count) axis.append(h("span"));
  while (axis.children.length > count) axis.lastChild.remove();
  prices.forEach((at, index) => setText(axis.children[index], written(at)));
  axis.style.width = `${room}px`;
}

function sayNothing(place, isEmpty) {
  const text = $(".empty", place);
  place.classList.toggle("bare", isEmpty);
  text.hidden = !isEmpty;
  const now = instrument();
  if (isEmpty) setText(text, now && isCall(now) ? "Not shown in a call." : missing("No orders yet.", book.value.sequence !== null, "Waiting for the book…"));
}

export function startDepthChart() {
  const place = $("#depth");
  const chart = library.createOptionsChart(place, { ...looks(), autoSize: true, handleScroll: false, handleScale: false });
  const common = { lineWidth: 2, lineType: library.LineType.WithSteps, priceLineVisible: false, lastValueVisible: false, priceFormat: { type: "volume" } };
  const bids = chart.addSeries(library.AreaSeries, common);
  const asks = chart.addSeries(library.AreaSeries, common);
  chart.applyOptions({
    rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0 } }, grid: { vertLines: { visible: false } },
    timeScale: { fixLeftEdge: true, fixRightEdge: true, minBarSpacing: 0.1, visible: false },
  });
  const axis = h("div", { class: "axis", "aria-hidden": "true" });
  place.after(axis);
  place.append(h("p", { class: "empty", hidden: true }));
  let pointed = null; // what is under the pointer, in words
  const draw = () => {
    if (!place.clientWidth || document.hidden) return;
    const both = curves();
    bids.setData(both.bids);
    asks.setData(both.asks);
    if (both.bids.length) chart.timeScale().fitContent();
    drawAxis(axis, Math.max(0, place.clientWidth - chart.priceScale("right").width()), both);
    sayNothing(place, !both.bids.length);
    const amount = [book.value.bids.levels, book.value.asks.levels].map((levels) => levels.length);
    place.setAttribute("aria-label", `Depth chart of ${symbol.value}: ${amount[0]} bid prices, ${amount[1]} ask prices`);
    setText($("#depth-legend"), both.bids.length ? (pointed ?? `${amount[0]} bids · ${amount[1]} asks`) : "");
  };
  const redraw = throttled(draw, 200);
  chart.subscribeCrosshairMove((at) => {
    const amount = at.seriesData.get(bids)?.value ?? at.seriesData.get(asks)?.value;
    pointed = amount === undefined ? null : `${size(String(amount), instrument())} up to ${written(at.time)}`;
    redraw();
  });
  dress(chart, () => {
    for (const [series, name] of [[bids, "buy"], [asks, "sell"]]) {
      series.applyOptions({ lineColor: colour(name), topColor: colour(name, 0.3), bottomColor: colour(name, 0.06) });
    }
  });
  book.watch(redraw);
  for (const signal of [symbol, instruments, status, unlisted]) signal.watch(redraw);
  addEventListener("viewchange", redraw);
}
