// The messages of a channel: the newest hundred first, older ones as the reader comes to them.

import { h } from "../dom.js";
import { Log } from "./log.js";
import { isReply } from "./message.js";
import { News } from "./news.js";
import { store } from "../store.js";

const AT_ONCE = 100; // messages
const AHEAD = "1500px 0px 0px 0px"; // older ones are asked for before the reader reaches the top

export class Timeline {
  /** `seen(ts)` hears up to where the reader can see; `arrived(message)` of each new message. */
  constructor(scroller, { seen, arrived }) {
    this.scroller = scroller;
    this.seen = seen;
    this.arrived = arrived;
    this.channel = null;
    this.more = false;
    this.opening = 0; // counts the openings, to drop answers that come too late
    this.top = h("p.log-top.quiet.small");
    scroller.append(this.top);
    this.log = new Log(scroller, { label: "Messages" });
    const toEnd = () => this.log.toEnd();
    this.jump = h("button.to-end", { type: "button", onclick: toEnd }, "New messages");
    this.jump.hidden = true;
    scroller.after(this.jump);
    this.watcher = new IntersectionObserver(
      (entries) => entries.at(-1).isIntersecting && this.older(),
      { root: scroller, rootMargin: AHEAD },
    );
    scroller.addEventListener("scroll", () => this.look(), { passive: true });
    document.addEventListener("visibilitychange", () => this.look());
    this.news = new News((news) => this.hear(news));
  }

  /** Show this channel from the end; or around the message `at`, which is marked; or `around`. */
  async open(channel, { at = null, around = null } = {}) {
    this.opening += 1;
    const wasSame = this.channel === channel;
    // After a lost connection the reader comes back to where they were.
    const reading = wasSame && !at && !this.log.sticks ? this.log.reading : null;
    const backTo = at ?? around ?? (reading && this.log.order[0]);
    if (!wasSame) this.clear("Opening ...");
    this.channel = channel;
    this.jump.hidden = true;
    const details = { channel, limit: AT_ONCE, ...(backTo && { back_to: backTo }) };
    await this.news.during(() =>
      this.ask(details, (messages) => {
        this.log.show(messages);
        if (at) this.log.pointAt(at);
        else if (reading) this.log.returnTo(reading);
        else if (around) this.log.bring(around);
      }),
    );
    this.look();
  }

  older() {
    this.watcher.disconnect();
    const details = { channel: this.channel, before: this.log.order[0], limit: AT_ONCE };
    return this.news.during(() => this.ask(details, (messages) => this.log.prepend(messages)));
  }

  /** Ask for a part of the history and show it, unless another channel was opened meanwhile. */
  async ask(details, show) {
    const { opening } = this;
    try {
      const { messages, more } = await store.ask("history", details);
      if (opening !== this.opening) return;
      store.load(this.channel, messages);
      this.more = more;
      show(messages.filter(belongs));
      this.showTop();
      this.watcher.disconnect();
      if (more) this.watcher.observe(this.top);
    } catch (error) {
      // When the connection is gone, what comes after it opens the channel anew.
      if (opening === this.opening && store.connected) this.top.textContent = error.message;
    }
  }

  clear(text) {
    this.channel = null;
    this.more = false;
    this.log.show([]);
    this.top.textContent = text;
  }

  showTop() {
    const { kind } = store.channel(this.channel) ?? {};
    const name = store.channelName(this.channel);
    const where = kind === "im" ? `your messages with ${name}` : name;
    if (this.more) this.top.textContent = "Loading older messages ...";
    else if (this.log.order.length) this.top.textContent = `This is the start of ${where}.`;
    else this.top.textContent = `Nothing was said in ${where} yet.`;
  }

  hear({ messages, gone }) {
    const mine = messages.filter((each) => each.channel === this.channel && belongs(each));
    const left = gone.filter((each) => each.channel === this.channel);
    const shown = mine.filter((each) => !this.more || each.ts >= (this.log.order[0] ?? ""));
    if (!shown.length && !left.length) return;
    const fresh = [];
    this.log.steady(() => {
      for (const { ts } of left) this.log.drop(ts);
      for (const message of shown) {
        if (this.log.put(message)) fresh.push(message);
      }
    });
    if (fresh.some((each) => each.user === store.me)) this.log.toEnd();
    else if (fresh.length && !this.log.sticks) this.jump.hidden = false;
    for (const message of fresh) this.arrived(message);
    this.showTop();
    this.look();
  }

  /** Take note of what the reader sees, once per frame. */
  look() {
    if (this.looking) return;
    this.looking = true;
    requestAnimationFrame(() => {
      this.looking = false;
      if (this.log.isAtEnd) this.jump.hidden = true;
      if (this.channel && document.visibilityState === "visible") this.tellSeen();
    });
  }

  tellSeen() {
    const channel = store.channel(this.channel);
    const ts = this.log.isAtEnd
      ? newest(channel?.latest, this.log.order.at(-1))
      : this.log.lastShownTs();
    if (ts) this.seen(ts);
  }
}

function belongs(message) {
  return !isReply(message) || message.broadcast;
}

function newest(...times) {
  return times.filter(Boolean).sort().at(-1) ?? null;
}
