// One message: who and when, what it says, and what was answered to it.

import { addressOfChannel, follow, goToThread, inOf } from "../address.js";
import { Content } from "./content.js";
import { h } from "../dom.js";
import { face, rolesOf } from "../faces.js";
import { refill } from "../focus.js";
import { menuButton } from "./message_menu.js";
import { minute } from "../moments.js";
import { reactions } from "./reactions.js";
import { sign } from "../signs.js";
import { store } from "../store.js";
import { fullTime, shortTime } from "../times.js";

const FACES = 3; // of those who replied

/** Whether a message is an answer in a thread. */
export function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

/** A message in a list; `update` shows it as it is now, and leaves alone what did not change. */
export class MessageItem {
  constructor(message, inThread) {
    this.inThread = inThread;
    this.message = message;
    this.seconds = Number(message.ts);
    this.content = new Content(message);
    this.below = h("div.below");
    this.node = h(
      "li.message",
      { tabindex: "-1", "data-ts": message.ts, class: message.ephemeral ? "only-you" : "" },
      h("div.gutter", {}, face(store.person(message.user))),
      h(
        "div.message-body",
        {},
        this.marks(message),
        this.byline(message),
        this.content.node,
        this.below,
      ),
      !message.ephemeral && this.menu(),
    );
    this.update(message);
  }

  /** Whether there was anything to change. */
  update(message) {
    const written = JSON.stringify(message);
    if (written === this.written) return false;
    this.written = written;
    this.message = message;
    const hadFocus = this.node.contains(document.activeElement);
    this.content.update(message);
    // The pressed button may have gone; the message has not.
    if (hadFocus && !this.node.contains(document.activeElement)) {
      this.node.focus({ preventScroll: true });
    }
    this.drawBelow();
    return true;
  }

  drawBelow() {
    const { message, problem } = this;
    const counts = !this.inThread && message.reply_count > 0;
    refill(
      this.below,
      reactions(message, (text) => this.complain(text)),
      counts && repliesButton(message),
      problem && h("p.problem", { role: "alert" }, problem),
    );
  }

  /** Say at this message what went wrong; an empty text takes it away. */
  complain(text) {
    if (!text && !this.problem) return;
    this.problem = text;
    this.drawBelow();
  }

  byline(message) {
    const author = store.person(message.user);
    const channel = store.channel(message.channel);
    const { tz } = store.myself;
    const datetime = new Date(this.seconds * 1000).toISOString();
    const details = { thread: isReply(message) && message.thread_ts, at: message.ts };
    return h(
      "p.byline",
      {},
      h("strong", {}, author?.name ?? "unknown"),
      rolesOf(author)
        .filter((role) => role !== "admin")
        .map((role) => h("span.role", {}, role)),
      h(
        "a.time",
        {
          href: addressOfChannel(channel, details),
          onclick: (event) => follow(event, { in: inOf(channel), ...details }),
          title: fullTime(this.seconds, tz),
        },
        h("time", { datetime }, minute(this.seconds, tz)),
      ),
    );
  }

  menu() {
    const author = store.nameOf(this.message.user);
    return menuButton(() => this.message, author, this.inThread, (text) => this.complain(text));
  }

  marks(message) {
    if (message.ephemeral) return h("p.mark", {}, sign("eye"), "Only visible to you");
    if (!isReply(message) || !message.broadcast) return null;
    if (this.inThread) return h("p.mark", {}, `Also sent to ${store.channelName(message.channel)}`);
    const open = () => goToThread(message.thread_ts);
    return h(
      "p.mark",
      {},
      "Replied in a thread. ",
      h("button.in-text", { type: "button", onclick: open }, "Open the thread"),
    );
  }
}

/** "1 reply", "3 replies" */
export function repliesIn(count) {
  return count === 1 ? "1 reply" : `${count} replies`;
}

function repliesButton(message) {
  const last = message.latest_reply;
  return h(
    "button.bare.replies",
    { type: "button", "data-keep": "replies", onclick: () => goToThread(message.ts) },
    h(
      "span.replies-faces",
      {},
      message.reply_users.slice(0, FACES).map((id) => face(store.person(id), true)),
    ),
    h("span.replies-count", {}, repliesIn(message.reply_count)),
    last && h("span.quiet", {}, `, last ${shortTime(Number(last), store.myself.tz)}`),
  );
}
