// The FIX messages of the web's sessions as they come and go, and one of them tag by tag.
import { $, h, setText, throttled } from "../dom.js";
import { clock } from "../format.js";
import { dictionary, nameOf, split } from "./dictionary.js";

const KEPT = 3000;
const SHOWN = 250;
const HINT = "Questions for positions, trades and the status of orders, as screens ask them all the time, and what answers them";
/** What is hidden until it is asked for. The lists above ask every other second; AF and H are answered with 8. */
const NOISE = [
  { name: "heartbeats", title: "Heartbeats", types: ["0", "1"], raw: /\|9202=(sessions|firms)\|/ },
  { name: "market", title: "Market data", types: ["W", "X", "V", "e", "f"] },
  { name: "office", title: "Status and back office", hint: HINT, types: ["AN", "AO", "AP", "AD", "AQ", "AE", "AF", "H"], raw: /\|(584|790)=/ },
];

let all = []; // oldest first
let held = []; // come while paused
let paused = false;
let chosen = null;
let pointed = false; // nothing moves under the pointer
let names = { fields: {}, messages: {} };
const sessions = new Set();

function take(message) {
  if (message.type === "snapshot") all = held = [];
  const list = paused ? held : all;
  const next = [...list, ...message.messages].slice(-KEPT);
  if (paused) held = next;
  else all = next;
  for (const each of message.messages) sessions.add(each.session);
}

function matches(message, filter) {
  if (filter.session && message.session !== filter.session) return false;
  const isOf = ({ types, raw }) => types.includes(message.msg_type) || raw?.test(message.raw);
  if (NOISE.some((kind) => !filter.shown.includes(kind.name) && isOf(kind))) return false;
  if (!filter.text) return true;
  const text = `${message.session} ${nameOf(names, message.msg_type)} ${message.msg_type} |${message.raw}`.toLowerCase();
  return filter.text.split(/\s+/).every((part) => text.includes(part));
}

const ENVELOPE = new Set(["8", "9", "35", "34", "49", "56", "52", "10"]);

/** A message without what every message has. */
const body = (raw) => split(raw).filter(([tag]) => !ENVELOPE.has(tag)).map((pair) => pair.join("=")).join("  ");

function line(message) {
  const row = h("tr", { "aria-selected": "false", tabindex: "-1", "data-number": message.number },
    h("td", { class: "muted" }, clock(message.time, 3)),
    h("td", { class: "wide" }, message.session),
    h("td", { class: message.direction }, message.direction === "in" ? "← in" : "→ out"),
    h("td", {}, `${message.msg_type} ${nameOf(names, message.msg_type)}`),
    h("td", { class: "raw wide" }, body(message.raw)));
  row.message = message;
  return row;
}

function meaning(tag, value) {
  const field = names.fields[tag];
  if (!field) return "";
  if (tag === "35") return nameOf(names, value);
  return field.values?.[value] ?? "";
}

function decode(message) {
  const rows = split(message.raw).map(([tag, value]) =>
    h("tr", {}, h("td", { class: "tag" }, tag), h("td", { class: "name" }, names.fields[tag]?.name ?? ""),
      h("td", {}, value, meaning(tag, value) && h("span", { class: "meaning" }, `  ${meaning(tag, value)}`))));
  const title = `${nameOf(names, message.msg_type)} ${message.direction} · ${message.session} · ${message.time}`;
  const heads = ["Tag", "Field", "Value"].map((text) => h("th", { scope: "col" }, text));
  $("#decoded").replaceChildren(h("table", { class: "data" }, h("caption", {}, title), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)));
}

export function startMessages(feed) {
  const list = h("tbody");
  const place = $("#messages");
  const heads = [["Time", ""], ["Session", "wide"], ["Way", ""], ["Message", ""], ["Text", "wide"]];
  const empty = h("p", { class: "empty" }, "No messages yet.");
  place.append(h("table", { class: "data", role: "grid", "aria-label": "FIX messages" },
    h("thead", {}, h("tr", {}, heads.map(([text, kind]) => h("th", { scope: "col", class: kind }, text)))), list), empty);
  $("#decoded").append(h("p", { class: "empty" }, "Choose a message to read it tag by tag."));

  const text = h("input", { type: "search", placeholder: "Filter: 35=8, Logon, a symbol…", "aria-label": "Filter the messages" });
  const session = h("select", { "aria-label": "Session" }, h("option", { value: "" }, "All sessions"));
  const ticks = NOISE.map(({ name }) => h("input", { type: "checkbox", name }));
  const pause = h("button", { type: "button", class: "small", "aria-pressed": "false" }, "Pause");
  const note = h("span", { class: "legend" });
  $("#messages-head").append(text, session, ...NOISE.map(({ title, hint }, index) => h("label", { class: "inline", title: hint }, ticks[index], title)), pause, note);

  const rows = new Map(); // number -> element
  let filtered = null; // what was asked for when the rows were drawn
  const shown = () => ticks.filter((each) => each.checked).map((each) => each.name);
  const wanted = () => [text.value, session.value, ...shown()].join("|");
  const draw = () => {
    if (pointed && !paused && list.firstChild && filtered === wanted()) return setText(note, "held while you point at it");
    filtered = wanted();
    const filter = { text: text.value.trim().toLowerCase(), session: session.value, shown: shown() };
    const found = [];
    for (let index = all.length - 1; index >= 0 && found.length < SHOWN; index--) {
      if (matches(all[index], filter)) found.push(all[index]);
    }
    const numbers = new Set(found.map((each) => each.number));
    for (const [number, row] of rows) {
      if (numbers.has(number)) continue;
      row.remove();
      rows.delete(number);
    }
    let before = null;
    for (const message of found) {
      const row = rows.get(message.number) ?? line(message);
      rows.set(message.number, row);
      const after = before ? before.nextSibling : list.firstChild;
      if (after !== row) list.insertBefore(row, after);
      before = row;
    }
    if (!list.querySelector('tr[tabindex="0"]') && list.firstChild) list.firstChild.tabIndex = 0;
    empty.hidden = found.length > 0;
    setText(empty, all.length ? `${all.length} messages, all of them hidden by what is chosen above.` : "No messages yet.");
    setText(note, paused ? `Paused, ${held.length} more` : `${found.length} of ${all.length}`);
    for (const name of sessions) {
      if (![...session.options].some((each) => each.value === name)) session.append(h("option", { value: name }, name));
    }
  };
  const redraw = throttled(draw, 200);

  const choose = (row, focus = false) => {
    for (const each of list.querySelectorAll('[aria-selected="true"], [tabindex="0"]')) {
      each.setAttribute("aria-selected", "false");
      each.tabIndex = -1;
    }
    row.setAttribute("aria-selected", "true");
    row.tabIndex = 0;
    if (focus) row.focus();
    chosen = row.message;
    decode(chosen);
  };
  if (matchMedia("(hover: hover)").matches) {
    place.addEventListener("mousemove", () => { pointed = true; });
    place.addEventListener("mouseleave", () => {
      pointed = false;
      redraw();
    });
  }
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("tr");
    if (event.pointerType === "mouse" && event.button === 0) choose(row); // it may have moved on by the click
  });
  list.addEventListener("click", (event) => choose(event.target.closest("tr"), true));
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Enter: row, " ": row }[event.key];
    if (!next) return;
    event.preventDefault();
    choose(next, true);
  });
  for (const control of [text, session, ...ticks]) control.addEventListener("input", redraw);
  pause.addEventListener("click", () => {
    paused = !paused;
    if (!paused) {
      all = [...all, ...held].slice(-KEPT);
      held = [];
    }
    pause.setAttribute("aria-pressed", String(paused));
    setText(pause, paused ? "Go on" : "Pause");
    draw();
  });

  return () => {
    dictionary().then((known) => {
      names = known;
      rows.clear();
      list.replaceChildren();
      if (chosen) decode(chosen);
      redraw();
    });
    return feed.on("messages", null, (message) => {
      take(message);
      redraw();
    });
  };
}
