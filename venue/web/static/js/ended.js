// Tells of own orders that have ended though their user has not canceled them here.
import { described } from "./described.js";
import { toast } from "./toast.js";

const TOGETHER = 250; // milliseconds: what ends at once is told at once
const AT_ONCE = ["ioc", "fok"];
const TOLD = 2; // different reasons, in words
const HEADS = { canceled: "canceled by the venue", expired: "expired", unknown: "not known to the venue any more" };

const sent = new Set(); // ClOrdIDs whose answer is awaited: what becomes of these is told with it
let ended = []; // [{order as it was, status, text}]
let timer = null;

/** An order of this page is under way until `done()`. */
export function underWay(id) {
  sent.add(id);
  return () => sent.delete(id);
}

/** What has ended it: "canceled by the venue", or another session of its firm; null where its user has. */
function cause(order) {
  const by = /^canceled by (.+)$/.exec(order.text ?? "");
  if (by) return { head: order.text, why: "" };
  const head = HEADS[order.status];
  return !head || (order.status === "canceled" && !order.text) ? null : { head, why: (order.text ?? "").replace(/^canceled: /, "") };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function tell() {
  timer = null;
  const byHead = Map.groupBy(ended, ({ head }) => head);
  ended = [];
  for (const [head, list] of byHead) {
    const reasons = [...new Set(list.map(({ why }) => why).filter(Boolean))];
    const why = reasons.length ? `: ${reasons.slice(0, TOLD).join("; ")}${reasons.length > TOLD ? "; …" : ""}` : "";
    if (list.length > 1) toast(`${list.length} orders ${head}${why}`, "bad");
    else toast(`${capital(head)}: ${described(list[0].before, list[0].before.remaining_quantity)}${why}`, "bad");
  }
}

/** `before` worked, and `now` is what the venue has told of it. */
export function noteEnd(before, now) {
  if (!before.is_working || now.is_working || !now.is_own || sent.has(now.client_order_id) || AT_ONCE.includes(now.time_in_force)) return;
  const found = cause(now);
  if (!found) return;
  ended.push({ before, ...found });
  timer ??= setTimeout(tell, TOGETHER);
}

/** Another user's: nothing of what was is told to him. */
export function forgetEnds() {
  clearTimeout(timer);
  timer = null;
  ended = [];
}
