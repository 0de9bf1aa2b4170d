// Which view and, on a phone, which panel is shown; both are in the address.
import { $, h } from "./dom.js";
import { instruments, me, symbol } from "./state.js";

const TABS = { book: "Ladder", chart: "Chart", ticket: "Order", orders: "Orders", tape: "Trades" };

/** The parts of "#trade/BTC-USD". */
function address() {
  const [view, name] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { view: view === "operator" ? "operator" : "trade", name };
}

export const view = () => document.body.dataset.view;

export function show(next) {
  document.body.dataset.view = next;
  for (const link of document.querySelectorAll("[data-view-link]")) {
    if (link.dataset.viewLink === next) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  dispatchEvent(new Event("viewchange"));
}

export function go(next) {
  location.hash = next === "operator" ? "operator" : `trade/${encodeURIComponent(symbol.value ?? "")}`;
}

export function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of $("#tabs").children) {
    if (button.dataset.tab === tab) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  dispatchEvent(new Event("viewchange"));
}

/** Choose an instrument, here and for the next visit. */
export function choose(name) {
  if (!instruments.value.has(name)) return;
  localStorage.setItem("symbol", name);
  symbol.set(name);
  if (address().view === "trade") history.replaceState(null, "", `#trade/${encodeURIComponent(name)}`);
}

/** The instrument to begin with: the address's, the last one, the first one. */
export function firstSymbol() {
  const known = instruments.value;
  const wanted = [address().name, localStorage.getItem("symbol")].find((name) => known.has(name));
  return wanted ?? known.keys().next().value ?? null;
}

export function startViews() {
  $("#tabs").append(
    ...Object.entries(TABS).map(([tab, text]) =>
      h("button", { type: "button", "data-tab": tab, onclick: () => { go("trade"); showTab(tab); } }, text)),
    h("button", { type: "button", id: "operator-tab", onclick: () => go("operator") }, "FIX"),
  );
  showTab("book");
  const follow = () => {
    const { view: next, name } = address();
    show(next);
    if (name && name !== symbol.value) choose(name);
  };
  addEventListener("hashchange", follow);
  follow();
  me.watch((who) => {
    const operates = Boolean(who?.roles.includes("operate"));
    document.body.toggleAttribute("data-operator", operates);
    $("#operator-link").textContent = operates ? "Operator" : "FIX log";
    $("#operator-tab").textContent = operates ? "Operate" : "FIX";
  });
}
