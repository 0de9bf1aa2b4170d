// What both charts share: the library, the theme's colours, the size.
import { colour, theme } from "./theme.js";
import * as library from "../vendor/lightweight-charts/lightweight-charts.standalone.production.mjs";

export { library };

export const FONT = '"Inter", "Segoe UI", system-ui, "Liberation Sans", Arial, sans-serif';

/** The options of a chart in the colours of now. */
export function looks() {
  const line = colour("line", 0.6);
  return {
    layout: {
      background: { type: "solid", color: "transparent" }, textColor: colour("muted"), fontSize: 11, fontFamily: FONT,
      attributionLogo: false, // its style element is nothing the page's policy allows; the help names the maker
    },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: colour("line") },
    timeScale: { borderColor: colour("line") },
    crosshair: { mode: 0, vertLine: { labelBackgroundColor: colour("accent-fill") }, horzLine: { labelBackgroundColor: colour("accent-fill") } },
  };
}

/** Keep the chart in the theme's colours. */
export function dress(chart, more) {
  theme.watch(() => {
    chart.applyOptions(looks());
    more();
  });
}
