// What an order may be, and which fields matter for it. The words are those of POST /v1/orders.

export const RESTING = ["day", "gtc", "gtd"];
const ANY = ["day", "gtc", "gtd", "ioc", "fok", "at_open", "at_close"];
const NOW = ["ioc", "fok"];

/** Each: title, the type that is sent, times in force (the first is the default), fields, `fixed` terms. */
export const KINDS = {
  limit: { title: "Limit", type: "limit", times: ANY, fields: ["price"] },
  market: { title: "Market", type: "market", times: ["day", "ioc", "fok", "at_open", "at_close"], fields: [] },
  market_to_limit: { title: "Market to limit", type: "market_to_limit", times: RESTING, fields: [] },
  stop_market: { title: "Stop market", type: "stop_market", times: RESTING, fields: ["trigger_price"] },
  stop_limit: { title: "Stop limit", type: "stop_limit", times: RESTING, fields: ["trigger_price", "price"] },
  take_profit: { title: "Take profit", type: "take_profit", times: RESTING, fields: ["trigger_price"] },
  take_profit_limit: { title: "Take profit limit", type: "take_profit_limit", times: RESTING, fields: ["trigger_price", "price"] },
  post_only: { title: "Post only", type: "limit", times: RESTING, fields: ["price"], fixed: { post_only: true } },
  iceberg: { title: "Iceberg", type: "limit", times: RESTING, fields: ["price", "display_quantity"] },
  ioc: { title: "Immediate or cancel", type: "limit", times: ["ioc"], fields: ["price"] },
  fok: { title: "Fill or kill", type: "limit", times: ["fok"], fields: ["price"] },
  gtd: { title: "Good till date", type: "limit", times: ["gtd"], fields: ["price"] },
};

export const GROUPS = {
  "Order types": ["limit", "market", "market_to_limit", "stop_market", "stop_limit", "take_profit", "take_profit_limit"],
  "Limit orders that are": ["post_only", "iceberg", "ioc", "fok", "gtd"],
};

/** How long an order may be good for, as it is chosen. */
export const TIMES = {
  day: "Day", gtc: "Good till canceled", gtd: "Good till date", ioc: "Immediate or cancel", fok: "Fill or kill",
  at_open: "At the open", at_close: "At the close",
};

/** The names of all fields that matter for such an order. */
export function fieldsOf(kindName, time) {
  const kind = KINDS[kindName];
  const names = new Set(["quantity", ...kind.fields]);
  if (kind.times.length > 1) names.add("time_in_force");
  if (time === "gtd") names.add("expires");
  if (!NOW.includes(time) && ["limit", "stop_limit", "take_profit_limit"].includes(kind.type)) names.add("display_quantity");
  if (!kind.fixed?.post_only && kindName !== "iceberg" && !time?.startsWith("at_")) names.add("min_quantity");
  if (kindName === "limit" && !NOW.includes(time) && !time?.startsWith("at_")) names.add("post_only");
  if (time === "fok") names.add("all_or_none");
  for (const name of ["self_match_prevention_id", "account"]) names.add(name);
  return names;
}

export const SELF_MATCH = {
  cancel_resting: "Cancel resting", cancel_aggressor: "Cancel incoming", cancel_both: "Cancel both", decrement: "Decrement",
};
