// The WebSocket: subscriptions that outlive it, reconnecting with a growing pause.
import { Signal } from "./signal.js";

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
const PING_EVERY = 5000;
const SILENCE = 15000;

const keyOf = (channel, symbol) => `${channel}|${symbol ?? ""}`;

export class Feed {
  #socket = null;
  #pause = FIRST_PAUSE;
  #retry = null;
  #heard = 0;
  #rooms = new Map(); // key -> {request, listeners, last}

  /** "connecting", "open", or "closed" while it waits to try again. */
  state = new Signal("connecting");
  /** What the server said when it closed: {code, reason}. */
  closed = null;

  constructor() {
    setInterval(() => this.#check(), PING_EVERY);
    addEventListener("online", () => this.connect());
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
  }

  /** Connect now. An open connection is replaced, as after a login. */
  connect() {
    clearTimeout(this.#retry);
    const before = this.#socket;
    this.#socket = null;
    before?.close(1000);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
    this.#socket = socket;
    if (this.state.value !== "closed") this.state.set("connecting");
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#received(socket, event.data);
    socket.onclose = (event) => this.#lost(socket, event);
  }

  /** Listen to a channel; returns how to end that. Many listeners share one subscription. */
  on(channel, symbol, listener, terms = {}) {
    const key = keyOf(channel, symbol);
    let room = this.#rooms.get(key);
    if (!room) {
      const request = { channel, ...(symbol ? { symbol } : {}), ...terms };
      room = { request, listeners: new Set() };
      this.#rooms.set(key, room);
      if (channel !== "status") this.#send({ op: "subscribe", ...request });
    }
    room.listeners.add(listener);
    return () => {
      room.listeners.delete(listener);
      if (room.listeners.size || this.#rooms.get(key) !== room) return;
      this.#rooms.delete(key);
      if (channel !== "status") this.#send({ op: "unsubscribe", ...room.request });
    };
  }

  /** Ask for a snapshot, after a gap. */
  resync(channel, symbol) {
    const room = this.#rooms.get(keyOf(channel, symbol));
    if (room) this.#send({ op: "resync", ...room.request });
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #opened(socket) {
    if (socket !== this.#socket) return;
    this.#pause = FIRST_PAUSE;
    this.#heard = Date.now();
    this.closed = null;
    this.state.set("open");
    for (const { request } of this.#rooms.values()) {
      if (request.channel !== "status") this.#send({ op: "subscribe", ...request });
    }
  }

  #received(socket, text) {
    if (socket !== this.#socket) return;
    this.#heard = Date.now();
    const message = JSON.parse(text);
    const room = message.op ? null : this.#rooms.get(keyOf(message.channel, message.symbol));
    for (const listener of room ? [...room.listeners] : []) listener(message);
    if (message.op === "error") console.warn(`the feed refuses: ${message.detail}`);
  }

  #lost(socket, event) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.closed = event ? { code: event.code, reason: event.reason } : null;
    this.state.set("closed");
    const pause = this.#pause * (0.75 + Math.random() / 2);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    this.#retry = setTimeout(() => this.connect(), pause);
  }

  #check() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (Date.now() - this.#heard > SILENCE) {
      const socket = this.#socket;
      this.#lost(socket, null);
      socket.close();
    } else this.#send({ op: "ping" });
  }

  #wake() {
    if (!this.#socket) this.connect();
  }
}
