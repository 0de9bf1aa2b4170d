// The book of the chosen instrument, for the ladder and the depth chart.
import { Book } from "./book.js";
import { Signal } from "./signal.js";
import { symbol } from "./state.js";

const LEVELS = 200;

/** The book; touched whenever it changes. */
export const book = new Signal(new Book());

export function startDepth(feed) {
  let leave = () => {};
  symbol.watch((name) => {
    leave();
    book.value.clear();
    book.touch();
    if (!name) return;
    leave = feed.on("depth", name, (message) => {
      if (!book.value.apply(message)) feed.resync("depth", name);
      else book.touch();
    }, { levels: LEVELS });
  });
}
