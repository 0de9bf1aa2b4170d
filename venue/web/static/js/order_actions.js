// What is done to orders: cancel, amend, and telling of it.
import { patch, remove, segment } from "./api.js";
import { described, outcome } from "./described.js";
import { confirm } from "./dialog.js";
import { orders } from "./state.js";
import { complain, toast } from "./toast.js";

/** Take orders as they are told, newer over older. */
export function remember(list) {
  for (const order of list) {
    const known = orders.value.get(order.order_id);
    if (known && known.updated_at && order.updated_at && known.updated_at > order.updated_at) continue;
    orders.value.set(order.order_id, order);
  }
  orders.touch();
}

export async function cancel(order) {
  try {
    const canceled = await remove(`/orders/${segment(order.client_order_id)}`);
    remember([canceled]);
    toast(`${described(canceled)}: ${outcome(canceled)}`);
  } catch (problem) {
    complain(problem, `Not canceled: ${described(order, order.remaining_quantity)}`);
  }
}

export const cancelAt = (list) => Promise.all(list.map(cancel));

/** Change an order; resolves to a problem, or null when it is done. */
export async function amend(order, changes) {
  try {
    const now = await patch(`/orders/${segment(order.client_order_id)}`, changes);
    remember([now]);
    toast(`Amended: ${described(now)}, ${outcome(now)}`);
    return null;
  } catch (problem) {
    complain(problem, `Not amended: ${described(order)}`);
    return problem;
  }
}

/** Cancel everything, or everything of an instrument, after a question. */
export async function cancelAll(symbol, count) {
  const where = symbol ? ` in ${symbol}` : "";
  if (!(await confirm("Cancel all orders", `This cancels ${count} working orders${where}.`, "Cancel all"))) return;
  try {
    const answer = await remove(symbol ? `/orders?symbol=${segment(symbol)}` : "/orders");
    remember(answer.canceled);
    toast(`Canceled: ${answer.canceled.length} orders${where}`);
  } catch (problem) {
    complain(problem, "Not canceled");
  }
}
