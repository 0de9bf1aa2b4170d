// Shows /openapi.json, and sends what is filled in. It fetches nothing from elsewhere.

const METHODS = ["get", "post", "patch", "put", "delete"];
const $ = (id) => document.getElementById(id);
let description = null;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function resolved(schema) {
  if (!schema || !schema.$ref) return schema || {};
  const names = schema.$ref.replace("#/", "").split("/");
  return names.reduce((tree, name) => tree[name], description);
}

function typeText(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeText))].join(" or ");
  if (schema.type === "array") return `array of ${typeText(schema.items) || "values"}`;
  if (schema.type === "object" && typeof schema.additionalProperties === "object") {
    return `object of ${typeText(schema.additionalProperties)}`;
  }
  const type = [].concat(schema.type || "value").join(" or ");
  return schema.format ? `${type} (${schema.format})` : type;
}

function limits(schema) {
  const all = [schema, ...(schema.anyOf || [])];
  const found = all.flatMap((each) => [
    each.pattern ? `matches ${each.pattern}` : null,
    each.minimum !== undefined ? `at least ${each.minimum}` : null,
    each.maximum !== undefined ? `at most ${each.maximum}` : null,
  ]);
  if (schema.default !== undefined && schema.default !== null) found.push(`default ${schema.default}`);
  return found.filter(Boolean).join(", ");
}

function table(heads, rows) {
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": heads[0] },
    element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell)))))));
}

function members(schema) {
  const whole = resolved(schema);
  if (!whole.properties) return element("p", {}, element("code", {}, typeText(schema)));
  const required = new Set(whole.required || []);
  const rows = Object.entries(whole.properties).map(([name, each]) => [
    element("code", {}, required.has(name) ? `${name} *` : name),
    element("code", {}, typeText(each)),
    [each.description, limits(each)].filter(Boolean).join(" ") || "",
  ]);
  return table(["Member", "Type", "Meaning"], rows);
}

function bodyOf(operation) {
  return operation.requestBody?.content?.["application/json"];
}

function examplesOf(operation) {
  return Object.entries(bodyOf(operation)?.examples || {});
}

function curl(method, path, body) {
  const lines = [`curl -X ${method.toUpperCase()} '${location.origin}${path}'`];
  lines.push("-H 'Authorization: Bearer TOKEN'");
  if (body) lines.push("-H 'Content-Type: application/json'", `-d '${body.replaceAll("'", "'\\''")}'`);
  return lines.join(" \\\n  ");
}

async function csrf() {
  const answer = await fetch("/v1/me");
  return answer.ok ? (await answer.json()).csrf : null;
}

async function ask(method, path, body) {
  const headers = {};
  const token = $("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  if (!token && method !== "get") {
    const known = await csrf();
    if (known) headers["X-CSRF-Token"] = known;
  }
  const answer = await fetch(path, { method: method.toUpperCase(), headers, body: body || undefined });
  const told = [`${answer.status} ${answer.statusText}`];
  for (const name of ["content-type", "location", "retry-after", "allow"]) {
    if (answer.headers.has(name)) told.push(`${name}: ${answer.headers.get(name)}`);
  }
  const text = await answer.text();
  let shown = text;
  try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it is */ }
  const most = 20000;
  if (shown.length > most) shown = `${shown.slice(0, most)}\n... ${shown.length - most} more characters`;
  return `${told.join("\n")}\n\n${shown}`;
}

function tryForm(method, path, operation) {
  const parameters = operation.parameters || [];
  const inputs = parameters.map((parameter) => {
    const schema = resolved(parameter.schema);
    const first = schema.examples?.[0] ?? "";
    const input = element("input", {
      name: parameter.name,
      value: parameter.in === "path" ? first : "",
      placeholder: schema.default ?? "",
      required: parameter.required,
      autocomplete: "off",
    });
    return { parameter, input };
  });
  const examples = examplesOf(operation);
  const text = (value) => JSON.stringify(value, null, 2);
  const body = bodyOf(operation)
    ? element("textarea", { "aria-label": "Body", spellcheck: "false" }, examples.length ? text(examples[0][1].value) : "{}")
    : null;
  const choice = examples.length > 1
    ? element("label", {}, "Example ", element("select", {
        onchange: (event) => { body.value = text(examples[event.target.selectedIndex][1].value); },
      }, ...examples.map(([name]) => element("option", {}, name))))
    : null;
  const output = element("pre", { hidden: true, role: "status", tabindex: "0" });
  const url = () => {
    let filled = path;
    const query = new URLSearchParams();
    for (const { parameter, input } of inputs) {
      if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      if (parameter.in === "query" && input.value) query.set(parameter.name, input.value);
    }
    return query.size ? `${filled}?${query}` : filled;
  };
  return element("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      output.hidden = false;
      output.textContent = "...";
      try {
        output.textContent = `${curl(method, url(), body?.value)}\n\n${await ask(method, url(), body?.value)}`;
      } catch (error) {
        output.textContent = `no answer: ${error.message}`;
      }
    },
  },
  ...inputs.filter(({ parameter }) => parameter.in !== "header").map(({ parameter, input }) =>
    element("label", {}, `${parameter.name} `, input)),
  choice, body, element("div", {}, element("button", {}, "Send")), output);
}

function responses(operation) {
  const rows = Object.entries(operation.responses).map(([status, response]) => {
    const [kind, content] = Object.entries(response.content || {})[0] || ["", {}];
    const headers = Object.keys(response.headers || {}).join(", ");
    return [
      element("code", {}, status),
      element("code", {}, content.schema ? typeText(content.schema) : kind || "nothing"),
      response.description + (headers ? ` Headers: ${headers}.` : ""),
    ];
  });
  return table(["Status", "Body", "When"], rows);
}

function operationElement(method, path, operation) {
  const id = `${method}${path}`.replaceAll(/[^a-z0-9]+/gi, "-");
  const content = element("div", {});
  const made = element("details", { class: "operation", id, "data-text": `${method} ${path} ${operation.description || ""}`.toLowerCase() },
    element("summary", {}, element("span", { class: `method ${method}` }, method),
      element("span", { class: "path" }, path)),
    content);
  made.addEventListener("toggle", () => {
    if (!made.open || content.hasChildNodes()) return;
    const parameters = operation.parameters || [];
    content.append(element("p", {}, operation.description || operation.summary || ""));
    if (parameters.length) {
      content.append(element("h3", {}, "Parameters"), table(["Name", "In", "Type", "Meaning"], parameters.map((each) => [
        element("code", {}, each.required ? `${each.name} *` : each.name), each.in,
        element("code", {}, typeText(each.schema)), [each.description, limits(each.schema)].filter(Boolean).join(" "),
      ])));
    }
    if (bodyOf(operation)) content.append(element("h3", {}, "Body"), members(bodyOf(operation).schema));
    content.append(element("h3", {}, "Answers"), responses(operation));
    const success = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
    const answered = success?.[1].content?.["application/json"]?.schema;
    if (answered) content.append(element("h3", {}, "Body of a success"), members(answered.items ?? answered));
    content.append(element("h3", {}, "Try"), tryForm(method, path, operation));
  });
  return { id, made };
}

function show() {
  $("title").textContent = `${description.info.title} ${description.info.version}: REST`;
  const main = $("main");
  main.replaceChildren(element("p", { class: "intro" }, description.info.description));
  for (const tag of description.tags) {
    const listed = Object.entries(description.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]?.tags?.includes(tag.name)).map((method) => [method, path, item[method]]));
    if (!listed.length) continue;
    const links = element("ul", {});
    const section = element("section", { "aria-labelledby": `tag-${tag.name}` },
      element("h2", { id: `tag-${tag.name}` }, tag.name), element("p", { class: "dim" }, tag.description || ""));
    for (const [method, path, operation] of listed) {
      const { id, made } = operationElement(method, path, operation);
      section.append(made);
      links.append(element("li", {}, element("a", { href: `#${id}` },
        element("span", { class: `method ${method}` }, method), element("span", { class: "path" }, path))));
    }
    main.append(section);
    $("contents").append(element("strong", {}, tag.name), links);
  }
  open();
}

function open() {
  const target = location.hash ? $(location.hash.slice(1)) : null;
  if (target?.matches("details")) {
    target.open = true;
    target.scrollIntoView();
  }
}

function find() {
  const wanted = $("find").value.toLowerCase();
  for (const each of document.querySelectorAll("details.operation")) {
    each.hidden = !each.dataset.text.includes(wanted);
  }
}

window.addEventListener("hashchange", open);
$("find").addEventListener("input", find);
$("who").addEventListener("submit", (event) => event.preventDefault());
try {
  description = await (await fetch("/openapi.json")).json();
  show();
} catch (error) {
  $("main").replaceChildren(element("p", { role: "alert" }, `/openapi.json cannot be read: ${error.message}`));
}
