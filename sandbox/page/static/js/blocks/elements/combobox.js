// One field with a list to choose from, after the combobox pattern of WAI-ARIA; serves all selects.

import { h, fill, freshId } from "../../dom.js";
import { Popup } from "./popup.js";

const MOST_SHOWN = 100;

/**
 * An item is `{key, label, detail}`.  `find(query)` gives groups `[{label or null, items}]`, or a
 * promise of them; `choose(item)` and `remove(item)` tell what the person did, `clear()` that
 * a single one was emptied.  `most`: how many may be chosen.
 */
export class Combobox {
  constructor({ many, naming, required, find, choose, remove, clear }) {
    Object.assign(this, { many, find, choose, remove, clear });
    this.chosen = [];
    this.query = "";
    this.asked = 0;
    this.shown = []; // the items in the list, from top to bottom
    this.active = null;
    this.listId = freshId("list");
    this.input = h("input", {
      ...naming,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.listId,
      "aria-required": required && "true",
      oninput: () => this.typed(),
      onkeydown: (event) => this.pressed(event),
      onblur: () => this.leave(),
    });
    this.tokens = h("ul.tokens", { hidden: true });
    this.clearer = h("button.bare.clear", {
      type: "button",
      hidden: true,
      "aria-label": "Clear",
      onclick: () => {
        this.input.focus();
        this.clear();
      },
    });
    this.clearer.append("×");
    this.status = h("p.status.quiet.small", { role: "status" });
    this.list = h("div.options", {
      role: "listbox",
      id: this.listId,
      "aria-label": "Choices",
      "aria-multiselectable": many && "true",
    });
    const floating = h("div.popup", { onmousedown: (event) => event.preventDefault() });
    floating.append(this.status, this.list);
    this.box = h("div.combobox", { onclick: (event) => this.clicked(event) });
    this.box.append(this.tokens, this.input, this.clearer);
    this.node = h("div.select", {}, this.box, floating);
    this.popup = new Popup(this.box, floating, { onClose: () => this.closed() });
  }

  /** What stands in the field. */
  show(chosen, { placeholder = "", clearable = false, most = null } = {}) {
    this.chosen = chosen;
    this.most = most;
    this.clearer.hidden = !(clearable && !this.many && chosen.length);
    this.input.placeholder = this.many && chosen.length ? "" : placeholder;
    if (this.many) this.showTokens();
    else if (!this.query) this.write();
    if (this.popup.isOpen) {
      this.mark();
      this.popup.place();
    }
  }

  /** What is chosen stands in the field, and goes when the person types on. */
  write() {
    const text = this.many ? "" : (this.chosen[0]?.label ?? "");
    if (this.input.value === text) return;
    this.input.value = text;
    if (document.activeElement === this.input) this.input.select();
  }

  showTokens() {
    const focused = [...this.tokens.querySelectorAll("button")].indexOf(document.activeElement);
    this.tokens.hidden = !this.chosen.length;
    fill(this.tokens, this.chosen.map((item) => this.token(item)));
    if (focused < 0) return;
    const left = this.tokens.querySelectorAll("button");
    (left[Math.min(focused, left.length - 1)] ?? this.input).focus();
  }

  token(item) {
    const take = () => this.remove(item);
    const attributes = { type: "button", "aria-label": `Remove ${item.label}`, onclick: take };
    return h("li.token", {}, item.label, h("button.bare", attributes, "×"));
  }

  // The list

  async open(query = "") {
    this.query = query;
    this.popup.open();
    this.input.setAttribute("aria-expanded", "true");
    await this.refresh();
  }

  /** Look again for what is offered. */
  async refresh() {
    this.asked += 1;
    const { asked } = this;
    let found = this.find(this.query);
    if (found instanceof Promise) {
      this.say("Searching …");
      found = await found.catch((error) => ({ said: error.message }));
      // A later question, or none any more: this answer is too late.
      if (asked !== this.asked || !this.popup.isOpen) return;
    }
    if (found.said) this.say(found.said);
    else this.draw(found);
    this.popup.place();
  }

  say(text) {
    this.status.textContent = text;
    this.shown = [];
    fill(this.list);
    this.list.hidden = true;
    this.activate(null);
  }

  draw(groups) {
    const before = this.active?.key;
    this.say("");
    let room = MOST_SHOWN;
    for (const { label, items } of groups) {
      const part = items.slice(0, room);
      room -= part.length;
      if (!part.length) continue;
      const options = part.map((item) => this.option(item));
      if (label) this.list.append(this.group(label, options));
      else this.list.append(...options);
      this.shown.push(...part);
    }
    this.list.hidden = !this.shown.length;
    const count = groups.reduce((sum, each) => sum + each.items.length, 0);
    if (!count) this.status.textContent = this.query ? "Nothing found" : "Nothing to choose from";
    else if (count > MOST_SHOWN) this.status.textContent = "Type to find more";
    this.mark();
    const keys = this.shown.map((item) => item.key);
    const wanted = [before, this.query ? null : this.chosen[0]?.key].find((key) => keys.includes(key));
    this.activate(this.shown[Math.max(0, keys.indexOf(wanted))] ?? null, false);
  }

  group(label, options) {
    const id = freshId("group");
    const name = h("div.group-name.quiet.small", { id, role: "presentation" }, label);
    return h("div", { role: "group", "aria-labelledby": id }, name, options);
  }

  option(item) {
    const detail = item.detail ? h("span.detail.quiet.small", {}, item.detail) : null;
    const text = h("span.option-text", {}, h("span", {}, item.label), detail);
    const node = h("div.option", { role: "option", id: freshId("option") }, text);
    node.addEventListener("click", () => this.pick(item));
    node.addEventListener("mousemove", () => this.active !== item && this.activate(item, false));
    item.node = node;
    return node;
  }

  get isFull() {
    return this.many && this.most !== null && this.chosen.length >= this.most;
  }

  /** Which options are chosen, and whether there is room for more. */
  mark() {
    const keys = new Set(this.chosen.map((item) => item.key));
    for (const item of this.shown) {
      item.node.setAttribute("aria-selected", String(keys.has(item.key)));
      item.node.setAttribute("aria-disabled", String(this.isFull && !keys.has(item.key)));
    }
    if (this.many && this.most !== null && this.shown.length) {
      this.status.textContent = this.isFull ? `No more than ${this.most} can be chosen` : "";
    }
  }

  activate(item, scroll = true) {
    this.active?.node?.classList.remove("active");
    this.active = item;
    if (!item) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    item.node.classList.add("active");
    this.input.setAttribute("aria-activedescendant", item.node.id);
    if (scroll) item.node.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.popup.close();
  }

  closed() {
    this.asked += 1;
    this.query = "";
    this.moved = false;
    this.input.setAttribute("aria-expanded", "false");
    this.write();
    this.say("");
  }

  // What the person does

  clicked({ target }) {
    if (target.closest("button")) return;
    this.input.focus();
    if (this.popup.isOpen) {
      if (!this.query) this.close();
      return;
    }
    this.input.select();
    this.open();
  }

  typed() {
    this.moved = false;
    this.open(this.input.value);
  }

  leave() {
    // A press on the list itself keeps the focus, so this is a real leaving.
    this.close();
    if (!this.many) this.write();
  }

  pick(item) {
    if (item.node.getAttribute("aria-disabled") === "true") return;
    const has = this.chosen.some((each) => each.key === item.key);
    if (!this.many) {
      this.close();
      this.choose(item);
      return;
    }
    this.input.value = "";
    this.query = "";
    // What follows from a choice is shown below the field, where the list would cover it.
    this.close();
    if (has) this.remove(item);
    else this.choose(item);
  }

  pressed(event) {
    const { key } = event;
    if (event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (key in moves) {
      event.preventDefault();
      if (this.popup.isOpen) this.move(moves[key]);
      else this.open();
    } else if (this.popup.isOpen && (key === "Home" || key === "End")) {
      event.preventDefault();
      this.moved = true;
      this.activate(key === "Home" ? this.shown[0] : this.shown.at(-1));
    } else if (key === "Enter") {
      event.preventDefault();
      if (!this.popup.isOpen) this.open();
      else if (this.active) this.pick(this.active);
    } else if (key === "Escape" && this.popup.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (key === "Tab" && this.popup.isOpen) {
      const has = this.chosen.some((each) => each.key === this.active?.key);
      if (this.active && !has && (this.query || this.moved)) this.pick(this.active);
      this.close();
    } else if (key === "Backspace" && this.many && !this.input.value && this.chosen.length) {
      this.remove(this.chosen.at(-1));
    }
  }

  move(by) {
    if (!this.shown.length) return;
    this.moved = true;
    const last = this.shown.length - 1;
    const at = this.shown.indexOf(this.active) + by;
    const isStep = Math.abs(by) === 1;
    const next = isStep ? (at + last + 1) % (last + 1) : Math.max(0, Math.min(last, at));
    this.activate(this.shown[next]);
  }
}
