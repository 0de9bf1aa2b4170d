// Which view and, on a phone, which panel is shown; both are in the address.
import { $, h } from "./dom.js";
import { instruments, me, symbol, unlisted } from "./state.js";

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
  location.hash = next === "operator" ? "operator" : `trade/${encodeURIComponent(symbol.value ?? unlisted.value ?? "")}`;
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
  unlisted.set(null);
  symbol.set(name);
  if (address().view === "trade") history.replaceState(null, "", `#trade/${encodeURIComponent(name)}`);
}

/** Choose the instrument to begin with: the address's and no other, else the last one, the first one. */
export function settle() {
  const known = instruments.value;
  const { name } = address();
  const wanted = [name, localStorage.getItem("symbol")].find((each) => known.has(each));
  if (!name || known.has(name)) return choose(wanted ?? known.keys().next().value ?? null);
  symbol.set(null);
  unlisted.set(name);
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
    if (name && name !== symbol.value && instruments.value.size) settle();
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
