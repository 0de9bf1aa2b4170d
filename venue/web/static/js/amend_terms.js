// What of an order can be amended, and what a form asks to be changed. Text in, text out.
import { compare, plain, rounded, scaleOf } from "./decimal.js";
import { RESTING } from "./ticket_kinds.js";
import { AMOUNTS, SAID, amount } from "./ticket_terms.js";

/** The names of the fields that the venue lets change of such an order, as PATCH /v1/orders calls them. */
export function amendable(order) {
  const names = ["quantity"];
  if (order.trigger_price !== null && !order.is_triggered) names.push("trigger_price");
  if (order.price !== null) names.push("price", "display_quantity");
  if (RESTING.includes(order.time_in_force)) names.push("time_in_force", "expires");
  return names;
}

/** {day, time} of an expiry: "2030-01-02T16:00:00Z" has both, "2030-01-02" is a whole trading day. */
export function expiryOf(text) {
  const [, day = "", time = "", seconds = ""] = /^([\d-]+)(?:T(\d\d:\d\d)(:[\d.]+)?Z)?$/.exec(text ?? "") ?? [];
  return { day, time: time + (/[1-9]/.test(seconds) ? seconds : "") };
}

const shownOf = (order, name) => (name === "display_quantity" ? (order[name] ?? "0") : order[name]);

/** `values` is field name -> text, of an expiry `expires` and `expires_time`. Returns {changes, wrong}. */
export function changesOf(order, values, instrument) {
  const changes = {};
  const wrong = {};
  for (const name of amendable(order)) {
    if (!(name in AMOUNTS)) continue;
    const text = values[name] || (name === "display_quantity" ? "0" : "");
    if (!text) wrong[name] = `Say ${SAID[name]}.`;
    else if (name === "display_quantity" && /^0*\.?0*$/.test(text)) {
      if (compare(shownOf(order, name), "0")) changes[name] = "0";
    } else {
      const value = amount(name, text, instrument, wrong);
      if (!wrong[name] && compare(value, shownOf(order, name))) changes[name] = value;
    }
  }
  const time = values.time_in_force;
  if (time === undefined) return { changes, wrong };
  if (time !== order.time_in_force) changes.time_in_force = time;
  if (time !== "gtd") return { changes, wrong };
  const known = expiryOf(order.expires);
  if (!values.expires) wrong.expires = `Say ${SAID.expires}.`;
  else if (values.expires !== known.day || values.expires_time !== known.time || order.time_in_force !== "gtd") {
    const clock = values.expires_time && `T${values.expires_time}${values.expires_time.length === 5 ? ":00" : ""}Z`;
    changes.expires = values.expires + clock;
  }
  return { changes, wrong };
}

/** What the field of an amount shows before it is changed: a price in the decimals of its step. */
export function startOf(order, name, step) {
  const value = plain(shownOf(order, name));
  if (name === "display_quantity" && value === "0") return "";
  if (AMOUNTS[name] !== "tick") return value;
  return rounded(value, Math.max(scaleOf(value), scaleOf(plain(step))));
}
