// The panel of own orders, fills and positions, and the feed that fills it.
import { unknown } from "./absence.js";
import { compare, divide, multiply, plain, scaleOf, sum } from "./decimal.js";
import { $, h, throttled } from "./dom.js";
import { noteEnd, forgetEnds } from "./ended.js";
import { price, quantity, words } from "./format.js";
import { held, makePositions } from "./holdings.js";
import { cancelAll, remember } from "./order_actions.js";
import { makeFills, makeHistory } from "./past.js";
import { fills, hasOrders, instruments, mayTrade, me, orders, positions, status, symbol } from "./state.js";
import { makeTabs } from "./tabs.js";
import { toast } from "./toast.js";
import { makeWorking } from "./working.js";

const KEPT = 500;
let onlyThis = false;
const known = new Set(); // of which lists the first snapshot has come

const compared = (a, b) => (a < b ? 1 : a > b ? -1 : 0);
const newestFirst = (a, b) => compared(a.created_at ?? "", b.created_at ?? "") || compared(a.order_id.padStart(20), b.order_id.padStart(20));
const here = (item) => !onlyThis || item.symbol === symbol.value;

function takeOrders(message) {
  known.add("orders");
  const before = orders.value;
  if (message.type === "snapshot") orders.value = new Map();
  for (const order of message.orders) if (before.has(order.order_id)) noteEnd(before.get(order.order_id), order);
  remember(message.orders);
}

/** `none`, but of who has no orders, or as long as nothing is known, that. */
function nothing(list, none) {
  if (me.value && !hasOrders()) return `${me.value.user} does not trade.`;
  return known.has(list) ? none : unknown(`Waiting for the ${list}…`);
}

/** A fill is told once, in the corner; those of a snapshot are old. */
function takeFills(message) {
  known.add("fills");
  const keyOf = (fill) => `${fill.trade_id} ${fill.order_id}`;
  const told = new Map((message.type === "snapshot" ? [] : fills.value).map((fill) => [keyOf(fill), fill]));
  const fresh = new Map(); // order_id -> what it has just traded, told at once
  for (const fill of message.fills) {
    if (message.type !== "snapshot" && !told.has(keyOf(fill))) {
      fresh.set(fill.order_id, [...(fresh.get(fill.order_id) ?? []), fill]);
    } else if (fill.status !== "done" && told.get(keyOf(fill))?.status === "done") {
      toast(`${words(fill.status)}: trade ${fill.trade_id}, ${traded([fill])}`, "bad");
    }
    told.set(keyOf(fill), fill);
  }
  for (const together of fresh.values()) toast(traded(together), together[0].side === "buy" ? "good" : "sold");
  fills.set([...told.values()].sort((a, b) => compared(a.time, b.time)).slice(0, KEPT));
}

/** "Bought 60 AAPL at 100.00"; of several prices the mean. */
function traded(together) {
  const [{ side, symbol: name, price: first }] = together;
  const tick = instruments.value.get(name)?.tick ?? "0.01";
  const size = sum(together.map((fill) => fill.quantity));
  const what = `${side === "buy" ? "Bought" : "Sold"} ${quantity(size)} ${name} at`;
  if (together.every((fill) => compare(fill.price, first) === 0)) return `${what} ${price(first, tick)}`;
  const cost = sum(together.map((fill) => multiply(fill.price, fill.quantity)));
  return `${what} ${price(plain(divide(cost, size, scaleOf(tick) + 2)), tick)} on average`;
}

function takePositions(message) {
  known.add("positions");
  const keyOf = (each) => `${each.symbol} ${each.account ?? ""}`;
  const told = new Map((message.type === "snapshot" ? [] : positions.value).map((each) => [keyOf(each), each]));
  for (const each of message.positions) told.set(keyOf(each), each);
  positions.set([...told.values()]);
}

export function startBlotter(feed) {
  const panels = Object.fromEntries(["working", "history", "fills", "positions"].map((name) => [name, h("div", { class: "scroll" })]));
  const titles = { working: "Working", history: "History", fills: "Fills", positions: "Positions" };
  const draw = {
    working: makeWorking(panels.working, (none) => nothing("orders", none)),
    history: makeHistory(panels.history, () => nothing("orders", "No order has ended yet.")),
    fills: makeFills(panels.fills, () => nothing("fills", "No fills yet.")),
    positions: makePositions(panels.positions, () => nothing("positions", "No positions yet.")),
  };
  const all = h("button", { type: "button", class: "small danger", id: "cancel-all" }, "Cancel all");
  const only = h("input", { type: "checkbox" });
  let shown = "working";
  let tabs = null;
  const working = () => [...orders.value.values()].filter((order) => order.is_working && here(order)).sort(newestFirst);
  const lists = {
    working,
    history: () => [...orders.value.values()].filter((order) => !order.is_working && here(order)).sort(newestFirst).slice(0, KEPT),
    fills: () => fills.value.filter(here),
    positions: () => positions.value.filter(here),
  };
  const refresh = throttled(() => {
    if (!tabs) return;
    const now = working();
    draw[shown](shown === "working" ? now : lists[shown]());
    tabs.count("working", now.length);
    tabs.count("fills", fills.value.filter(here).length);
    tabs.count("positions", held(positions.value.filter(here)));
    all.hidden = !mayTrade() || !now.some((order) => order.is_own);
  }, 80);
  tabs = makeTabs("Orders, fills and positions", Object.keys(titles).map((name) => ({ name, title: titles[name], panel: panels[name] })), (name) => {
    shown = name;
    refresh();
  });
  all.addEventListener("click", () => cancelAll(onlyThis ? symbol.value : null, working().filter((order) => order.is_own).length));
  only.addEventListener("change", () => {
    onlyThis = only.checked;
    refresh();
  });
  $("#blotter").append(
    h("div", { class: "panel-head" }, tabs.list, h("div", { class: "tools" }, h("label", { class: "inline" }, only, "This symbol"), all)),
    ...Object.values(panels));
  for (const signal of [orders, fills, positions, instruments, symbol, status]) signal.watch(refresh, { now: false });
  follow(feed, refresh);
}

/** Own things belong to a user: another one, and all of it is another's. */
function follow(feed, refresh) {
  let leave = [];
  me.watch((who) => {
    for (const each of leave) each();
    leave = [];
    known.clear();
    forgetEnds();
    orders.set(new Map());
    fills.set([]);
    positions.set([]);
    refresh();
    if (!who?.session) return;
    leave = [feed.on("orders", null, takeOrders), feed.on("fills", null, takeFills), feed.on("positions", null, takePositions)];
  });
}
