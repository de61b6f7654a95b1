// What the page knows: the last word of the sandbox on everything, and who hears of changes.

import { Link } from "./link.js";

const WHOLE = ["people", "channels", "modals", "home", "time", "trouble"];

export class Store {
  constructor() {
    this.listeners = new Map();
    this.connected = false;
    this.started = false;
    this.messages = new Map(); // channel id -> Map(ts -> Message), the loaded ones
    this.phones = [];
    this.traffic = [];
  }

  /** Be this person from now on: everything arrives anew as `start`. */
  be(person) {
    this.link = new Link(
      person,
      (message) => this.hear(message),
      (state) => {
        this.connected = state === "open";
        this.tell("connected");
      },
    );
  }

  /**
   * Hear of changes: start, people, channels, modals, home, time, trouble, connected, wait,
   * messages (gets {messages, gone}), phones (gets the new rings), traffic (gets the new calls).
   */
  on(what, listener) {
    if (!this.listeners.has(what)) this.listeners.set(what, new Set());
    this.listeners.get(what).add(listener);
    return () => this.listeners.get(what).delete(listener);
  }

  tell(what, news) {
    for (const listener of this.listeners.get(what) ?? []) listener(news);
  }

  ask(what, details) {
    return this.link.ask(what, details);
  }

  hear(message) {
    const { type } = message;
    if (type === "start") this.start(message);
    else if (type === "messages") this.keep(message);
    else if (type === "phones") this.phones.push(...message.rings);
    else if (type === "traffic") this.traffic.push(...message.calls);
    else if (WHOLE.includes(type)) this[type] = message[type];
    if (type === "time") this.timeAt = performance.now();
    const news = { messages: message, phones: message.rings, traffic: message.calls };
    this.tell(type, news[type] ?? message);
  }

  start(message) {
    const { type, ...state } = message;
    Object.assign(this, state);
    this.timeAt = performance.now();
    this.messages.clear();
    this.traffic = [];
    this.started = true;
  }

  keep({ messages, gone }) {
    for (const message of messages) this.messages.get(message.channel)?.set(message.ts, message);
    for (const { channel, ts } of gone) this.messages.get(channel)?.delete(ts);
  }

  /** Keep what `history` or `thread` answered. */
  load(channel, messages) {
    if (!this.messages.has(channel)) this.messages.set(channel, new Map());
    const kept = this.messages.get(channel);
    for (const message of messages) kept.set(message.ts, message);
  }

  // Names

  get myself() {
    return this.people[this.me];
  }

  person(id) {
    return this.people?.[id];
  }

  /** What somebody is called here. */
  nameOf(id) {
    return this.people?.[id]?.name ?? "unknown";
  }

  channel(id) {
    return this.channels?.find((each) => each.id === id);
  }

  /** What a channel is called in front of this person: "#ops", "bob". */
  channelName(id) {
    const channel = this.channel(id);
    if (!channel) return "#private channel";
    if (channel.kind === "im") return this.nameOf(channel.with);
    if (channel.kind === "mpim") {
      const others = channel.members.filter((each) => each !== this.me);
      return others.map((each) => this.nameOf(each)).join(", ");
    }
    return `#${channel.name}`;
  }
}

export const store = new Store();
