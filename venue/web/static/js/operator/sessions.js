// The sessions of the venue with their numbers; for who is no operator, those of the web.
import { unknown } from "../absence.js";
import { get } from "../api.js";
import { confirm } from "../dialog.js";
import { $, h, setText } from "../dom.js";
import { words } from "../format.js";
import { isOperator, live, seesVenue, status } from "../state.js";
import { Table } from "../table.js";
import { act } from "./act.js";
import { Signal } from "../signal.js";

let all = false; // whether those are shown that were never here

/** Session[] */
export const sessions = new Signal([]);

export const isUp = (session) => ["up", "logged_on", "logged on", "on", "connected"].includes(session.state);
const number = (value) => (value === null || value === undefined ? "–" : String(value));

async function disconnect(session) {
  const text = `${session.comp_id} gets a Logout and its connection is closed. It may log on again.`;
  if (await confirm(`Disconnect ${session.comp_id}`, text, "Disconnect")) await act("disconnect", { session: nameOf(session) });
}

/** One session of a CompID that may use many versions. */
const nameOf = (session) => (session.version ? `${session.version}:${session.comp_id}` : session.comp_id);

function actions(session) {
  const terms = { type: "button", class: "small danger", disabled: !live.value, onclick: () => disconnect(session) };
  const button = h("button", { ...terms, "aria-label": `Disconnect ${session.comp_id} ${session.version}` }, h("span", { class: "wide" }, "Disconnect"), h("span", { class: "glyph-only" }, "✕"));
  return h("span", {}, isOperator() && isUp(session) ? button : "");
}

/** Of now, or where nothing is of now as it was. */
function state(session) {
  const text = isUp(session) ? "On" : words(session.state);
  if (!live.value) return { text: `Was ${text.toLowerCase()}`, kind: "muted" };
  return { text: `${isUp(session) ? "●" : "○"} ${text}`, kind: isUp(session) ? "buy" : "muted", title: session.text ?? "" };
}

const isNever = (session) => session.state === "never";

export function startSessions(feed) {
  const table = new Table($("#sessions"), [
    { title: "Session", of: (session) => h("span", {}, session.comp_id, h("small", { class: "note" }, session.version)) },
    { title: "State", of: state },
    { title: "Venue expects", hint: "The MsgSeqNum of the next message to the venue", number: true, of: (session) => number(session.next_in) },
    { title: "Venue sends next", hint: "The MsgSeqNum of the next message from the venue", number: true, of: (session) => number(session.next_out) },
    { title: "Firm", wide: true, of: (session) => session.firm ?? "" },
    { title: "Version", wide: true, kind: "muted", of: (session) => session.version },
    { title: "Roles", wide: true, kind: "muted", of: (session) => session.roles.join(", ").replaceAll("_", " ") },
    { title: "", kind: "actions", fresh: true, of: actions },
  ], {
    key: (session) => `${session.comp_id} ${session.version}`,
    depends: () => live.value,
    label: "Sessions",
    empty: () => (sessions.value.length ? "No session has ever been here." : unknown("No sessions are known.")),
  });
  let shownButtons = "";
  const tick = h("input", { type: "checkbox", onchange: () => {
    all = tick.checked;
    draw();
  } });
  const never = h("span");
  const label = h("label", { class: "inline", hidden: true }, tick, never);
  $("#sessions-legend").before(label);
  const draw = () => {
    const list = sessions.value;
    const left = list.filter((session) => all || !isNever(session));
    const sorted = left.toSorted((a, b) => isUp(b) - isUp(a) || a.comp_id.localeCompare(b.comp_id) || a.version.localeCompare(b.version));
    const buttons = sorted.map((each) => `${each.comp_id}${each.version}${isUp(each)}`).join() + live.value;
    // Buttons are made anew only where they change, so that focus stays.
    table.columns.at(-1).fresh = buttons !== shownButtons;
    shownButtons = buttons;
    table.update(sorted);
    const count = list.filter(isNever).length;
    label.hidden = !count;
    setText(never, `${count} that ${count === 1 ? "was" : "were"} never here`);
    setText($("#sessions-legend"), !list.length ? "" : live.value ? `${list.filter(isUp).length} of ${list.length} logged on` : "not of now");
  };
  sessions.watch(draw);
  live.watch(draw);
  status.watch(draw);
  return () => {
    if (seesVenue()) return feed.on("sessions", null, (message) => sessions.set(message.sessions));
    const ask = () => get("/sessions").then((answer) => sessions.set(answer.sessions ?? answer)).catch(() => {});
    const timer = setInterval(ask, 2000);
    ask();
    return () => clearInterval(timer);
  };
}
