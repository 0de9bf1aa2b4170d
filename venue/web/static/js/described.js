// An order in a few words, as news and questions name it.
import { plain } from "./decimal.js";
import { mean, price, quantity, words } from "./format.js";
import { instruments } from "./state.js";

const tickOf = (order) => instruments.value.get(order.symbol)?.tick;
const is = (value) => value !== null && value !== undefined;

/** "Buy 10 AAPL at 100.00", "Sell 5 AAPL at market, trigger 98.00": of an order, or of terms. */
export function described(order, size = order.quantity) {
  const tick = tickOf(order);
  const at = is(order.price) ? price(plain(order.price), tick) : "market";
  const trigger = is(order.trigger_price) ? `, trigger ${price(plain(order.trigger_price), tick)}` : "";
  return `${words(order.side)} ${quantity(size)} ${order.symbol} at ${at}${trigger}`;
}

/** "new", "partially filled, 4 at 100.00": what has become of an order. */
export function outcome(order) {
  const status = order.is_waiting ? "waiting" : order.status.replaceAll("_", " ");
  const filled = order.average_price ? `, ${quantity(order.filled_quantity)} at ${mean(order.average_price, tickOf(order))}` : "";
  return status + filled;
}
