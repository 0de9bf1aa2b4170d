// Making and changing elements.

export const $ = (selector, root = document) => root.querySelector(selector);

/** h("td", {class: "price", onclick: f}, "text", child): an element; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

/** Changes nothing where the text is already there: the browser then has nothing to lay out. */
export function setText(element, text) {
  const wanted = text ?? "";
  if (element.textContent !== wanted) element.textContent = wanted;
}

/** Calls `draw` once in the next frame, however often it is asked. A hidden page draws when seen. */
export function frame(draw) {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      draw();
    });
  };
}

/** Calls `work` at most every so many milliseconds, the last time included. */
export function throttled(work, milliseconds) {
  let timer = null;
  let again = false;
  const run = () => {
    timer = null;
    if (!again) return;
    again = false;
    timer = setTimeout(run, milliseconds);
    work();
  };
  return () => {
    again = true;
    if (timer === null) run();
  };
}
