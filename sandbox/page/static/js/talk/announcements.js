// Reads new messages to people who do not see them arrive.

import { h } from "../dom.js";
import { renderMrkdwn } from "../text/mrkdwn.js";
import { store } from "../store.js";

const LONGEST = 240; // characters

/** Say who wrote what, politely. */
export function announce(message) {
  if (message.user === store.me) return;
  const text = h("p", {}, renderMrkdwn(message.text || "a message")).textContent.trim();
  const where = message.thread_ts ? " in the thread" : "";
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text;
  document.getElementById("news").textContent = `${store.nameOf(message.user)}${where}: ${short}`;
}
