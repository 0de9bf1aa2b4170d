// What of mine stands beside the ladder: at its limit, or, while it waits, at its trigger price.
import { add, compare } from "./decimal.js";
import { price, quantity, words } from "./format.js";
import { stepped, write } from "./ladder_levels.js";

/**
 * Where an order stands: {price, mark, side}; null of one that has no price to stand at. `mark` is ""
 * of what is in the book, else why it waits: "S" for a stop, "T" for a take profit, "A" for an auction.
 */
export function standing(order) {
  if (!order.is_working) return null;
  const side = order.side === "buy" ? "buy" : "sell";
  if (order.is_waiting && order.trigger_price !== null && !order.is_triggered) {
    return { price: order.trigger_price, mark: order.type.startsWith("take") ? "T" : "S", side };
  }
  return order.price === null ? null : { price: order.price, mark: order.is_waiting ? "A" : "", side };
}

/** "bid" or "ask": the half of the ladder that has a price. What is in the book is in its own half. */
export function halfOf(place, bids, asks, last) {
  if (!place.mark) return place.side === "buy" ? "bid" : "ask";
  if (asks.length && compare(place.price, asks[0].price) >= 0) return "ask";
  if (bids.length && compare(place.price, bids[0].price) <= 0) return "bid";
  if (last && compare(place.price, last)) return compare(place.price, last) > 0 ? "ask" : "bid";
  return (place.side === "buy") === (place.mark === "S") ? "ask" : "bid";
}

/**
 * Own orders by half and price of the shown steps: {rows, ask, bid}. `rows` is a Map of "half price" to
 * {half, price, buy, sell, orders}, where `buy` and `sell` are Maps of mark to quantity; `ask` and `bid`
 * are those of a half, the nearest first.
 */
export function ownRows(list, unit, bids, asks, last) {
  const rows = new Map();
  for (const order of list) {
    const place = standing(order);
    if (!place) continue;
    const half = halfOf(place, bids, asks, last);
    const at = write(stepped([place], unit, half === "ask", 1)[0]);
    const key = `${half} ${at}`;
    let row = rows.get(key);
    if (!row) rows.set(key, (row = { half, price: at, buy: new Map(), sell: new Map(), orders: [] }));
    const amounts = row[place.side];
    amounts.set(place.mark, add(amounts.get(place.mark) ?? "0", order.remaining_quantity));
    row.orders.push(order);
  }
  const of = (half, sign) => [...rows.values()].filter((row) => row.half === half).sort((a, b) => sign * compare(a.price, b.price));
  return { rows, ask: of("ask", 1), bid: of("bid", -1) };
}

/** What an order waits for, in words. */
export function waitsFor(order, tick) {
  const what = `${words(order.side)} ${quantity(order.remaining_quantity)}, ${words(order.type).toLowerCase()}`;
  return standing(order).mark === "A" ? `${what}: waits for the auction` : `${what}: waits for ${price(order.trigger_price, tick)}`;
}
