// Says when what is shown is not of now, and when it is again.
import { $, h, setText } from "./dom.js";
import { clock } from "./format.js";
import { connected, live, me, ownLinkDown, status } from "./state.js";

const BACK_FOR = 7000;
const PATIENCE = 700; // an interruption shorter than this is nobody's business
const now = () => clock(new Date().toISOString());

let shown = null;
let lostAt = null;
let timer = null;
let started = false;

function show(kind, text) {
  const banner = $("#banner");
  if (kind) banner.dataset.kind = kind;
  else delete banner.dataset.kind;
  banner.replaceChildren(...(text ? [h("span", {}, text)] : []));
  shown = kind;
}

/** What is wrong as [kind, text, whether what is shown is of now nevertheless], or null. */
function trouble(feed) {
  if (feed.state.value !== "open") {
    const why = feed.closed?.code === 1013 ? "The web has no room for another screen" : "Connection to the web lost";
    return [started ? "down" : "wait", started ? `${why} at ${lostAt} UTC. Trying again…` : "Connecting…"];
  }
  if (status.value.venue === null) return ["wait", "Connecting…"];
  if (status.value.venue !== "up") {
    return ["down", `The venue is down${started ? ` since ${lostAt} UTC` : ""}. Orders cannot be sent; waiting for it…`];
  }
  const own = ownLinkDown();
  if (!own) return null;
  const why = own.text ? `: ${own.text}` : "";
  const what = me.value.session === own.comp_id ? "Orders cannot be sent" : "Nothing can be done";
  return ["down", `Session ${own.comp_id} is not logged on${why}. ${what}; trying again…`, true];
}

function look(feed) {
  const wrong = trouble(feed);
  clearTimeout(timer);
  const isLive = !wrong || Boolean(wrong[2]);
  live.set(isLive);
  connected.set(!wrong);
  document.body.classList.toggle("stale", !isLive && started);
  if (wrong) {
    lostAt ??= now();
    timer = setTimeout(() => show(...trouble(feed)), shown ? 0 : PATIENCE);
  } else {
    if (shown && started) {
      show("back", `Connected again at ${now()} UTC. What you see is current.`);
      timer = setTimeout(() => show(null), BACK_FOR);
    } else show(null);
    lostAt = null;
  }
  started ||= isLive;
}

function lamps() {
  const { venue, links } = status.value;
  const state = venue === "up" ? "up" : "down";
  const down = links.filter((link) => link.state !== "up").map((link) => link.comp_id);
  const word = venue === "up" ? (down.length ? `without ${down.join(", ")}` : "Live") : "Venue down";
  const place = $("#links");
  if (!place.firstChild) place.append(h("span", { class: "lamp", "aria-hidden": "true" }), h("span", { class: "word" }));
  place.firstChild.className = `lamp ${live.value ? (down.length ? "connecting" : state) : "down"}`;
  setText(place.lastChild, live.value ? word : "Not live");
  place.title = links.map((link) => `${link.comp_id}: ${link.state}`).join("\n");
}

export function startBanner(feed) {
  feed.state.watch(() => look(feed));
  status.watch(() => look(feed));
  me.watch(() => look(feed));
  status.watch(lamps);
  live.watch(lamps);
  feed.on("status", null, (message) => {
    const { venue, links } = message;
    status.set({ venue, links: links ?? status.value.links });
  });
}
