// Where one writes: messages, commands, and the shortcuts of the app.

import { place } from "../address.js";
import { fill, freshId, h } from "../dom.js";
import { recall, remember } from "../memory.js";
import { closeMenu, openMenu } from "../menu.js";
import { commandOf, Offers } from "./offers.js";
import { sign } from "../signs.js";
import { store } from "../store.js";

export class Composer {
  constructor(container) {
    this.container = container;
    this.channel = null;
    this.thread = null;
    this.key = null; // where the draft is kept
    this.build();
    store.on("start", () => this.drawShortcuts());
  }

  build() {
    this.hint = h("p.composer-hint.small.quiet", { id: freshId("hint") });
    this.problem = h("p.problem", { role: "alert" });
    this.field = h("textarea", {
      rows: "1",
      "aria-describedby": this.hint.id,
      oninput: () => this.typed(),
      onkeydown: (event) => this.pressed(event),
    });
    this.send = h(
      "button.square.send",
      { type: "submit", "aria-label": "Send", title: "Send (Enter)" },
      sign("plane"),
    );
    this.shortcuts = h(
      "button.bare",
      {
        type: "button",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => this.offerShortcuts(),
      },
      sign("bolt"),
      "Shortcuts",
    );
    this.form = h(
      "form.composer",
      {},
      this.problem,
      h("div.composer-box", {}, this.field, this.send),
      h("div.composer-under", {}, this.hint, this.shortcuts),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.offers = new Offers(this.field, this.form, () => this.channel);
    this.closed = h("p.composer-closed");
    fill(this.container, this.form, this.closed);
  }

  /** Write in this channel from now on, or in the thread of one of its messages. */
  aim(channel, thread = null) {
    const name = store.channelName(channel.id);
    // By name: after a restart of the sandbox the channel has another id.
    const key = `draft ${place().as} ${name} ${thread ?? ""}`;
    this.channel = channel;
    this.thread = thread;
    const label = thread ? `Reply in ${name}` : `Message ${name}`;
    this.field.setAttribute("aria-label", label);
    this.field.placeholder = thread ? "Reply ..." : label;
    const why = whyClosed(channel);
    this.form.hidden = why !== null;
    this.closed.hidden = why === null;
    this.closed.textContent = why ?? "";
    this.drawShortcuts();
    if (key === this.key) return;
    this.key = key;
    this.complain("");
    this.write(recall("sessionStorage", key) ?? "");
  }

  /** Put a text into the field as if it had been typed. */
  write(text) {
    this.field.value = text;
    this.typed();
    this.offers.close();
  }

  focus() {
    if (!this.form.hidden) this.field.focus({ preventScroll: true });
  }

  complain(text) {
    this.problem.textContent = text;
  }

  typed() {
    const { field } = this;
    remember("sessionStorage", this.key, field.value);
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    this.hint.textContent = this.thread ? "" : hintFor(field.value);
  }

  pressed(event) {
    if (event.isComposing) return;
    if (this.offers.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text || this.form.getAttribute("aria-busy")) return;
    const { key } = this;
    this.offers.close();
    this.complain("");
    this.setBusy(true);
    try {
      await this.hand(text);
      if (this.key === key) this.write("");
      else remember("sessionStorage", key, "");
    } catch (error) {
      if (this.key === key) this.complain(error.message);
    } finally {
      this.setBusy(false);
    }
  }

  hand(text) {
    const { channel, thread } = this;
    if (!text.startsWith("/")) {
      return store.ask("say", { channel: channel.id, text, ...(thread && { thread }) });
    }
    if (thread) return Promise.reject(new Error("Commands work in the channel, not in a thread."));
    return store.ask("command", { channel: channel.id, text });
  }

  setBusy(isBusy) {
    if (isBusy) this.form.setAttribute("aria-busy", "true");
    else this.form.removeAttribute("aria-busy");
    this.field.readOnly = isBusy;
    this.send.disabled = isBusy;
  }

  drawShortcuts() {
    this.shortcuts.hidden = this.thread !== null || !globalShortcuts().length;
  }

  offerShortcuts() {
    if (closeMenu(this.shortcuts)) return;
    const items = globalShortcuts().map(({ callback_id, name }) => ({
      label: name,
      run: () => this.runShortcut(callback_id),
    }));
    openMenu(this.shortcuts, "Shortcuts", [{ items }]);
  }

  async runShortcut(callback_id) {
    this.complain("");
    try {
      await store.ask("shortcut", { callback_id, channel: this.channel.id });
    } catch (error) {
      this.complain(error.message);
    }
  }
}

function globalShortcuts() {
  return (store.shortcuts ?? []).filter((each) => !each.on_message);
}

/** What one can type next. */
function hintFor(text) {
  const command = commandOf(text);
  if (command) return `${command.name} ${command.usage ?? ""}: ${command.description}`;
  return text ? "" : "/ for commands, @ for people";
}

/** Why nobody can write here, or null where one can. */
function whyClosed(channel) {
  if (channel.can_write) return null;
  if (channel.archived) return "This channel is archived: one can read it, but not write.";
  if (!channel.joined) return "You have not joined this channel: you can read, but not write.";
  if (channel.with === store.workspace.bot) {
    return `${store.nameOf(channel.with)} writes to you here. It does not read answers.`;
  }
  return "You cannot write here.";
}
