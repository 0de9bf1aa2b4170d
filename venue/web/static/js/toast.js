// News in the corner, where no order is in their way. They go by themselves, bad news later, and never while looked at.
import { $, h } from "./dom.js";

const AT_MOST = 3;
const SECONDS = { bad: 9, good: 4, sold: 4, plain: 5 };

export function toast(text, kind = "plain") {
  const place = $("#toasts");
  const close = h("button", { type: "button", "aria-label": "Dismiss", onclick: () => box.remove() }, "×");
  const box = h("div", { class: `toast ${kind}` }, h("p", {}, text), close);
  place.append(box);
  while (place.children.length > AT_MOST) place.firstChild.remove();
  let timer;
  const leave = () => {
    timer = setTimeout(() => box.remove(), SECONDS[kind] * 1000);
  };
  box.addEventListener("mouseenter", () => clearTimeout(timer));
  box.addEventListener("mouseleave", leave);
  leave();
}

/** Tell of a problem, in the words of who had it. */
export function complain(problem, what = "") {
  const text = problem.sentence ?? problem.message;
  toast(what ? `${what}: ${text}` : text, "bad");
}
