// The small things that texts of all kinds hold: links, names, emoji, times.

import { addressOfChannel, goToChannel } from "../address.js";
import { formatted } from "./dates.js";
import { h, safeAddress } from "../dom.js";
import { emojiOf } from "./emoji.js";
import { store } from "../store.js";

const PERMALINK = /^\/archives\/(\w+)\/p(\d{10})(\d{6})$/;

/** A link; only its words where the address is not one to open. */
export function linkTo(address, content) {
  const href = safeAddress(address);
  if (!href) return h("span", {}, content);
  return (
    toMessage(href, content) ??
    h("a", { href, rel: "noopener noreferrer", target: "_blank" }, content)
  );
}

/** A link to a message of this workspace opens it here; null for any other. */
function toMessage(href, content) {
  if (!URL.canParse(href)) return null;
  const { origin, pathname, searchParams } = new URL(href);
  const [, id, seconds, rest] = (origin === location.origin && PERMALINK.exec(pathname)) || [];
  const channel = store.channel(id);
  if (!channel) return null;
  const at = `${seconds}.${rest}`;
  return inside("a", channel, { at, thread: searchParams.get("thread_ts") }, content);
}

function inside(tag, channel, details, content) {
  const onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    goToChannel(channel, details);
  };
  return h(tag, { href: addressOfChannel(channel, details), onclick }, content);
}

export function personNode(id, label) {
  const name = store.person(id)?.name ?? (label.replace(/^@/, "") || "unknown");
  return h(id === store.me ? "strong.mention.mine" : "span.mention", {}, `@${name}`);
}

export function channelNode(id, label) {
  const channel = store.channel(id);
  if (channel) return inside("a.mention", channel, {}, store.channelName(id));
  return h("span.mention", {}, `#${label.replace(/^#/, "") || "private channel"}`);
}

export function groupNode(id, label) {
  const handle = store.groups?.[id] ?? (label || "unknown group");
  return h("span.mention", {}, `@${handle.replace(/^@/, "")}`);
}

export function broadcastNode(name) {
  return h("strong.mention.mine", {}, `@${name}`);
}

/** The character of a known name, else null. */
export function emojiNode(name, written) {
  const character = emojiOf(name);
  return character && h("span.emoji", { title: written }, character);
}

export function dateNode(seconds, format, link, fallback) {
  if (!Number.isFinite(seconds) || !format) return h("span", {}, fallback);
  const shown = h("time", { title: fallback }, formatted(seconds, format));
  return link ? linkTo(link, shown) : shown;
}
