// Levels of a book put together by steps of a price, with integers alone.
import { parse, write as writeDecimal } from "./decimal.js";

/** The price of a level that `stepped` made. */
export const write = (level) => writeDecimal(level.at / 10n ** BigInt(level.scale - level.shown), level.shown);

/**
 * Levels put together by steps of `step`, bids downwards and asks upwards, at most `limit`:
 * [{at, scale, shown, parts: [level]}].
 */
export function stepped(levels, step, up, limit) {
  const unit = parse(step);
  const result = [];
  for (const level of levels) {
    const value = parse(level.price);
    const scale = Math.max(unit.scale, value.scale);
    const one = unit.units * 10n ** BigInt(scale - unit.scale);
    const price = value.units * 10n ** BigInt(scale - value.scale);
    const at = up ? ((price + one - 1n) / one) * one : (price / one) * one;
    const before = result.at(-1);
    if (before && before.at === at) before.parts.push(level);
    else if (result.length === limit) break;
    else result.push({ at, scale, shown: unit.scale, parts: [level] });
  }
  return result;
}
