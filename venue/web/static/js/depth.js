// The depth chart: what could be bought or sold up to each price. Floats, for the eye alone.
import { library, dress, looks } from "./chart.js";
import { scaleOf } from "./decimal.js";
import { book } from "./depth_feed.js";
import { $, setText, throttled } from "./dom.js";
import { instrument, symbol } from "./state.js";
import { colour } from "./theme.js";

const POINTS = 180; // the chart spaces its points evenly, so the curve is read at even prices
const LEVELS = 120;

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
  if (!bids.length && !asks.length) return { bids: [], asks: [] };
  const best = [bids[0]?.[0] ?? asks[0][0], asks[0]?.[0] ?? bids[0][0]];
  const middle = (best[0] + best[1]) / 2;
  const tick = Number(instrument()?.tick ?? 1);
  const span = Math.max(reach(bids, asks, middle) * 1.04, tick * 5);
  digits = Math.max(0, Math.min(scaleOf(instrument()?.tick ?? "1"), Math.ceil(-Math.log10(span / 10))));
  const left = { bids: [], asks: [] };
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
let written = null;

export function startDepthChart() {
  const place = $("#depth");
  const chart = library.createOptionsChart(place, { ...looks(), autoSize: true, handleScroll: false, handleScale: false });
  const common = { lineWidth: 2, lineType: library.LineType.WithSteps, priceLineVisible: false, lastValueVisible: false, priceFormat: { type: "volume" } };
  const bids = chart.addSeries(library.AreaSeries, common);
  const asks = chart.addSeries(library.AreaSeries, common);
  chart.applyOptions({ rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0 } }, timeScale: { fixLeftEdge: true, fixRightEdge: true, minBarSpacing: 0.1 } });
  const draw = () => {
    if (!place.clientWidth || document.hidden) return;
    const both = curves();
    bids.setData(both.bids);
    asks.setData(both.asks);
    if (digits !== written) chart.applyOptions({ localization: { precision: digits } });
    written = digits;
    if (both.bids.length) chart.timeScale().fitContent();
    const amount = [book.value.bids.levels, book.value.asks.levels].map((levels) => levels.length);
    place.setAttribute("aria-label", `Depth chart of ${symbol.value}: ${amount[0]} bid prices, ${amount[1]} ask prices`);
    setText($("#depth-legend"), both.bids.length ? `${amount[0]} bids · ${amount[1]} asks` : "");
  };
  const redraw = throttled(draw, 200);
  dress(chart, () => {
    for (const [series, name] of [[bids, "buy"], [asks, "sell"]]) {
      series.applyOptions({ lineColor: colour(name), topColor: colour(name, 0.3), bottomColor: colour(name, 0.06) });
    }
  });
  book.watch(redraw);
  symbol.watch(redraw);
  addEventListener("viewchange", redraw);
}
