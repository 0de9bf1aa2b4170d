// Halt and resume, instrument by instrument.
import { confirm } from "../dialog.js";
import { $, h } from "../dom.js";
import { instruments, me } from "../state.js";
import { phaseText, phaseTone } from "../symbols.js";
import { Table } from "../table.js";
import { act } from "./act.js";

async function halt(instrument) {
  const text = `Nobody can trade ${instrument.symbol} until it is resumed. Orders stay, and may be canceled.`;
  if (await confirm(`Halt ${instrument.symbol}`, text, "Halt")) await act("halt", { symbol: instrument.symbol });
}

function button(instrument) {
  return instrument.is_halted
    ? h("button", { type: "button", class: "small", "aria-label": `Resume ${instrument.symbol}`, onclick: () => act("resume", { symbol: instrument.symbol }) }, "Resume")
    : h("button", { type: "button", class: "small danger", "aria-label": `Halt ${instrument.symbol}`, onclick: () => halt(instrument) }, "Halt");
}

export function startHalts() {
  const table = new Table($("#halts"), [
    { title: "Instrument", of: (instrument) => instrument.symbol },
    { title: "Market", wide: true, kind: "muted", of: (instrument) => instrument.market ?? "" },
    { title: "Phase", fresh: true, of: (instrument) => h("span", { class: `badge ${{ "": "good", warn: "warn", bad: "bad" }[phaseTone(instrument)]}` }, phaseText(instrument)) },
    { title: "", kind: "actions", fresh: true, of: button },
  ], { key: (instrument) => instrument.symbol, depends: () => me.value, label: "Instruments", empty: "No instruments." });
  const draw = () => table.update([...instruments.value.values()]);
  instruments.watch(draw);
  me.watch(draw);
}
