// The small emoji under a message, each with how many people chose it.

import { h } from "../dom.js";
import { emojiOf } from "../text/emoji.js";
import { store } from "../store.js";

/** What the menu of a message offers. */
export const OFFERED = ["eyes", "white_check_mark", "+1", "fire", "pray", "tada"];

/** Add a reaction, or take one's own away. */
export async function react({ channel, ts }, name, complain) {
  complain("");
  try {
    await store.ask("react", { channel, ts, name });
  } catch (error) {
    complain(error.message);
  }
}

/** `complain(text)` is told what went wrong with a press. */
export function reactions(message, complain) {
  if (!message.reactions?.length) return null;
  return h(
    "ul.reactions",
    { "aria-label": "Reactions" },
    message.reactions.map((each) => h("li", {}, reaction(message, each, complain))),
  );
}

function reaction(message, { name, users }, complain) {
  const names = users.map((id) => (id === store.me ? "you" : store.nameOf(id))).join(", ");
  return h(
    "button.reaction",
    {
      type: "button",
      "data-keep": `reaction ${name}`,
      "aria-pressed": String(users.includes(store.me)),
      title: `${names}: :${name}:`,
      onclick: () => react(message, name, complain),
    },
    h("span", { "aria-hidden": "true" }, emojiOf(name) ?? `:${name}:`),
    h("span.reaction-count", {}, users.length),
    h("span.unseen", {}, ` ${name.replaceAll("_", " ")}: ${names}`),
  );
}
