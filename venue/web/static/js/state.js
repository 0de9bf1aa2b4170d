// What the screen is about: who looks, at which instrument, and what is known of it.
import { Signal } from "./signal.js";

/** {user, roles, csrf, read_only, session, operator, via} or null before a login. */
export const me = new Signal(null);
/** Map of symbol to Instrument. */
export const instruments = new Signal(new Map());
/** The chosen symbol, null until the instruments are known, and where the address names none of them. */
export const symbol = new Signal(null);
/** What the address names though it is no instrument of the venue; else null. */
export const unlisted = new Signal(null);
/** The latest bbo message of the chosen symbol. */
export const bbo = new Signal(null);
/** What the auction of the chosen symbol would do now; null outside of a call. */
export const auction = new Signal(null);
/** The latest trade of the chosen symbol, with `direction` "up", "down" or "". */
export const last = new Signal(null);
/** The latest statistics message of the chosen symbol. */
export const statistics = new Signal(null);
/** Map of order_id to Order. */
export const orders = new Signal(new Map());
/** Fills, newest first. */
export const fills = new Signal([]);
/** Position[] */
export const positions = new Signal([]);
/** {venue: "up"|"down"|null if it is not known yet, links: [LinkStatus]} */
export const status = new Signal({ venue: null, links: [] });
/** Whether what is shown is of now. */
export const live = new Signal(false);
/** Whether it is, and the user's own sessions are logged on. */
export const connected = new Signal(false);

/** The last price of the chosen symbol, also where the trade itself is not kept any more; null before the first. */
export const lastPrice = () => last.value?.price ?? statistics.value?.last ?? null;
export const instrument = () => instruments.value.get(symbol.value) ?? null;
/** The first LinkStatus of the user's own sessions that is not logged on. */
export const ownLinkDown = () =>
  status.value.links.find(({ comp_id: id, state }) => state !== "up" && [me.value?.session, me.value?.operator].includes(id));
export const mayTrade = () => Boolean(me.value?.roles.includes("trade")) && !me.value.read_only;
/** Whether there are own orders to be seen; whether all sessions of the venue are. */
export const hasOrders = () => Boolean(me.value?.session);
export const seesVenue = () => Boolean(me.value?.operator);
export const isOperator = () => Boolean(me.value?.roles.includes("operate"));
