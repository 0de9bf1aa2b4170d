// The page: everything is started once, and lives on what the feed tells.
import { startBanner } from "./banner.js";
import { startBlotter } from "./blotter.js";
import { startCandles } from "./candles.js";
import { startDepthChart } from "./depth.js";
import { startDepth } from "./depth_feed.js";
import { $, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { startKeys } from "./keys.js";
import { startLadder } from "./ladder.js";
import { startLogin, whoAmI } from "./login.js";
import { startOperator } from "./operator/main.js";
import { live, me } from "./state.js";
import { startStrip } from "./strip.js";
import { startSymbols } from "./symbols.js";
import { startTape } from "./tape.js";
import { startTheme } from "./theme.js";
import { startTicket } from "./ticket.js";
import { startViews } from "./views.js";

const feed = new Feed();

startTheme();
startViews();
startLogin();
startBanner(feed);
startSymbols(feed);
startDepth(feed);
startTape(feed);
startStrip(feed);
startLadder();
startDepthChart();
startCandles();
startTicket();
startBlotter(feed);
startOperator(feed);
startKeys();

setInterval(() => setText($("#clock"), `${new Date().toISOString().slice(11, 19)} UTC`), 500);

let user = null;
me.watch((who) => {
  if (who && who.user !== user) feed.connect();
  user = who?.user ?? null;
});
// After an interruption the login may be another, or none; the web may have been restarted.
live.watch((is) => is && user && whoAmI(), { now: false });
feed.state.watch((state) => {
  if (state === "closed" && [1008, 4001].includes(feed.closed?.code)) whoAmI();
});

const retry = setInterval(() => (me.value || document.querySelector("#login") ? clearInterval(retry) : whoAmI()), 2000);
whoAmI();
