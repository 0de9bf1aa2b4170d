// Tables whose rows are kept by key: what is focused, edited or hovered stays where it is.
import { h, setText } from "./dom.js";

/**
 * `columns`: [{title, of(item) -> text | Node | {text, kind, title}, number, wide}]. `update(items)`
 * draws; a row for which `hold(key)` is true is left as it is.
 */
export class Table {
  #rows = new Map(); // key -> {element, cells, signature}

  constructor(place, columns, { key, empty, label, onrow = null, hold = () => false }) {
    Object.assign(this, { place, columns, key, onrow, hold });
    const head = h("tr", {}, columns.map((column) =>
      h("th", { scope: "col", class: this.#kind(column) }, column.title || h("span", { class: "sr" }, column.name ?? "Actions"))));
    this.body = h("tbody");
    this.table = h("table", { class: "data", "aria-label": label }, h("thead", {}, head), this.body);
    this.empty = h("p", { class: "empty" }, empty);
    place.replaceChildren(this.table, this.empty);
  }

  #kind(column) {
    return [column.number && "number", column.wide && "wide", column.kind].filter(Boolean).join(" ");
  }

  row(key) {
    return this.#rows.get(key);
  }

  update(items) {
    const keys = new Set();
    let before = null;
    for (const item of items) {
      const key = this.key(item);
      keys.add(key);
      const row = this.#rows.get(key) ?? this.#make(key);
      row.item = item;
      if (!this.hold(key)) this.#fill(row, item);
      const after = before ? before.nextSibling : this.body.firstChild;
      if (after !== row.element) this.body.insertBefore(row.element, after);
      before = row.element;
    }
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      this.#leave(row);
      this.#rows.delete(key);
    }
    this.empty.hidden = items.length > 0;
    this.table.hidden = items.length === 0;
  }

  #make(key) {
    const cells = this.columns.map((column) => h("td", { class: this.#kind(column) }));
    const row = { element: h("tr", { "data-key": key }, cells), cells, shown: [] };
    this.onrow?.(row, key);
    this.#rows.set(key, row);
    return row;
  }

  #leave(row) {
    const had = row.element.contains(document.activeElement);
    const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    if (had && next?.tabIndex >= 0) next.focus();
  }

  #fill(row, item) {
    this.columns.forEach((column, index) => {
      const cell = row.cells[index];
      const value = column.of(item, row);
      if (value instanceof Node) {
        if (!cell.firstChild || column.fresh) cell.replaceChildren(value);
        return;
      }
      const { text, kind = "", title = "" } = typeof value === "object" && value !== null ? value : { text: value };
      if (cell.firstElementChild) cell.replaceChildren();
      setText(cell, text);
      const wanted = `${this.#kind(column)} ${kind}`.trim();
      if (cell.className !== wanted) cell.className = wanted;
      if (cell.title !== title) cell.title = title;
    });
  }

  /** Draw a row anew, its buttons too. */
  reset(key) {
    const row = this.#rows.get(key);
    if (!row) return;
    for (const cell of row.cells) cell.replaceChildren();
    this.#fill(row, row.item);
  }
}

/** Arrow keys between the rows of a table; `keys` is key -> what to do with the row's item. */
export function rowKeys(table, keys) {
  table.body.addEventListener("keydown", (event) => {
    const element = event.target.closest("tr");
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) element[step]?.focus();
    else if (keys[event.key]) keys[event.key](table.row(element.dataset.key).item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
