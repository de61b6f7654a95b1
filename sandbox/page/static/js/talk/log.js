// A scrolling list of messages, oldest first: changes one without moving what is being read.

import { h } from "../dom.js";
import { MessageItem, repliesIn } from "./message.js";
import { store } from "../store.js";
import { dayName, dayOf } from "../times.js";

const TOGETHER = 300; // seconds within which messages of one author stand together
const NEAR = 40; // pixels from the end that still count as being at the end

export class Log {
  /** `scroller` scrolls; `inThread` is whether it shows one thread. */
  constructor(scroller, { label, inThread = false }) {
    this.scroller = scroller;
    this.inThread = inThread;
    this.list = h("ol.log", { "aria-label": label });
    this.items = new Map(); // ts -> MessageItem
    this.order = []; // the same ts, sorted
    this.sticks = true; // to the end, as long as the reader is there
    this.lastTop = 0;
    scroller.append(this.list);
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    const sizes = new ResizeObserver(() => this.sticks && this.toEnd());
    sizes.observe(this.list);
    sizes.observe(scroller);
  }

  scrolled() {
    const { scrollTop } = this.scroller;
    if (this.isAtEnd) this.sticks = true;
    else if (scrollTop < this.lastTop - 1) this.sticks = false;
    this.lastTop = scrollTop;
  }

  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd() {
    this.sticks = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Forget everything and show these messages, the end of them first. */
  show(messages) {
    this.items.clear();
    this.order = [];
    this.list.replaceChildren();
    for (const message of messages) this.put(message);
    this.toEnd();
  }

  /** Show a message, or show it as it is now.  Whether it is new here. */
  put(message) {
    const item = this.items.get(message.ts);
    if (item) item.update(message);
    else this.insert(message);
    return !item;
  }

  insert(message) {
    const { ts } = message;
    let at = this.order.length;
    while (at > 0 && this.order[at - 1] > ts) at -= 1;
    const next = this.nodeAt(at);
    this.list.insertBefore(this.make(message), next);
    this.order.splice(at, 0, ts);
    this.arrange(at, 2);
  }

  make(message) {
    const item = new MessageItem(message, this.inThread);
    this.items.set(message.ts, item);
    return item.node;
  }

  itemAt(at) {
    return this.items.get(this.order[at]);
  }

  /** The element of the message in this place of the order, or null. */
  nodeAt(at) {
    return this.itemAt(at)?.node ?? null;
  }

  drop(ts) {
    const at = this.order.indexOf(ts);
    if (at < 0) return;
    this.order.splice(at, 1);
    this.items.get(ts).node.remove();
    this.items.delete(ts);
    this.arrange(at, 1);
  }

  /** Put older messages before the others; what is being read stays where it is. */
  prepend(messages) {
    const older = messages.filter((each) => !this.items.has(each.ts));
    this.steady(() => {
      this.list.prepend(...older.map((each) => this.make(each)));
      this.order = [...older.map((each) => each.ts), ...this.order];
      this.arrange(0, older.length + 1);
    });
  }

  /** Mark where something begins, and which messages continue the one before. */
  arrange(from, count) {
    for (let at = from; at < Math.min(from + count, this.order.length); at += 1) {
      const { node } = this.itemAt(at);
      const heading = this.headingAt(at);
      if (heading) node.dataset.heading = heading;
      else delete node.dataset.heading;
      node.classList.toggle("continued", !heading && at > 0 && this.continues(at));
    }
    if (this.inThread && from > 1) this.arrange(1, 1);
  }

  /** What stands above a message: the day where one begins, the count above the first reply. */
  headingAt(at) {
    const { seconds } = this.itemAt(at);
    if (this.inThread) return at === 1 ? repliesIn(this.order.length - 1) : null;
    const before = this.itemAt(at - 1)?.seconds;
    const begins = before === undefined || dayOf(before, zone()) !== dayOf(seconds, zone());
    return begins ? dayName(seconds, zone()) : null;
  }

  continues(at) {
    const [before, item] = [this.itemAt(at - 1), this.itemAt(at)];
    return (
      before.message.user === item.message.user &&
      (this.inThread || !(hasBlocks(before) || hasBlocks(item))) &&
      before.message.ephemeral === item.message.ephemeral &&
      !item.message.broadcast &&
      item.seconds - before.seconds < TOGETHER
    );
  }

  /** Change the list without moving what is being read. */
  steady(change) {
    const shown = this.firstShown();
    const before = shown?.getBoundingClientRect().top;
    change();
    if (this.sticks) {
      this.toEnd();
    } else if (shown?.isConnected) {
      this.scroller.scrollTop += shown.getBoundingClientRect().top - before;
      this.lastTop = this.scroller.scrollTop;
    }
  }

  /** The first item in sight: found by halving, since there may be thousands. */
  firstShown() {
    const top = this.scroller.getBoundingClientRect().top;
    return this.nodeAt(this.search((rect) => rect.bottom > top));
  }

  /** The ts of the last message that can be seen whole or in part, or null. */
  lastShownTs() {
    const bottom = this.scroller.getBoundingClientRect().bottom;
    return this.order[this.search((rect) => rect.top >= bottom) - 1] ?? null;
  }

  search(isPast) {
    let [low, high] = [0, this.order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isPast(this.nodeAt(middle).getBoundingClientRect())) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Scroll to a message, if it is here. */
  bring(ts) {
    const node = this.items.get(ts)?.node;
    if (!node) return;
    this.sticks = false;
    settle(() => node.scrollIntoView({ block: "center" }));
  }

  /** Which message is being read, and where it stands on the screen. */
  get reading() {
    const node = this.firstShown();
    return node ? { ts: node.dataset.ts, top: node.getBoundingClientRect().top } : null;
  }

  /** Put what was being read where it stood. */
  returnTo({ ts, top }) {
    const node = this.items.get(ts)?.node;
    if (!node) return;
    this.sticks = false;
    settle(() => {
      this.scroller.scrollTop += node.getBoundingClientRect().top - top;
    });
  }

  /** Scroll to a message, mark it for a moment, and be there with the keyboard too. */
  pointAt(ts) {
    const node = this.items.get(ts)?.node;
    if (!node) return;
    this.bring(ts);
    node.focus({ preventScroll: true });
    node.classList.add("pointed-at");
    const fade = () => node.classList.remove("pointed-at");
    node.addEventListener("animationend", fade, { once: true });
  }
}

/** Scroll now and in the next two frames: what was never in sight only has a guessed height. */
function settle(scroll) {
  scroll();
  requestAnimationFrame(() => {
    scroll();
    requestAnimationFrame(scroll);
  });
}

/** What an app lays out stands by itself in a channel. */
function hasBlocks({ message }) {
  return message.blocks.length > 0;
}

function zone() {
  return store.myself.tz;
}
