// The keys of the whole screen, and the list of them.
import { open } from "./dialog.js";
import { $, h } from "./dom.js";
import { focusLadder } from "./ladder.js";
import { openLogin } from "./login.js";
import { mayTrade } from "./state.js";
import { neighbour, openSymbols } from "./symbols.js";
import { toggleTheme } from "./theme.js";
import { openTicket } from "./ticket.js";
import { go, showTab, view } from "./views.js";

const trade = (work) => () => {
  if (view() !== "trade") go("trade");
  work();
};

const order = (side) => trade(() => (mayTrade() ? openTicket(side) : openLogin()));

const KEYS = [
  ["b", "Buy: the ticket, ready for a quantity", order("buy")],
  ["s", "Sell", order("sell")],
  ["/", "Choose an instrument", openSymbols],
  ["[", "The instrument before", () => neighbour(-1)],
  ["]", "The instrument after", () => neighbour(1)],
  ["l", "To the ladder", trade(() => { showTab("book"); focusLadder(); })],
  ["w", "To the working orders", trade(() => { showTab("orders"); $("#tab-working").click(); ($("#panel-working tbody tr") ?? $("#tab-working")).focus(); })],
  ["1", "The trading screen", () => go("trade")],
  ["2", "The FIX log; an operator's screen", () => go("operator")],
  ["t", "The other theme", toggleTheme],
  ["?", "These keys", () => openHelp()],
];
const ELSEWHERE = [
  ["Enter", "In the ticket: send. In the ladder: its price into the ticket. On a working order: amend"],
  ["↑ ↓", "In the ladder and the orders: move. In a price or quantity: a step, with Shift ten"],
  ["b s", "On a price of the ladder: buy or sell there"],
  ["Del", "On a working order or an own price of the ladder: cancel"],
  [".", "In the ladder: to the best bid"],
  ["Esc", "Leave a field, an amendment or a dialog"],
];

export function openHelp() {
  if ($("#help")) return;
  const lines = [...KEYS.map(([key, text]) => [key, text]), ...ELSEWHERE];
  const close = h("button", { type: "button", class: "primary", onclick: () => dialog.close() }, "Close");
  const dialog = open("Keys", [
    h("dl", { class: "keys" }, lines.map(([key, text]) => [h("dt", {}, key.split(" ").map((each) => h("kbd", {}, each))), h("dd", {}, text)])),
    h("p", { class: "muted" }, "All times are UTC. The programs' door is described at ", h("a", { href: "/docs" }, "/docs"), ". Charts: ",
      h("a", { href: "https://www.tradingview.com/", rel: "noreferrer" }, "TradingView Lightweight Charts™"), ", © TradingView, Inc."),
    h("div", { class: "row" }, close),
  ]);
  dialog.id = "help";
  close.focus();
}

const isTyping = (element) =>
  element.matches("input:not([type=checkbox]):not([type=radio]), select, textarea") || element.isContentEditable;

export function startKeys() {
  $("#help-button").addEventListener("click", openHelp);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target)) return;
    const found = KEYS.find(([key]) => key === event.key);
    if (!found) return;
    event.preventDefault();
    found[2]();
  });
}
