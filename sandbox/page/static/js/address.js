// Where the person is: kept in the page's address, so that a reload or a link comes back to it.

import { store } from "./store.js";

const WHERE = ["in", "thread", "at"];
const listeners = new Set();

/** What the address says: `{as, in, thread, at}`; `in` is a channel's name or id, or "home". */
export function place() {
  const query = new URLSearchParams(location.search);
  const found = { as: query.get("as") || "alice" };
  for (const key of WHERE) found[key] = query.get(key);
  return found;
}

/** The address of a place; what is left out of `place` is left out of the address. */
export function addressOf(place) {
  const query = new URLSearchParams();
  for (const key of ["as", ...WHERE]) {
    if (place[key]) query.set(key, place[key]);
  }
  return `${location.pathname}?${query}`;
}

/** How a channel is called in an address: its name, or the id of one that has none. */
export function inOf(channel) {
  return channel.kind === "public" || channel.kind === "private" ? channel.name : channel.id;
}

/** The address of a channel, a thread or a message for the present person. */
export function addressOfChannel(channel, details = {}) {
  return addressOf({ as: place().as, in: inOf(channel), ...details });
}

/** The channel that the address names, if this person can see it. */
export function channelOfAddress() {
  const name = place().in;
  return store.channels.find((each) => each.id === name || (name && each.name === name));
}

/** Move to another place; back returns from it. */
export function go(to) {
  history.pushState(null, "", addressOf({ as: place().as, ...to }));
  tellMoved();
}

/** Correct the address without a step in the history. */
export function settle(to) {
  history.replaceState(null, "", addressOf({ as: place().as, ...to }));
}

export function goToChannel(channel, details = {}) {
  go({ in: inOf(channel), ...details });
}

/** Go where a link leads without loading the page anew, unless another tab is wanted. */
export function follow(event, to) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(to);
}

/** Open the thread of a message beside the channel we are in, or close it (null). */
export function goToThread(ts) {
  go({ in: place().in, thread: ts });
}

export function onMove(listener) {
  listeners.add(listener);
}

function tellMoved() {
  for (const listener of listeners) listener();
}

window.addEventListener("popstate", tellMoved);
