// How values look. Nothing here is ever sent.
import { compare, parse, plain, rounded, scaleOf, sign } from "./decimal.js";

export const DASH = "–";

/** "1234567.50" as "1,234,567.50". */
export function grouped(text) {
  if (text === null || text === undefined || text === "") return DASH;
  const [whole, decimals] = String(text).split(".");
  const commas = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return decimals === undefined ? commas : `${commas}.${decimals}`;
}

/** A price with the decimals of its tick. */
export function price(text, tick) {
  if (text === null || text === undefined) return DASH;
  const decimals = tick ? scaleOf(tick) : 0;
  return grouped(scaleOf(text) > decimals ? text : rounded(text, decimals));
}

/** A price or mean of prices, rounded to the decimals of its tick and `more`. */
export const near = (text, tick, more = 0) =>
  text === null || text === undefined ? DASH : grouped(rounded(text, scaleOf(tick ?? "0.01") + more));

/** A mean price: the decimals of the tick, or up to two more where it has them. */
export const mean = (text, tick) =>
  text === null || text === undefined ? DASH : price(plain(rounded(text, scaleOf(tick ?? "0.01") + 2)), tick);

/** A quantity without idle zeros; longer than `room` characters it is shortened, as 1.25M or 0.00012. */
export function quantity(text, room = 99) {
  if (text === null || text === undefined) return DASH;
  const short = plain(text);
  if (grouped(short).length <= room) return grouped(short);
  const whole = short.split(".")[0].replace("-", "").length;
  if (whole > 6) {
    const [letter, power] = whole > 9 ? ["B", 9] : ["M", 6];
    const value = parse(short);
    const scaled = value.scale + power;
    return `${plain(rounded(shift(value.units, scaled), 2))}${letter}`;
  }
  return grouped(plain(rounded(short, Math.max(0, room - whole - 1))));
}

function shift(units, scale) {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** A quantity with so many decimals, so that a column of them is aligned; large ones are shortened. */
export function sized(text, decimals) {
  const whole = plain(text).split(".")[0].length;
  if (whole > 6) return quantity(text, 7);
  return grouped(rounded(text, Math.max(0, Math.min(decimals, 7 - whole))));
}

/**
 * A quantity of the market: with the decimals that orders in `instrument` have, at most five of them, and
 * where it is smaller than they can tell with its own.
 */
export function size(text, instrument) {
  if (text === null || text === undefined) return DASH;
  if (!sign(text)) return "0";
  const decimals = scaleOf(plain(instrument?.min_quantity ?? instrument?.lot ?? "1"));
  const shown = sized(text, Math.min(5, decimals));
  return /^[0.,]*$/.test(shown) ? plain(text) : shown;
}

/** Money with two decimals, or more where those would hide it. */
export function money(text) {
  if (text === null || text === undefined) return DASH;
  const two = rounded(text, 2);
  return grouped(sign(two) === 0 && sign(text) !== 0 ? plain(text) : two);
}

/** Money with a sign. */
export const signed = (text) =>
  text === null || text === undefined ? DASH : (compare(text, "0") > 0 ? "+" : "") + money(text);

export const tone = (text) => (text && parse(text) ? ["sell", "", "buy"][sign(text) + 1] : "");

/** The time of day of an ISO time, in UTC. */
export const clock = (iso, decimals = 0) =>
  iso ? iso.slice(11, 19) + (decimals ? (iso.slice(19).match(/^\.\d+/)?.[0] ?? ".000").slice(0, decimals + 1) : "") : DASH;

/** "stop_limit" as "Stop limit". */
export const words = (text) => {
  if (!text) return DASH;
  const said = text.replaceAll("_", " ");
  return said[0].toUpperCase() + said.slice(1);
};

const SHORT = { day: "Day", gtc: "GTC", gtd: "GTD", ioc: "IOC", fok: "FOK", at_open: "At open", at_close: "At close" };
export const timeInForce = (word) => SHORT[word] ?? words(word);
