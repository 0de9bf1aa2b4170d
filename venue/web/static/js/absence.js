// What stands where there is nothing to show: that there is none, or why it is not known.
import { status, unlisted } from "./state.js";

/** `waiting`, but where the venue is down that. */
export const unknown = (waiting) => (status.value.venue === "down" ? "Not known while the venue is down." : waiting);

/** Of the chosen instrument: `none` where it is known that there is none. */
export function missing(none, isKnown, waiting) {
  if (unlisted.value) return `${unlisted.value} is not listed.`;
  return isKnown ? none : unknown(waiting);
}
