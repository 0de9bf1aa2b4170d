// The sessions of the venue with their numbers; for who is no operator, those of the web.
import { get } from "../api.js";
import { confirm } from "../dialog.js";
import { $, h, setText } from "../dom.js";
import { words } from "../format.js";
import { isOperator, seesVenue } from "../state.js";
import { Table } from "../table.js";
import { act } from "./act.js";
import { Signal } from "../signal.js";

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
  const button = h("button", { type: "button", class: "small danger", "aria-label": `Disconnect ${session.comp_id} ${session.version}`, onclick: () => disconnect(session) }, "Disconnect");
  return h("span", {}, isOperator() && isUp(session) ? button : "");
}

export function startSessions(feed) {
  const table = new Table($("#sessions"), [
    { title: "Session", of: (session) => session.comp_id },
    { title: "State", of: (session) => ({ text: isUp(session) ? "● On" : `○ ${words(session.state)}`, kind: isUp(session) ? "buy" : "muted", title: session.text ?? "" }) },
    { title: "Venue expects", hint: "The MsgSeqNum of the next message to the venue", number: true, of: (session) => number(session.next_in) },
    { title: "Venue sends next", hint: "The MsgSeqNum of the next message from the venue", number: true, of: (session) => number(session.next_out) },
    { title: "Firm", wide: true, of: (session) => session.firm ?? "" },
    { title: "Version", wide: true, kind: "muted", of: (session) => session.version },
    { title: "Roles", wide: true, kind: "muted", of: (session) => session.roles.join(", ").replaceAll("_", " ") },
    { title: "", kind: "actions", fresh: true, of: actions },
  ], { key: (session) => `${session.comp_id} ${session.version}`, label: "Sessions", empty: "No sessions are known." });
  let shownButtons = "";
  sessions.watch((list) => {
    const sorted = list.toSorted((a, b) => isUp(b) - isUp(a) || a.comp_id.localeCompare(b.comp_id) || a.version.localeCompare(b.version));
    const buttons = sorted.map((each) => `${each.comp_id}${each.version}${isUp(each)}`).join();
    // Buttons are made anew only where they change, so that focus stays.
    table.columns.at(-1).fresh = buttons !== shownButtons;
    shownButtons = buttons;
    table.update(sorted);
    setText($("#sessions-legend"), list.length ? `${list.filter(isUp).length} of ${list.length} logged on` : "");
  });
  return () => {
    if (seesVenue()) return feed.on("sessions", null, (message) => sessions.set(message.sessions));
    const ask = () => get("/sessions").then((answer) => sessions.set(answer.sessions ?? answer)).catch(() => {});
    const timer = setInterval(ask, 2000);
    ask();
    return () => clearInterval(timer);
  };
}
