// The kill switch of each firm.
import { confirm } from "../dialog.js";
import { $, h } from "../dom.js";
import { Table } from "../table.js";
import { act } from "./act.js";
import { sessions } from "./sessions.js";

async function kill(firm) {
  const text = `Every order of ${firm.name} is canceled, and no more are taken from it until it is released.`;
  if (await confirm(`Kill switch: ${firm.name}`, text, `Kill ${firm.name}`, firm.name)) await act("kill", { firm: firm.name });
}

function actions(firm) {
  return h("span", {},
    h("button", { type: "button", class: "small danger", "aria-label": `Kill ${firm.name}`, onclick: () => kill(firm) }, "Kill"),
    h("button", { type: "button", class: "small", "aria-label": `Release ${firm.name}`, onclick: () => act("release", { firm: firm.name }) }, "Release"));
}

export function startFirms() {
  const table = new Table($("#firms"), [
    { title: "Firm", of: (firm) => firm.name },
    { title: "On", number: true, of: (firm) => `${firm.up} / ${firm.count}` },
    { title: "", kind: "actions", of: actions },
  ], { key: (firm) => firm.name, label: "Firms", empty: "No firms are known." });
  sessions.watch((list) => {
    const firms = new Map();
    for (const session of list) {
      const trades = session.roles.includes("order_entry");
      if (!session.firm || !trades) continue;
      const firm = firms.get(session.firm) ?? { name: session.firm, up: 0, count: 0 };
      firm.count += 1;
      if (["up", "logged_on", "logged on", "on", "connected"].includes(session.state)) firm.up += 1;
      firms.set(session.firm, firm);
    }
    table.update([...firms.values()].sort((a, b) => a.name.localeCompare(b.name)));
  });
}
