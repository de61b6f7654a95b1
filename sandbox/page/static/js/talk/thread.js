// The thread of a message, beside the channel: grows as the others answer.

import { goToChannel } from "../address.js";
import { announce } from "./announcements.js";
import { Composer } from "./composer.js";
import { fill, h } from "../dom.js";
import { Log } from "./log.js";
import { News } from "./news.js";
import { sign } from "../signs.js";
import { store } from "../store.js";
import { toast } from "../toast.js";

export class Thread {
  constructor() {
    this.pane = document.getElementById("thread");
    this.heading = document.getElementById("thread-heading");
    this.log = new Log(document.getElementById("thread-log"), { label: "Thread", inThread: true });
    this.composer = new Composer(document.getElementById("thread-composer"));
    this.channel = null;
    this.root = null;
    this.opening = 0;
    this.news = new News((news) => this.hear(news));
    store.on("channels", () => this.root && this.aim());
    this.pane.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.leave();
    });
  }

  get isOpen() {
    return this.root !== null;
  }

  /** Show the thread of this message; `at` is the reply to scroll to. */
  async open(channel, root, at = null) {
    this.opening += 1;
    const wasSame = this.channel === channel && this.root === root;
    this.channel = channel;
    this.root = root;
    this.pane.hidden = false;
    this.drawHeading();
    this.aim();
    if (!wasSame) this.log.show([]);
    await this.news.during(() => this.ask(at));
  }

  async ask(at) {
    const { opening, channel, root } = this;
    try {
      const { messages } = await store.ask("thread", { channel, ts: root });
      if (opening !== this.opening) return;
      store.load(channel, messages);
      this.log.show(messages);
      if (at && at !== root) this.log.pointAt(at);
    } catch (error) {
      if (opening !== this.opening || !store.connected) return;
      toast(error.message);
      this.leave();
    }
  }

  close() {
    this.opening += 1;
    this.channel = null;
    this.root = null;
    this.pane.hidden = true;
    this.log.show([]);
  }

  leave() {
    const { channel, root } = this;
    const hadFocus = this.pane.contains(document.activeElement);
    goToChannel(store.channel(channel));
    const item = document.querySelector(`#timeline [data-ts="${root}"]`);
    if (hadFocus) (item?.querySelector(".replies") ?? item)?.focus({ preventScroll: true });
  }

  drawHeading() {
    fill(
      this.heading,
      h("button.bare.back", { type: "button", onclick: () => this.leave() }, sign("left"), "Back"),
      h(
        "div.heading-words",
        {},
        h("h2", { id: "thread-name" }, "Thread"),
        h("p.quiet.small", {}, store.channelName(this.channel)),
      ),
      h(
        "button.bare.square.close",
        { type: "button", onclick: () => this.leave(), "aria-label": "Close the thread" },
        sign("cross"),
      ),
    );
  }

  aim() {
    this.composer.aim(store.channel(this.channel), this.root);
  }

  focus() {
    this.composer.focus();
  }

  hear({ messages, gone }) {
    if (!this.root) return;
    const mine = messages.filter(
      ({ channel, ts, thread_ts }) =>
        channel === this.channel && (ts === this.root || thread_ts === this.root),
    );
    const left = gone.filter(
      ({ channel, ts }) => channel === this.channel && this.log.items.has(ts),
    );
    if (left.some(({ ts }) => ts === this.root)) {
      this.leave();
      return;
    }
    const fresh = [];
    this.log.steady(() => {
      for (const { ts } of left) this.log.drop(ts);
      for (const message of mine) if (this.log.put(message)) fresh.push(message);
    });
    if (fresh.some((each) => each.user === store.me)) this.log.toEnd();
    for (const message of fresh) announce(message);
  }
}
