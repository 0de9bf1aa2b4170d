// The REST interface: /v1, and problems as RFC 9457 tells them.

let csrf = null;

/** The token that goes with every request that changes something. */
export function useCsrf(token) {
  csrf = token;
}

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `the web answers ${status}`);
    this.status = status;
    this.code = body.code ?? "unknown";
    this.venueText = body.venue_text ?? null;
    this.venueCode = body.venue_code ?? null;
    this.errors = body.errors ?? [];
  }

  /** What to tell: the venue's own words where it was the venue. */
  get sentence() {
    const fields = this.errors.map((each) => `${each.field}: ${each.expected ?? each.detail ?? "wrong"}`);
    const text = this.venueText ?? this.message;
    return fields.length && !this.venueText ? `${text} (${fields.join("; ")})` : text;
  }
}

/** The body of the answer. Raises `Problem`; with code "unreachable" where there was no answer. */
export async function request(method, path, body = undefined) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  let answer;
  let read;
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    answer = await fetch(`/v1${path}`, { method, headers, body: text, credentials: "same-origin" });
    read = await answer.text();
  } catch {
    throw new Problem(0, { code: "unreachable", detail: "The web server cannot be reached." });
  }
  let value = {};
  try {
    value = read ? JSON.parse(read) : {};
  } catch {
    value = { detail: `the web answers ${answer.status} without JSON` };
  }
  if (!answer.ok) throw new Problem(answer.status, value);
  return value;
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);
export const patch = (path, body) => request("PATCH", path, body);
export const remove = (path) => request("DELETE", path);
export const segment = encodeURIComponent;
