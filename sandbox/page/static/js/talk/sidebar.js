// The conversations: channels, direct messages and the app, with what is unread in each.

import { addressOf, addressOfChannel, channelOfAddress, follow, inOf, place } from "../address.js";
import { fill, h } from "../dom.js";
import { face } from "../faces.js";
import { openDirect } from "./directs.js";
import { sign } from "../signs.js";
import { store } from "../store.js";

export class Sidebar {
  constructor(container) {
    this.container = container;
    for (const what of ["start", "channels", "people", "home"]) store.on(what, () => this.draw());
  }

  draw() {
    if (!store.started) return;
    const focused = this.container.contains(document.activeElement)
      ? document.activeElement.dataset.conversation
      : null;
    const { channels, workspace } = store;
    const rooms = channels.filter((each) => each.kind === "public" || each.kind === "private");
    const direct = channels.filter(
      (each) => each.kind === "mpim" || (each.kind === "im" && each.with !== workspace.bot),
    );
    fill(
      this.container,
      h("p.workspace-name", {}, workspace.name),
      section("Channels", [...rooms].sort(byStanding).map((each) => conversation(each))),
      section("Direct messages", [...direct.map((each) => conversation(each)), ...others(direct)]),
      section("Apps", app()),
    );
    if (focused) this.container.querySelector(`[data-conversation="${focused}"]`)?.focus();
  }
}

/** Joined ones first, archived ones last, each by name. */
function byStanding(one, other) {
  const standing = (each) => (each.archived ? 2 : each.joined ? 0 : 1);
  return standing(one) - standing(other) || one.name.localeCompare(other.name);
}

function section(title, items) {
  if (!items.length) return null;
  return h("section.sidebar-part", {}, h("h2", {}, title), h("ul", {}, items));
}

function conversation(channel, words = store.channelName(channel.id), mark = markOf(channel)) {
  const { unread, mentions } = channel;
  const isHere = channelOfAddress() === channel;
  return h(
    "li",
    {},
    h(
      "a.conversation-link",
      {
        href: addressOfChannel(channel),
        "data-conversation": channel.id,
        "aria-current": isHere && "page",
        class: unread ? "is-unread" : "",
        onclick: (event) => follow(event, { in: inOf(channel) }),
      },
      mark,
      h("span.conversation-name", {}, words.replace(/^#/, "")),
      standingOf(channel).map((word) => h("span.standing", {}, word)),
      unread > 0 && unreadMark(unread, mentions),
    ),
  );
}

function unreadMark(unread, mentions) {
  const words = mentions ? ` unread, ${mentions} for you` : " unread";
  return h("span.unread", {}, unread, h("span.unseen", {}, words));
}

function markOf(channel) {
  if (channel.kind === "im") return face(store.person(channel.with), true);
  if (channel.kind === "private") return h("span.hash", {}, sign("lock"));
  return h("span.hash", { "aria-hidden": "true" }, channel.kind === "mpim" ? "@" : "#");
}

function standingOf(channel) {
  return [
    channel.kind === "private" && h("span.unseen", {}, "private"),
    channel.archived && "archived",
    !channel.joined && !channel.archived && "not joined",
    channel.shared && "shared",
  ].filter(Boolean);
}

/** People whom one has not written to yet, as long as they are few. */
function others(direct) {
  const known = new Set(direct.map((each) => each.with));
  const rest = Object.values(store.people).filter(
    (each) => each.playable && !known.has(each.id) && each.id !== store.me,
  );
  return rest.length > 12 ? [] : rest.map((each) => beginning(each));
}

function beginning(person, words = person.name) {
  return h(
    "li",
    {},
    h(
      "button.conversation-link",
      { type: "button", "data-conversation": person.id, onclick: () => openDirect(person.id) },
      face(person, true),
      h("span.conversation-name", {}, words),
    ),
  );
}

/** The bot: what it writes to me, and its home tab where it has one. */
function app() {
  const { bot } = store.workspace;
  const messages = store.channels.find((each) => each.kind === "im" && each.with === bot);
  return [
    messages ? conversation(messages) : beginning(store.person(bot)),
    store.home_tab && home(),
  ].filter(Boolean);
}

function home() {
  return h(
    "li",
    {},
    h(
      "a.conversation-link",
      {
        href: addressOf({ as: place().as, in: "home" }),
        "data-conversation": "home",
        "aria-current": place().in === "home" && "page",
        onclick: (event) => follow(event, { in: "home" }),
      },
      h("span.hash", {}, sign("home")),
      h("span.conversation-name", {}, `${store.nameOf(store.workspace.bot)}: Home`),
    ),
  );
}
