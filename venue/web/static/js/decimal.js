// Exact decimals as text. A value is never a float: it is a BigInt of units and a number of decimals.

/** {units, scale} of a plain decimal as "-12.50", null of anything else. */
export function parse(text) {
  const match = /^([+-]?)(\d*)\.?(\d*)$/.exec(String(text ?? "").trim());
  if (!match || !(match[2] || match[3])) return null;
  const units = BigInt(match[2] + match[3] || "0");
  return { units: match[1] === "-" ? -units : units, scale: match[3].length };
}

/** How many decimals a text has. */
export const scaleOf = (text) => parse(text)?.scale ?? 0;

function unitsAt(value, scale) {
  return value.units * 10n ** BigInt(scale - value.scale);
}

function both(a, b) {
  const left = parse(a);
  const right = parse(b);
  const scale = Math.max(left.scale, right.scale);
  return [unitsAt(left, scale), unitsAt(right, scale), scale];
}

/** The text of so many units with so many decimals. */
export function write(units, scale) {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  return scale ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : sign + digits;
}

export function compare(a, b) {
  const [left, right] = both(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function add(a, b) {
  const [left, right, scale] = both(a, b);
  return write(left + right, scale);
}

export function subtract(a, b) {
  const [left, right, scale] = both(a, b);
  return write(left - right, scale);
}

export function multiply(a, b) {
  const left = parse(a);
  const right = parse(b);
  return write(left.units * right.units, left.scale + right.scale);
}

/** a / b, rounded to the given decimals, half away from zero; for the eye alone. */
export function divide(a, b, decimals) {
  const [over, under] = both(a, b);
  const one = over * 10n ** BigInt(decimals + 1);
  return rounded(write(one / under, decimals + 1), decimals);
}

export const sum = (texts) => texts.reduce(add, "0");

/** -1, 0 or 1. */
export const sign = (text) => compare(text, "0");

/** The text without zeros that say nothing: "1.500" is "1.5". */
export function plain(text) {
  const value = parse(text);
  if (!value) return String(text ?? "");
  const written = write(value.units, value.scale);
  return value.scale ? written.replace(/\.?0+$/, "") : written;
}

/** Rounded to the given decimals, half away from zero; for the eye alone. */
export function rounded(text, decimals) {
  const value = parse(text);
  if (!value) return String(text ?? "");
  if (value.scale <= decimals) return write(unitsAt(value, decimals), decimals);
  const step = 10n ** BigInt(value.scale - decimals);
  const size = value.units < 0n ? -value.units : value.units;
  const units = (size + step / 2n) / step;
  return write(value.units < 0n ? -units : units, decimals);
}

export function isMultiple(text, step) {
  const [value, unit] = both(text, step);
  return unit !== 0n && value % unit === 0n;
}

/** The multiple of `step` at or below (`up` false) or at or above (`up` true) the value. */
export function align(text, step, up = false) {
  const [value, unit, scale] = both(text, step);
  if (!unit) return text;
  let remainder = value % unit;
  if (remainder < 0n) remainder += unit;
  const low = value - remainder;
  const wanted = up && remainder ? low + unit : low;
  return rounded(write(wanted, scale), scaleOf(step));
}

/** The value so many steps away; from off the grid, the first step is onto it. Never below 0. */
export function stepped(text, step, count) {
  const from = parse(text) ? text : "0";
  const onto = align(from, step, count < 0);
  const moved = add(onto, multiply(step, String(count)));
  return sign(moved) < 0 ? rounded("0", scaleOf(step)) : rounded(moved, scaleOf(step));
}
