// The list of calls between the bot and the workspace, newest at the bottom.

import { add, fill, h } from "../dom.js";
import { json } from "./json.js";
import { second } from "../moments.js";
import { sign } from "../signs.js";

const KEPT = 500; // rows; older ones go

const DIRECTIONS = {
  bot: ["bot to workspace", "right"],
  workspace: ["workspace to bot", "left"],
};

export class Calls {
  constructor() {
    this.calls = []; // newest last
    this.rows = new Map(); // id of a call -> its row
    this.wanted = "";
    this.list = h("ol.calls");
    this.none = h("p.quiet.calls-none");
    this.scroll = h("div.calls-scroll", {}, this.list, this.none);
    this.tell();
  }

  clear() {
    this.calls = [];
    this.rows.clear();
    fill(this.list);
    this.tell();
  }

  /** Show these calls too, below the others. */
  take(calls) {
    const isAtEnd = this.isAtEnd();
    const last = this.calls.at(-1)?.id ?? 0;
    for (const call of calls.filter((each) => each.id > last)) {
      const row = h("li", { hidden: !this.matches(call) }, callRow(call));
      this.calls.push(call);
      this.rows.set(call.id, row);
      this.list.append(row);
    }
    for (const old of this.calls.splice(0, Math.max(0, this.calls.length - KEPT))) {
      this.rows.get(old.id).remove();
      this.rows.delete(old.id);
    }
    this.tell();
    if (isAtEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** Show only the calls with this text in them. */
  filter(text) {
    this.wanted = text.trim().toLowerCase();
    for (const call of this.calls) this.rows.get(call.id).hidden = !this.matches(call);
    this.tell();
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  matches(call) {
    if (!this.wanted) return true;
    const words = `${call.what} ${call.outcome} ${DIRECTIONS[call.from][0]}`.toLowerCase();
    return (
      words.includes(this.wanted) ||
      JSON.stringify([call.arguments, call.answer]).toLowerCase().includes(this.wanted)
    );
  }

  isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < 24;
  }

  tell() {
    const shown = this.calls.some((each) => this.matches(each));
    this.none.hidden = shown;
    this.none.textContent = this.wanted
      ? "No call has this in it."
      : "Nothing was said yet. Type a command, and the calls it makes appear here.";
  }
}

function callRow(call) {
  const [direction, drawing] = DIRECTIONS[call.from];
  const details = h(
    "details.call",
    { class: call.ok ? "" : "has-failed" },
    h(
      "summary",
      {},
      h("time.call-time", {}, second(call.at)),
      h("span.call-from", { title: direction }, sign(drawing), h("span", {}, direction)),
      h("span.call-what", {}, call.what),
      h("span.call-outcome", {}, sign(call.ok ? "tick" : "cross"), h("span", {}, outcome(call))),
      h("span.call-seconds", {}, milliseconds(call.seconds)),
    ),
  );
  // Most calls are never opened: their text is written when they are.
  details.addEventListener("toggle", () => add(details, callText(call)), { once: true });
  details.addEventListener("toggle", () => details.scrollIntoView({ block: "nearest" }));
  return details;
}

/** "0.4 ms", "1,203 ms" */
function milliseconds(seconds) {
  const most = seconds < 0.01 ? 1 : 0;
  return `${(seconds * 1000).toLocaleString("en", { maximumFractionDigits: most })} ms`;
}

function outcome({ ok, outcome: word }) {
  if (ok) return word || "ok";
  return word ? `failed: ${word}` : "failed";
}

function callText(call) {
  return h(
    "div.call-text",
    {},
    h("h4", {}, call.from === "bot" ? "The bot asked" : "The workspace said"),
    json(call.arguments),
    h("h4", {}, "The answer"),
    call.answer === null ? h("p.quiet", {}, "There was none.") : json(call.answer),
  );
}
