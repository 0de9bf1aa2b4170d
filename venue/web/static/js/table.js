// Tables whose rows are kept by key: what is focused, edited or hovered stays where it is.
import { h, setText } from "./dom.js";
import { grouped } from "./format.js";

const PAGE = 100;

/**
 * `columns`: [{title, hint, of(item) -> text | Node | {text, kind, title}, number, wide}]. `update(items)`
 * draws what has changed: a row whose item is the same object, and for which `depends()` is the same,
 * is left alone. At most `PAGE` rows are drawn until more are asked for, but always those for which
 * `hold(key)` is true. A row may have another element `below` it. `empty` is what is said where there is no
 * row, or a function that gives it.
 */
export class Table {
  #rows = new Map(); // key -> {element, cells, item, below}
  #most = PAGE;
  #items = [];

  constructor(place, columns, { key, empty, label, onrow = null, hold = () => false, depends = () => null }) {
    Object.assign(this, { place, columns, key, onrow, hold, depends });
    const head = h("tr", {}, columns.map((column) =>
      h("th", { scope: "col", class: this.#kind(column), title: column.hint ?? null }, column.title || h("span", { class: "sr" }, column.name ?? "Actions"))));
    this.body = h("tbody");
    this.table = h("table", { class: "data", "aria-label": label }, h("thead", {}, head), this.body);
    this.none = typeof empty === "function" ? empty : () => empty;
    this.empty = h("p", { class: "empty" }, this.none());
    const more = () => {
      this.#most += PAGE;
      this.update(this.#items);
    };
    this.note = h("span");
    this.more = h("p", { class: "more-rows", hidden: true }, this.note, h("button", { type: "button", class: "small", onclick: more }, `Show ${PAGE} more`));
    place.replaceChildren(this.table, this.empty, this.more);
  }

  #kind(column) {
    return [column.number && "number", column.wide && "wide", column.kind].filter(Boolean).join(" ");
  }

  row(key) {
    return this.#rows.get(key);
  }

  update(items) {
    this.#items = items;
    const depends = this.depends();
    const keys = new Set();
    let before = null;
    items.forEach((item, index) => {
      const key = this.key(item);
      if (index >= this.#most && !this.hold(key)) return;
      keys.add(key);
      const row = this.#rows.get(key) ?? this.#make(key);
      if (row.item !== item || row.depends !== depends) this.#fill(row, item);
      Object.assign(row, { item, depends });
      const after = before ? before.nextSibling : this.body.firstChild;
      if (after !== row.element) {
        this.body.insertBefore(row.element, after);
        if (row.below) row.element.after(row.below);
      }
      before = row.below ?? row.element;
    });
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      this.#leave(row);
      this.#rows.delete(key);
    }
    this.empty.hidden = items.length > 0;
    if (!items.length) setText(this.empty, this.none());
    this.table.hidden = items.length === 0;
    const left = items.length - keys.size;
    this.more.hidden = !left;
    setText(this.note, left ? `${grouped(String(left))} more, not shown` : "");
  }

  #make(key) {
    const cells = this.columns.map((column) => h("td", { class: this.#kind(column) }));
    const row = { element: h("tr", { "data-key": key }, cells), cells, item: null, depends: null, below: null };
    this.onrow?.(row, key);
    this.#rows.set(key, row);
    return row;
  }

  #leave(row) {
    const had = row.element.contains(document.activeElement) || row.below?.contains(document.activeElement);
    row.below?.remove();
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

  /** Put an element under a row, or take it away. */
  below(key, element) {
    const row = this.#rows.get(key);
    if (!row) return;
    row.below?.remove();
    row.below = element;
    if (element) row.element.after(element);
  }
}

/** The row before or after, not what is below one. */
function neighbour(element, step) {
  let next = element[step];
  while (next && !next.dataset.key) next = next[step];
  return next;
}

/** Arrow keys between the rows of a table; `keys` is key -> what to do with the row's item. */
export function rowKeys(table, keys) {
  table.body.addEventListener("keydown", (event) => {
    const element = event.target.closest("tr");
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) neighbour(element, step)?.focus();
    else if (keys[event.key]) keys[event.key](table.row(element.dataset.key).item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
