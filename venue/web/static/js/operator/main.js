// The operator's view. It costs nothing until it is looked at.
import { isOperator, me } from "../state.js";
import { view } from "../views.js";
import { startFirms } from "./firms.js";
import { startHalts } from "./halts.js";
import { startMessages } from "./messages.js";
import { sessions, startSessions } from "./sessions.js";

export function startOperator(feed) {
  startHalts();
  const parts = [startSessions(feed), startFirms(), startMessages(feed)];
  let leave = [];
  let shownTo = null;
  const follow = async () => {
    const user = view() === "operator" && me.value ? `${me.value.user} ${isOperator()}` : null;
    if (user === shownTo) return;
    shownTo = user;
    for (const each of leave) each();
    leave = [];
    if (!user) return;
    sessions.set([]);
    const left = await Promise.all(parts.map((part) => part()));
    if (shownTo === user) leave = left;
    else for (const each of left) each();
  };
  me.watch(follow);
  addEventListener("viewchange", follow);
}
