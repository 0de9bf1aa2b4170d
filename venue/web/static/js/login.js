// Who looks: /v1/me, the login dialog, logout.
import { Problem, get, post, useCsrf } from "./api.js";
import { open } from "./dialog.js";
import { $, h } from "./dom.js";
import { me } from "./state.js";

let dialog = null;

function become(who) {
  useCsrf(who.csrf);
  dialog?.close();
  me.set(who);
}

/** Ask who we are. Opens the login where nobody is known; null then, or if the web is away. */
export async function whoAmI() {
  try {
    const who = await get("/me");
    if (!who.user) throw new Problem(401, { code: "login" });
    become(who);
    return who;
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) openLogin({ needed: true });
    return null;
  }
}

async function logIn(user, password, place) {
  try {
    const body = password === null ? { user } : { user, password };
    const answer = await post("/login", body);
    useCsrf(answer.csrf);
    become({ read_only: false, via: "cookie", ...answer, ...(await get("/me")) });
  } catch (problem) {
    place.textContent = problem.sentence;
  }
}

function userButton(user, problem) {
  const can = user.operator ? "operates" : user.trades === false ? "looks on" : "";
  return h("button", { type: "button", onclick: () => logIn(user.name, null, problem) }, user.name, h("span", {}, can));
}

export async function openLogin({ needed = false } = {}) {
  if (dialog?.open) return;
  const problem = h("p", { class: "problem", role: "alert" });
  const list = h("div", { class: "users" });
  const name = h("input", { name: "user", autocomplete: "username", required: true, spellcheck: "false" });
  const password = h("input", { name: "password", type: "password", autocomplete: "current-password" });
  const form = h(
    "form",
    { class: "users", onsubmit: (event) => {
      event.preventDefault();
      logIn(name.value, password.value || null, problem);
    } },
    h("label", {}, "Name", name),
    h("label", {}, "Password", password),
    h("div", { class: "row" },
      me.value?.via === "cookie" && h("button", { type: "button", onclick: logOut }, "Log out"),
      !needed && h("button", { type: "button", onclick: () => dialog.close() }, "Back"),
      h("button", { type: "submit", class: "primary" }, "Log in")),
  );
  dialog = open("Log in", [list, form, problem], { needed });
  dialog.id = "login";
  try {
    const answer = await get("/login");
    const users = (answer.users ?? answer).map((each) => (typeof each === "string" ? { name: each } : each));
    const free = users.filter((each) => !(each.password ?? each.needs_password ?? false));
    if (!free.length) return;
    list.append(...free.map((each) => userButton(each, problem)), h("p", { class: "or" }, "or with a password"));
    list.querySelector("button").focus();
  } catch (trouble) {
    problem.textContent = trouble.sentence;
  }
}

async function logOut() {
  await post("/logout").catch(() => {});
  useCsrf(null);
  dialog?.close();
  me.set(null);
  await whoAmI();
}

export function startLogin() {
  const button = $("#user-button");
  button.addEventListener("click", () => openLogin());
  me.watch((who) => {
    button.textContent = who?.user ?? "Log in";
    button.setAttribute("aria-label", who ? `${who.user}: log in as somebody else` : "Log in");
  });
}
