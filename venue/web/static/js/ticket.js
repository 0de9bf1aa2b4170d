// The order ticket: a side, a kind, the fields that matter for it, and what became of it.
import { post } from "./api.js";
import { align, add, isMultiple, multiply, parse, plain, rounded, scaleOf } from "./decimal.js";
import { described, outcome } from "./described.js";
import { $, h, setText } from "./dom.js";
import { underWay } from "./ended.js";
import { money, price, quantity } from "./format.js";
import { openLogin } from "./login.js";
import { remember } from "./order_actions.js";
import { phaseNotice, takesOrders } from "./phases.js";
import { auction, bbo, connected, instrument, instruments, last, lastPrice, mayTrade, me, statistics, symbol, unlisted } from "./state.js";
import { stepper } from "./stepper.js";
import { openSymbols } from "./symbols.js";
import { GROUPS, KINDS, SELF_MATCH, TIMES, fieldsOf } from "./ticket_kinds.js";
import { termsOf } from "./ticket_terms.js";
import { complain, toast } from "./toast.js";
import { showTab } from "./views.js";

const tick = () => instrument()?.tick ?? "0.01";
const lot = () => instrument()?.lot ?? "1";
const fields = new Map(); // name -> {row, input}
let form;
let kind;
let send;
let answer;
let problem;
let notice;
let quicks = []; // {element, value()} of the buttons under the price
let sending = false;
let unanswered = null; // {id, terms} of a request whose answer never came

const isBuilt = () => Boolean(form && $(".sides", form));
const side = () => form.elements.side.value;
const kindName = () => kind.value;
const time = () => (KINDS[kindName()].times.length > 1 ? fields.get("time_in_force").input.value : KINDS[kindName()].times[0]);

function newId() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `P${Date.now().toString(36)}${[...random].map((each) => each.toString(36)).join("")}`.toUpperCase().slice(0, 20);
}

function row(name, label, input, { element = input, extra = null, check = false } = {}) {
  const id = `ticket-${name}`;
  input.id = id;
  input.name = name;
  const hint = h("span", { class: "hint problem-hint sell", id: `${id}-hint` });
  input.setAttribute("aria-describedby", hint.id);
  const made = h("div", { class: check ? "field check" : "field" }, h("label", { for: id }, label), element, extra, hint);
  fields.set(name, { row: made, input, hint });
  return made;
}

function amountRow(name, label, step, start, extra) {
  const { element, input } = stepper(`ticket-${name}`, name, label, step, start);
  return row(name, label, input, { element, extra });
}

const best = (which) => bbo.value?.[which]?.[0] ?? null;

function middle() {
  const [bid, ask] = [best("bid"), best("ask")];
  return bid && ask ? align(multiply(add(bid, ask), "0.5"), tick(), side() === "sell") : null;
}

function quick() {
  quicks = Object.entries({ Bid: () => best("bid"), Mid: middle, Ask: () => best("ask") }).map(([text, value]) =>
    ({ value, element: h("button", { type: "button", class: "small", onclick: () => value() && fill({ price: value(), focus: false }) }, text) }));
  return h("div", { class: "quick" }, quicks.map(({ element }) => element));
}

function startPrice() {
  return best(side() === "buy" ? "bid" : "ask") ?? auction.value?.price ?? lastPrice() ?? best("bid") ?? best("ask") ?? instrument()?.reference_price ?? "0";
}

const option = (value, text, selected = false) => h("option", { value, selected }, text);

function build() {
  const radio = (value, text) =>
    h("label", {}, h("input", { type: "radio", name: "side", value, checked: value === "buy" }), h("span", {}, text));
  kind = h("select", { id: "ticket-type" }, Object.entries(GROUPS).map(([label, names]) =>
    h("optgroup", { label }, names.map((name) => option(name, KINDS[name].title)))));
  send = h("button", { type: "submit", class: "send", id: "send" });
  problem = h("p", { class: "problem", role: "alert", id: "ticket-problem" });
  answer = h("p", { class: "answer", role: "status", id: "ticket-answer" });
  notice = h("p", { class: "notice", role: "status", id: "ticket-notice" });
  const self = h("select", {}, Object.entries(SELF_MATCH).map(([value, text]) => option(value, text)));
  form.append(
    h("div", { class: "sides", role: "radiogroup", "aria-label": "Side" }, radio("buy", "Buy"), radio("sell", "Sell")),
    h("div", { class: "ticket-fields scroll" },
      h("div", { class: "field" }, h("label", { for: "ticket-type" }, "Type"), kind),
      amountRow("quantity", "Quantity", quantityStep, () => "0"),
      amountRow("trigger_price", "Trigger", tick, startPrice),
      amountRow("price", "Price", tick, startPrice, quick()),
      row("time_in_force", "In force", h("select")),
      row("expires", "Expires, UTC", h("input", { type: "datetime-local" })),
      h("details", { class: "more" }, h("summary", {}, "More terms"), h("div", { class: "fields" },
        amountRow("display_quantity", "Show", quantityStep, () => "0"),
        amountRow("min_quantity", "At least", quantityStep, () => "0"),
        row("post_only", "Post only", h("input", { type: "checkbox" }), { check: true }),
        row("all_or_none", "All or none", h("input", { type: "checkbox" }), { check: true }),
        row("account", "Account", h("input", { maxlength: "64", spellcheck: "false" })),
        row("self_match_prevention_id", "Self-match id", h("input", { maxlength: "32", spellcheck: "false" })),
        row("self_match_prevention", "Self-match", self)))),
    h("div", { class: "ticket-foot" },
      h("div", { class: "totals" }, h("span", {}, "Value"), h("output", { id: "ticket-value" }, "–")),
      notice, send, problem, answer),
  );
}

/** A step for quantities that moves: a hundredth of the largest power of ten, but at least the lot. */
function quantityStep() {
  const now = parse(fields.get("quantity").input.value);
  const smallest = [lot(), instrument()?.min_quantity ?? lot()].reduce((a, b) => (isMultiple(b, a) && scaleOf(b) <= scaleOf(a) ? b : a));
  if (!now || now.units === 0n) return smallest;
  const [whole, decimals = ""] = plain(fields.get("quantity").input.value).split(".");
  const place = whole.replace("0", "").length ? whole.length - 1 : -1 - decimals.search(/[1-9]/);
  const power = place - 1 >= 0 ? `1${"0".repeat(place - 1)}` : `0.${"0".repeat(-place)}1`;
  return isMultiple(power, smallest) ? power : smallest;
}

/** Another kind begins without the terms of the one before, seen or not. */
function begin() {
  for (const [name, { input }] of fields) {
    if (["quantity", "price", "trigger_price", "account"].includes(name)) continue;
    if (input.type === "checkbox") input.checked = false;
    else if (input.tagName === "INPUT") input.value = "";
    else if (name === "time_in_force") input.replaceChildren();
    else input.selectedIndex = 0;
  }
  mark({});
  shape();
}

function shape() {
  const chosen = KINDS[kindName()];
  const times = fields.get("time_in_force").input;
  const before = times.value;
  times.replaceChildren(...chosen.times.map((each) => option(each, TIMES[each], chosen.times.includes(before) ? each === before : each === chosen.times[0])));
  const matter = fieldsOf(kindName(), time());
  for (const [name, { row: place }] of fields) place.hidden = !matter.has(name);
  fields.get("self_match_prevention").row.hidden = !fields.get("self_match_prevention_id").input.value;
  const show = fields.get("display_quantity").row;
  const details = $(".more", form);
  if (kindName() === "iceberg") fields.get("time_in_force").row.after(show);
  else $(".fields", details).prepend(show);
  refresh();
}

const values = () => Object.fromEntries([...fields].map(([name, { input }]) =>
  [name, input.type === "checkbox" ? input.checked : input.value.trim()]));

function refresh() {
  if (!isBuilt()) return;
  const { terms } = termsOf(kindName(), side(), symbol.value, instrument(), values());
  const at = terms.price ?? terms.trigger_price ?? best(side() === "buy" ? "ask" : "bid");
  const known = parse(terms.quantity) && parse(at);
  const currency = instrument()?.currency ?? "";
  const guess = terms.price ? "" : "≈ ";
  setText($("#ticket-value"), known ? `${guess}${money(multiply(terms.quantity, at))} ${currency}` : "–");
  const said = [...fields.values()].filter(({ input, row: place }) =>
    place.closest(".more") && !place.hidden && input.tagName === "INPUT" && (input.type === "checkbox" ? input.checked : input.value));
  setText($(".more summary", form), said.length ? `More terms (${said.length} set)` : "More terms");
  const verb = side() === "buy" ? "Buy" : "Sell";
  const what = parse(terms.quantity) ? `${quantity(terms.quantity)} ${symbol.value ?? ""}` : (symbol.value ?? "");
  const where = terms.price && parse(terms.price) ? ` @ ${price(terms.price, tick())}` : KINDS[kindName()].type === "market" ? " at market" : "";
  setText(send, sending ? "Sending…" : !connected.value ? "Not connected" : `${verb} ${what}${where}`);
  for (const name of ["price", "trigger_price"]) fields.get(name).input.placeholder = price(startPrice(), tick());
  const now = instrument();
  setText(notice, now ? phaseNotice(now, terms) : "");
  notice.dataset.tone = now && !takesOrders(now) ? "bad" : "warn";
  for (const { element, value } of quicks) element.disabled = !value();
  send.dataset.side = side();
  send.classList.toggle("refused", Boolean(now) && !takesOrders(now));
  send.disabled = sending || !connected.value;
}

/** Put a price, a side or both into the ticket. */
export function fill({ price: at = null, side: wanted = null, focus = true }) {
  if (!isBuilt()) return;
  if (wanted) form.elements.side.value = wanted;
  if (at) {
    const matter = fieldsOf(kindName(), time());
    const name = matter.has("price") ? "price" : "trigger_price";
    const { input } = fields.get(matter.has(name) ? name : "price");
    input.value = rounded(at, scaleOf(tick()));
    mark({});
  }
  refresh();
  if (!focus) return;
  showTab("ticket");
  const { input } = fields.get("quantity");
  input.focus({ preventScroll: true });
  input.select();
}

function mark(wrong) {
  for (const [name, { input, hint }] of fields) {
    setText(hint, wrong[name] ?? "");
    if (wrong[name]) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  const first = Object.keys(wrong)[0];
  if (!first) return;
  const { input, row: place } = fields.get(first);
  if (place.closest("details")) place.closest("details").open = true;
  input.focus();
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function place(event) {
  event.preventDefault();
  if (sending || !connected.value) return;
  const { terms, wrong } = termsOf(kindName(), side(), symbol.value, instrument(), values());
  mark(wrong);
  problem.textContent = "";
  answer.textContent = "";
  if (Object.keys(wrong).length) return;
  const id = unanswered && same(unanswered.terms, terms) ? unanswered.id : newId();
  const answered = underWay(id);
  sending = true;
  refresh();
  try {
    const order = await post("/orders", { ...terms, client_order_id: id });
    unanswered = null;
    remember([order]);
    tell(order);
  } catch (trouble) {
    unanswered = trouble.status === 504 || trouble.code === "unreachable" ? { id, terms } : null;
    const marked = trouble.errors?.filter((each) => fields.has(each.field)) ?? [];
    const text = marked.length ? trouble.message : trouble.sentence; // the fields say the rest
    problem.textContent = text + (unanswered ? " Whether it has arrived is not known: sent again it stays one order." : "");
    mark(Object.fromEntries(marked.map((each) => [each.field, `It has to be ${each.expected}.`])));
    complain(trouble, unanswered ? `No answer: ${described(terms)}` : `Refused: ${described(terms)}`);
  } finally {
    answered();
    sending = false;
    refresh();
  }
}

function tell(order) {
  const text = `${described(order)}: ${outcome(order)}`;
  const whole = order.text ? `${text}. ${order.text}` : text;
  answer.textContent = whole;
  if (order.status === "rejected") problem.textContent = order.text ?? "The venue has rejected it.";
  localStorage.setItem(`quantity ${order.symbol}`, order.quantity);
  if (!order.average_price) toast(whole, order.status === "rejected" ? "bad" : "plain"); // a fill is told as such
}

/** No ticket: why, and what can be done about it. */
function without(why, text, onclick) {
  form.replaceChildren(h("div", { class: "no-desk" }, h("p", {}, why), h("button", { type: "button", class: "primary", onclick }, text)));
}

function access() {
  const may = mayTrade();
  if (!may) {
    const why = me.value?.read_only ? `${me.value.user} may only look.` : `${me.value?.user ?? "Nobody"} does not trade.`;
    without(why, "Log in as a trader", () => openLogin());
  } else if (unlisted.value) without(`${unlisted.value} is not listed.`, "Choose an instrument", openSymbols);
  else if (!isBuilt()) {
    form.replaceChildren();
    build();
    shape();
    fresh();
  }
  setText($("#ticket-legend"), me.value ? `as ${me.value.user}` : "");
}

/** An empty ticket with the instrument's usual quantity. */
function fresh() {
  if (!isBuilt()) return;
  const usual = localStorage.getItem(`quantity ${symbol.value}`) ?? instrument()?.min_quantity ?? instrument()?.lot ?? "";
  for (const [name, { input }] of fields) {
    if (input.tagName === "INPUT" && input.type !== "checkbox") input.value = name === "quantity" ? plain(usual) : "";
  }
  problem.textContent = "";
  answer.textContent = "";
  mark({});
  refresh();
}

export function startTicket() {
  form = $("#ticket");
  form.addEventListener("submit", place);
  form.addEventListener("input", (event) => {
    if (event.target === kind) begin();
    else if (event.target.name === "time_in_force" || event.target.name === "self_match_prevention_id") shape();
    else refresh();
    const field = fields.get(event.target.name);
    if (field?.hint.textContent) mark({});
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement.blur();
  });
  form.addEventListener("toggle", (event) => event.target.scrollIntoView({ block: "nearest" }), { capture: true });
  me.watch(access);
  unlisted.watch(access, { now: false });
  symbol.watch(fresh);
  instruments.watch(refresh, { now: false });
  last.watch(refresh, { now: false });
  statistics.watch(refresh, { now: false });
  bbo.watch(refresh, { now: false });
  auction.watch(refresh, { now: false });
  connected.watch(refresh);
}

/** The ticket with a side, its quantity ready to be typed. */
export const openTicket = (wanted) => fill({ side: wanted });
