// What one can do with a message: react, reply, copy its link, and the shortcuts of the app.

import { addressOfChannel, goToThread } from "../address.js";
import { h } from "../dom.js";
import { closeMenu, openMenu } from "../menu.js";
import { emojiOf } from "../text/emoji.js";
import { OFFERED, react } from "./reactions.js";
import { sign } from "../signs.js";
import { store } from "../store.js";
import { toast } from "../toast.js";

/** The button at a message; `now()` is the message as it is, `complain(text)` shows what failed. */
export function menuButton(now, author, inThread, complain) {
  const button = h(
    "button.message-menu",
    {
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      title: "React, reply and more",
    },
    sign("dots"),
    h("span.unseen", {}, `React, reply and more: message of ${author}`),
  );
  button.addEventListener("click", () => {
    if (closeMenu(button)) return;
    openMenu(button, "This message", groupsOf(now(), inThread, complain));
  });
  return button;
}

function groupsOf(message, inThread, complain) {
  const reacting = OFFERED.map((name) => ({
    label: name.replaceAll("_", " "),
    mark: emojiOf(name) ?? name,
    run: () => react(message, name, complain),
  }));
  const reply = { label: "Reply in thread", run: () => goToThread(message.thread_ts ?? message.ts) };
  const shortcuts = store.shortcuts
    .filter((each) => each.on_message)
    .map(({ callback_id, name }) => ({
      label: name,
      hint: `· ${store.nameOf(store.workspace.bot)}`,
      run: () => runShortcut(message, callback_id, complain),
    }));
  const copy = { label: "Copy link", run: () => copyLink(message) };
  return [
    { row: "Add reaction", items: reacting },
    { items: [!inThread && reply, ...shortcuts, copy].filter(Boolean) },
  ];
}

async function runShortcut({ channel, ts }, callback_id, complain) {
  complain("");
  try {
    await store.ask("shortcut", { channel, ts, callback_id });
  } catch (error) {
    complain(error.message);
  }
}

async function copyLink(message) {
  const details = { at: message.ts };
  if (message.thread_ts) details.thread = message.thread_ts;
  const link = addressOfChannel(store.channel(message.channel), details);
  const address = new URL(link, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    toast("The link is copied.");
  } catch {
    toast(`This browser does not let the page copy. The link: ${address}`);
  }
}
