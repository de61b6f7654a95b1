// Buttons, also those that lead to another page.

import { h, fill, safeAddress } from "../../dom.js";
import { confirmed } from "../confirm.js";
import { renderPlain } from "../../text/mrkdwn.js";
import { mark } from "./field.js";

export class Button {
  constructor(element, place) {
    this.place = place;
    this.href = element.url ? safeAddress(element.url) : null;
    const press = (event) => this.press(event);
    this.node = this.href
      ? h("a.button", { href: this.href, rel: "noopener noreferrer", target: "_blank", onclick: press })
      : h("button", { type: "button", onclick: press });
    this.control = this.node;
    this.update(element);
  }

  update(element) {
    this.element = element;
    const { text, style, accessibility_label: label } = element;
    for (const name of ["primary", "danger"]) this.node.classList.toggle(name, style === name);
    fill(this.node, renderPlain(text));
    mark(this.node, "aria-label", label);
  }

  async press(event) {
    if (this.busy) {
      event.preventDefault();
      return;
    }
    const { confirm, action_id: actionId } = this.element;
    if (confirm) {
      event.preventDefault();
      if (!(await confirmed(confirm))) return;
      if (this.href) window.open(this.href, "_blank", "noopener");
    }
    this.busy = true;
    this.node.setAttribute("aria-busy", "true");
    this.place.tell("");
    try {
      await this.place.surface.act(this.place.blockId, actionId, {});
    } catch (error) {
      this.place.tell(error.message);
    }
    this.busy = false;
    this.node.removeAttribute("aria-busy");
  }

  focus() {
    this.node.focus();
  }

  close() {}
}
