// The depth of an instrument: a snapshot, then deltas without a gap.
import { compare } from "./decimal.js";

class Side {
  #levels = new Map(); // price -> {price, quantity, orders}
  #sorted = null;

  constructor(best) {
    this.best = best; // 1: the lowest price first, -1: the highest
  }

  reset(entries) {
    this.#levels.clear();
    this.#sorted = null;
    this.change(entries);
  }

  change(entries) {
    for (const [price, quantity, orders] of entries) {
      const known = this.#levels.get(price);
      if (/^0*\.?0*$/.test(quantity)) this.#levels.delete(price);
      else if (known) {
        known.quantity = quantity;
        known.orders = orders;
        continue;
      } else this.#levels.set(price, { price, quantity, orders });
      this.#sorted = null;
    }
  }

  /** Best first. */
  get levels() {
    this.#sorted ??= [...this.#levels.values()].sort((a, b) => this.best * compare(a.price, b.price));
    return this.#sorted;
  }
}

export class Book {
  bids = new Side(-1);
  asks = new Side(1);
  sequence = null;

  /** Take a depth message. False: something is missing, ask for a snapshot. */
  apply(message) {
    const isSnapshot = message.type === "snapshot";
    if (!isSnapshot && message.sequence !== this.sequence + 1) {
      this.sequence = null;
      return false;
    }
    this.sequence = message.sequence;
    for (const [side, entries] of [[this.bids, message.bids], [this.asks, message.asks]]) {
      if (isSnapshot) side.reset(entries ?? []);
      else side.change(entries ?? []);
    }
    return true;
  }

  clear() {
    this.bids.reset([]);
    this.asks.reset([]);
    this.sequence = null;
  }
}
