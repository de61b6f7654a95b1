// Fields one types into: text, number, e-mail, address, and rich text as plain lines.

import { h, fill } from "../../dom.js";
import { Field } from "./field.js";

const KINDS = {
  email_text_input: { inputmode: "email", autocomplete: "off" },
  url_text_input: { inputmode: "url", autocomplete: "off" },
  number_input: { inputmode: "decimal", autocomplete: "off" },
  plain_text_input: { autocomplete: "off" },
};
const LONGEST = 3000;
const NEAR = 50; // characters left from which on the rest is counted
const PAUSE = 300; // milliseconds without a key before the bot hears what was typed

export class Typed extends Field {
  build() {
    const { element, naming } = this;
    const listeners = {
      oninput: () => this.typed(),
      onkeydown: (event) => this.pressed(event),
    };
    const required = !this.place.optional && this.place.inInput ? "true" : null;
    const shared = { ...naming, ...listeners, "aria-required": required };
    this.control = this.hasLines
      ? h("textarea", { ...shared, rows: 4 })
      : h("input", { ...shared, ...KINDS[element.type], type: "text" });
    this.counter = h("p.counter.small", { "aria-live": "polite" });
    this.node = h("div.typed", {}, this.control, this.counter);
    this.redraw();
  }

  get hasLines() {
    return Boolean(this.element.multiline);
  }

  redraw() {
    this.control.placeholder = this.element.placeholder?.text ?? "";
    this.count();
  }

  show(held) {
    const text = this.asText(held);
    if (this.control.value !== text) this.control.value = text;
    this.count();
  }

  asText(held) {
    return held ?? "";
  }

  read() {
    return this.control.value || null;
  }

  typed() {
    this.keep(this.read());
    this.count();
    if (this.place.dispatches && this.triggers.includes("on_character_entered")) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.act(), PAUSE);
    }
  }

  get triggers() {
    return this.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  }

  pressed(event) {
    if (event.key !== "Enter" || event.isComposing || this.hasLines) return;
    if (!this.place.dispatches) return;
    // The bot hears of it, so the form is not sent.
    event.preventDefault();
    if (this.triggers.includes("on_enter_pressed")) this.act();
  }

  count() {
    const { max_length: most = LONGEST } = this.element;
    const left = most - this.control.value.length;
    const said = left < 0 ? `${-left} too many` : `${left} left`;
    const shown = left <= Math.min(NEAR, most / 2) && this.control.value ? said : "";
    if (this.counter.textContent !== shown) fill(this.counter, shown);
    this.counter.classList.toggle("over", left < 0);
  }

  close() {
    clearTimeout(this.timer);
  }
}
