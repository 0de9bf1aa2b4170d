// What the phase of an instrument allows, as the venue decides it.
import { words } from "./format.js";

const CALLS = ["pre_open", "opening_auction", "closing_auction", "volatility_auction"];
const OPENING = ["pre_open", "opening_auction"];
const CALM = ["continuous", "open"];

/** "", "warn" or "bad": how much a phase is in the way of trading. */
export function phaseTone(instrument) {
  if (instrument.is_halted || ["halt", "delisted"].includes(instrument.phase)) return "bad";
  return CALM.includes(instrument.phase) ? "" : "warn";
}

export const phaseText = (instrument) => (instrument.is_halted ? "Halted" : words(instrument.phase));

/** Whether orders are collected and none is matched. Nobody is shown the book then. */
export const isCall = (instrument) => !instrument.is_halted && CALLS.includes(instrument.phase);

const isOpen = (instrument) => !instrument.is_halted && CALM.includes(instrument.phase);

/** Whether the venue takes orders at all. */
export const takesOrders = (instrument) => isOpen(instrument) || isCall(instrument);

/** Why such an order would be refused, or what becomes of it; "" where there is nothing to say. `terms` are those of the ticket. */
export function phaseNotice(instrument, terms) {
  const { symbol, phase } = instrument;
  const name = words(phase).toLowerCase();
  if (!takesOrders(instrument)) {
    const state = instrument.is_halted || phase === "halt" ? "halted" : phase === "closed" ? "closed" : `in phase ${name}`;
    return `${symbol} is ${state}: new orders and amendments are refused; cancels are taken.`;
  }
  if (terms.time_in_force === "at_open" && !OPENING.includes(phase)) return `${symbol} is in phase ${name}: orders for the open are refused.`;
  if (isOpen(instrument)) return "";
  const waits = Boolean(terms.trigger_price) || terms.type.startsWith("stop") || terms.type.startsWith("take");
  const refused = [
    ["ioc", "fok"].includes(terms.time_in_force) && words({ ioc: "immediate or cancel", fok: "fill or kill" }[terms.time_in_force]),
    terms.post_only && "Post only",
    terms.min_quantity && !waits && "At least",
  ].find(Boolean);
  const call = `${symbol} is in the call of an auction (${name}): `;
  return call + (refused ? `“${refused}” is refused until it ends.` : "orders are collected, and nothing trades until it ends.");
}
