// What the ticket would send, and what it lacks. Text in, text out.
import { isMultiple, parse, plain, sign } from "./decimal.js";
import { KINDS, fieldsOf } from "./ticket_kinds.js";

export const AMOUNTS = { quantity: "lot", display_quantity: "lot", min_quantity: "lot", price: "tick", trigger_price: "tick" };
export const SAID = { quantity: "a quantity", price: "a price", trigger_price: "a trigger price", display_quantity: "how much to show", expires: "when it expires" };

/** `values` is field name -> text or boolean. Returns {terms, wrong}: wrong is field -> sentence. */
export function termsOf(kindName, side, symbol, instrument, values) {
  const kind = KINDS[kindName];
  const time = kind.times.length > 1 ? values.time_in_force : kind.times[0];
  const matter = fieldsOf(kindName, time);
  const needed = new Set(["quantity", ...kind.fields, ...(matter.has("expires") ? ["expires"] : [])]);
  const terms = { symbol, side, type: kind.type, time_in_force: time, ...kind.fixed };
  const wrong = {};
  for (const name of matter) {
    const value = values[name];
    if (name === "time_in_force") continue;
    if (typeof value === "boolean") {
      if (value) terms[name] = true;
    } else if (!value) {
      if (needed.has(name)) wrong[name] = `Say ${SAID[name]}.`;
    } else if (name in AMOUNTS) terms[name] = amount(name, value, instrument, wrong);
    else if (name === "expires") terms[name] = `${value.length === 16 ? `${value}:00` : value}Z`;
    else terms[name] = value;
  }
  if (terms.self_match_prevention_id) terms.self_match_prevention = values.self_match_prevention;
  return { terms, wrong };
}

/** The same checks as the venue's, so that a slip is told before it is sent. */
export function amount(name, text, instrument, wrong) {
  const value = plain(text.replaceAll(",", ""));
  const unit = AMOUNTS[name];
  if (!parse(value)) wrong[name] = `${text} is no decimal number.`;
  else if (sign(value) <= 0) wrong[name] = "It has to be above 0.";
  else if (instrument && !isMultiple(value, instrument[unit])) {
    wrong[name] = `${value} is no multiple of the ${unit} ${plain(instrument[unit])}.`;
  }
  return value;
}
