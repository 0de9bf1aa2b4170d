// Halt and resume, instrument by instrument.
import { unknown } from "../absence.js";
import { confirm } from "../dialog.js";
import { $, h } from "../dom.js";
import { phaseText, phaseTone } from "../phases.js";
import { instruments, live, me, status } from "../state.js";
import { Table } from "../table.js";
import { act } from "./act.js";

async function halt(instrument) {
  const text = `Nobody can trade ${instrument.symbol} until it is resumed. Orders stay, and may be canceled.`;
  if (await confirm(`Halt ${instrument.symbol}`, text, "Halt")) await act("halt", { symbol: instrument.symbol });
}

function button(instrument) {
  const disabled = !live.value;
  return instrument.is_halted
    ? h("button", { type: "button", class: "small", disabled, "aria-label": `Resume ${instrument.symbol}`, onclick: () => act("resume", { symbol: instrument.symbol }) }, "Resume")
    : h("button", { type: "button", class: "small danger", disabled, "aria-label": `Halt ${instrument.symbol}`, onclick: () => halt(instrument) }, "Halt");
}

function badge(instrument) {
  const tone = live.value ? { "": "good", warn: "warn", bad: "bad" }[phaseTone(instrument)] : "";
  return h("span", { class: `badge ${tone}` }, phaseText(instrument));
}

export function startHalts() {
  const table = new Table($("#halts"), [
    { title: "Instrument", of: (instrument) => instrument.symbol },
    { title: "Market", wide: true, kind: "muted", of: (instrument) => instrument.market ?? "" },
    { title: "Phase", fresh: true, of: badge },
    { title: "", kind: "actions", fresh: true, of: button },
  ], { key: (instrument) => instrument.symbol, depends: () => `${me.value?.user} ${live.value}`, label: "Instruments", empty: () => unknown("No instruments.") });
  const draw = () => table.update([...instruments.value.values()]);
  instruments.watch(draw);
  me.watch(draw);
  live.watch(draw);
  status.watch(draw);
}
