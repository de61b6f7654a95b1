// The menu behind three dots.

import { h, fill, freshId, safeAddress } from "../../dom.js";
import { confirmed } from "../confirm.js";
import { renderPlain } from "../../text/mrkdwn.js";
import { Popup } from "./popup.js";

export class Overflow {
  constructor(element, place) {
    this.place = place;
    this.id = freshId("menu");
    this.button = h("button.overflow", {
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": this.id,
      onclick: () => (this.popup.isOpen ? this.popup.close() : this.open(0)),
      onkeydown: (event) => this.opens(event),
    });
    this.button.append("⋯");
    this.menu = h("div.popup.menu", { role: "menu", id: this.id, onkeydown: (event) => this.moves(event) });
    this.node = h("div.select", {}, this.button, this.menu);
    this.control = this.button;
    this.popup = new Popup(this.button, this.menu, {
      onClose: () => this.button.setAttribute("aria-expanded", "false"),
    });
    this.update(element);
  }

  update(element) {
    // Several of them in one form are told apart by what they stand beside.
    const { about } = this.place;
    const label = about ? `More actions: ${about}` : "More actions";
    for (const each of [this.button, this.menu]) each.setAttribute("aria-label", label);
    if (JSON.stringify(element) === JSON.stringify(this.element)) return;
    this.element = element;
    fill(this.menu, element.options.map((option) => this.item(option)));
  }

  item(option) {
    const detail = option.description
      ? h("span.detail.quiet.small", {}, renderPlain(option.description))
      : null;
    const href = option.url ? safeAddress(option.url) : null;
    const link = href && { href, rel: "noopener noreferrer", target: "_blank" };
    const attributes = { role: "menuitem", tabindex: "-1", ...link };
    return h(
      link ? "a.option" : "div.option",
      { ...attributes, onclick: (event) => this.pick(event, option, href) },
      h("span.option-text", {}, h("span", {}, renderPlain(option.text)), detail),
    );
  }

  get items() {
    return [...this.menu.children];
  }

  open(at) {
    this.popup.open();
    this.button.setAttribute("aria-expanded", "true");
    this.items.at(at).focus();
  }

  opens(event) {
    const at = { ArrowDown: 0, ArrowUp: -1 }[event.key];
    if (at === undefined) return;
    event.preventDefault();
    this.open(at);
  }

  moves(event) {
    const at = this.items.indexOf(document.activeElement);
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const { key } = event;
    if (key in places) {
      event.preventDefault();
      this.items.at(places[key] % this.items.length).focus();
    } else if (key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.leave();
    } else if (key === "Enter" || key === " ") {
      event.preventDefault();
      document.activeElement.click();
    } else if (key === "Tab") {
      this.popup.close();
    }
  }

  leave() {
    this.popup.close();
    this.button.focus();
  }

  async pick(event, option, href) {
    this.leave();
    if (this.element.confirm) {
      event.preventDefault();
      if (!(await confirmed(this.element.confirm))) return;
      if (href) window.open(href, "_blank", "noopener");
    }
    const { blockId, surface, tell } = this.place;
    const value = { type: "overflow", selected_option: option };
    tell("");
    try {
      await surface.act(blockId, this.element.action_id, value);
    } catch (error) {
      tell(error.message);
    }
  }

  focus() {
    this.button.focus();
  }

  close() {
    this.popup.close();
  }
}
