// The middle of the page: one conversation with its heading, its messages and where to write.

import { announce } from "./announcements.js";
import { Composer } from "./composer.js";
import { fill, h } from "../dom.js";
import { rolesOf } from "../faces.js";
import { showPane } from "../panes.js";
import { sign } from "../signs.js";
import { store } from "../store.js";
import { Timeline } from "./timeline.js";
import { renderHome } from "../blocks/view.js";

export class ChannelPane {
  constructor() {
    this.section = document.getElementById("channel");
    this.heading = document.getElementById("channel-heading");
    this.home = document.getElementById("home");
    this.id = null;
    this.read = new Map(); // channel id -> up to where we have said that it is read
    this.timeline = new Timeline(document.getElementById("timeline"), {
      seen: (ts) => this.markRead(ts),
      arrived: announce,
    });
    this.composer = new Composer(document.getElementById("channel-composer"));
    renderHome(document.getElementById("home-tab"));
    for (const what of ["channels", "people"]) store.on(what, () => this.redraw());
    store.on("start", () => this.read.clear());
  }

  /** Show a channel; `at` is a message to point at, `around` one to have in sight. */
  open(channel, where) {
    this.id = channel.id;
    this.section.hidden = false;
    this.home.hidden = true;
    this.redraw();
    if (channel.with === store.workspace.bot) tellBot("messages");
    return this.timeline.open(channel.id, where);
  }

  /** Show the home tab of the bot. */
  openHome() {
    this.id = null;
    this.section.hidden = true;
    this.home.hidden = false;
    this.timeline.clear("");
    const bot = store.nameOf(store.workspace.bot);
    fill(
      document.getElementById("home-heading"),
      backButton(),
      h("div.heading-words", {}, h("h2", { id: "home-name" }, `${bot}: Home`)),
    );
    tellBot("home");
  }

  redraw() {
    const channel = store.channel(this.id);
    if (!channel) return;
    fill(
      this.heading,
      backButton(),
      h(
        "div.heading-words",
        {},
        h("h2", { id: "channel-name" }, store.channelName(channel.id)),
        h("p.quiet.small", {}, aboutChannel(channel)),
      ),
    );
    this.composer.aim(channel);
    this.timeline.look();
  }

  focus() {
    this.composer.focus();
  }

  /** Put a text where one writes, for the person to send. */
  write(text) {
    this.composer.write(text);
    this.composer.focus();
  }

  markRead(ts) {
    const channel = store.channel(this.id);
    if (!channel?.unread || (this.read.get(channel.id) ?? "") >= ts) return;
    this.read.set(channel.id, ts);
    // Should it fail, the channel stays unread, and the next message tries again.
    store.ask("read", { channel: channel.id, ts }).catch(() => this.read.delete(channel.id));
  }
}

function backButton() {
  return h(
    "button.bare.back.to-sidebar",
    { type: "button", onclick: () => showPane("sidebar") },
    sign("left"),
    "All",
    h("span.unseen", {}, " conversations"),
  );
}

function aboutChannel(channel) {
  if (channel.kind === "im") {
    const other = store.person(channel.with);
    return [other?.real_name, ...rolesOf(other)].filter(Boolean).join(" · ");
  }
  const count = channel.members.length;
  return [
    count === 1 ? "1 member" : `${count} members`,
    channel.kind === "private" && "private",
    channel.shared && "shared with another company",
    channel.archived && "archived",
    !channel.joined && "you have not joined",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The bot may want to know that somebody looks at it; whether it does is its own affair. */
function tellBot(tab) {
  store.ask("open_home", { tab }).catch(() => {});
}
