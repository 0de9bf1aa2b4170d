// A value that tells who watches it when it changes.

export class Signal {
  #watchers = new Set();

  constructor(value) {
    this.value = value;
  }

  set(value) {
    if (value === this.value) return;
    this.value = value;
    this.touch();
  }

  /** Tell of a change inside the value. */
  touch() {
    for (const watcher of [...this.#watchers]) watcher(this.value);
  }

  /** Call with the value, now and whenever it changes; returns how to end that. */
  watch(watcher, { now = true } = {}) {
    this.#watchers.add(watcher);
    if (now) watcher(this.value);
    return () => this.#watchers.delete(watcher);
  }
}
