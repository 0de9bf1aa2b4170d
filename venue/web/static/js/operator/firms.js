// The firms of the venue: who is there, whose orders are taken, and the kill switch of each.
import { unknown } from "../absence.js";
import { get } from "../api.js";
import { confirm } from "../dialog.js";
import { $, h, setText } from "../dom.js";
import { Signal } from "../signal.js";
import { isOperator, live, me, status } from "../state.js";
import { Table } from "../table.js";
import { act } from "./act.js";
import { isUp, sessions } from "./sessions.js";

const firms = new Signal([]);

async function refresh() {
  try {
    firms.set(await get("/firms"));
  } catch {
    // the banner tells that the venue is away
  }
}

async function kill(name) {
  const text = `Every order of ${name} is canceled, and no more are taken from it until it is released.`;
  if (!await confirm(`Kill switch: ${name}`, text, `Kill ${name}`, name)) return;
  await act("kill", { firm: name });
  await refresh();
}

async function release(name) {
  await act("release", { firm: name });
  await refresh();
}

function button({ name, is_killed }) {
  const disabled = !live.value;
  return is_killed
    ? h("button", { type: "button", class: "small", disabled, "aria-label": `Release ${name}`, onclick: () => release(name) }, "Release")
    : h("button", { type: "button", class: "small danger", disabled, "aria-label": `Kill ${name}`, onclick: () => kill(name) }, "Kill");
}

function state(firm) {
  const accounts = firm.killed_accounts;
  if (firm.is_killed) return { tone: "bad", text: "Killed", title: "Its orders are refused until it is released." };
  if (accounts.length) {
    const text = accounts.length === 1 ? "1 account killed" : `${accounts.length} accounts killed`;
    return { tone: "warn", text, title: `Orders of ${accounts.join(", ")} are refused.` };
  }
  return { tone: "good", text: "Trading", title: "" };
}

function badge(firm) {
  const { tone, text, title } = state(firm);
  return h("span", { class: `badge ${live.value ? tone : ""}`, title: title || null }, text);
}

export function startFirms() {
  const table = new Table($("#firms"), [
    { title: "Firm", of: (firm) => firm.name },
    { title: "On", hint: "Sessions that are logged on", number: true, of: (firm) => `${live.value ? firm.up : "–"} / ${firm.count}` },
    { title: "Orders", fresh: true, of: badge },
    { title: "", kind: "actions", fresh: true, of: button },
  ], { key: (firm) => firm.name, depends: () => `${me.value?.user} ${live.value}`, label: "Firms", empty: () => unknown("No firms are known.") });
  let shown = "";
  const draw = () => {
    const of = new Map(firms.value.map((firm) => [firm.name, { ...firm, up: 0, count: 0 }]));
    for (const session of sessions.value) {
      const firm = of.get(session.firm);
      if (!firm || session.state === "never") continue;
      firm.count += 1;
      if (isUp(session)) firm.up += 1;
    }
    // Buttons are made anew only where they change, so that focus stays.
    const buttons = JSON.stringify([firms.value, live.value]);
    for (const column of table.columns) if ("fresh" in column) column.fresh = buttons !== shown;
    shown = buttons;
    table.update([...of.values()]);
    const killed = firms.value.filter((firm) => firm.is_killed || firm.killed_accounts.length).length;
    setText($("#firms-legend"), killed ? `${killed} of ${firms.value.length} stopped` : "");
  };
  firms.watch(draw);
  sessions.watch(draw);
  live.watch(draw);
  status.watch(draw);
  return () => {
    firms.set([]);
    if (!isOperator()) return () => {};
    const timer = setInterval(refresh, 2000);
    refresh();
    return () => clearInterval(timer);
  };
}
