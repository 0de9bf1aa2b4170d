// What FIX calls things: /v1/dictionary, asked once.
import { get } from "../api.js";

let known = null;

/** {fields: {tag: {name, values}}, messages: {type: name}}; empty until it has come. */
export async function dictionary() {
  known ??= get("/dictionary").catch(() => {
    known = null;
    return { fields: {}, messages: {} };
  });
  return known;
}

/** [[tag, value], ...] of a message with | for SOH; data with a | in it stays one value. */
export function split(raw) {
  const pairs = [];
  for (const part of raw.split("|")) {
    const at = part.indexOf("=");
    if (at > 0 && /^\d+$/.test(part.slice(0, at))) pairs.push([part.slice(0, at), part.slice(at + 1)]);
    else if (part && pairs.length) pairs.at(-1)[1] += `|${part}`;
  }
  return pairs;
}

export const nameOf = (words, type) => words.messages[type] ?? type;
