// Dark and light: the system's, until the user says otherwise.
import { $, h } from "./dom.js";
import { Signal } from "./signal.js";

const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = () => document.documentElement.dataset.theme;
const current = () => chosen() ?? (system.matches ? "dark" : "light");

/** "dark" or "light". */
export const theme = new Signal(current());

const DRAWINGS = {
  dark: "M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z",
  light: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
};

function picture(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
}

export function toggleTheme() {
  const next = current() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
  theme.set(next);
}

export function startTheme() {
  const button = $("#theme-button");
  button.addEventListener("click", toggleTheme);
  system.addEventListener("change", () => theme.set(current()));
  theme.watch((now) => {
    const other = now === "dark" ? "light" : "dark";
    button.replaceChildren(picture(DRAWINGS[now]));
    button.setAttribute("aria-label", `Use the ${other} theme`);
    button.title = `Use the ${other} theme (t)`;
  });
}

/** What a colour of the theme is now, as rgb(...), for those who draw on a canvas. */
export function colour(name, opacity = 1) {
  const probe = h("i", { hidden: true });
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return opacity === 1 ? value : value.replace(/rgba?\(([^,]+, [^,]+, [^,)]+).*\)/, `rgba($1, ${opacity})`);
}
