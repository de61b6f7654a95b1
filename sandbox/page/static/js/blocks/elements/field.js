// What every element that holds a value has in common: showing, keeping and sending it.

import { confirmed } from "../confirm.js";

// Element type: the key its value travels under, and the key of its first value.
const KEYS = {
  plain_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  checkboxes: ["selected_options", "initial_options"],
  radio_buttons: ["selected_option", "initial_option"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
};

/**
 * Where an element stands: `surface`, `blockId`, `inInput`, `optional`, `dispatches`, `labelId`
 * (null without a label of its own), `name` (what to call it then), `controlId`, and
 * `tell(text)`, which says under the block what went wrong.
 */
export class Field {
  constructor(element, place) {
    this.element = element;
    this.place = place;
    this.many = KEYS[element.type][1].endsWith("s");
    this.held = this.many ? [] : null; // what is shown, without its wrapping
    this.own = undefined; // what was typed here and did not come back yet, as JSON
    this.waiting = 0; // answers to come
    this.life = 0;
    this.build();
    this.hold(this.given());
  }

  /** What the surface holds for this field, else its first value. */
  given() {
    const { surface, blockId } = this.place;
    const [key, first] = KEYS[this.element.type];
    const value = surface.values?.[blockId]?.[this.element.action_id];
    const held = value?.type === this.element.type ? value[key] : this.element[first];
    return held ?? (this.many ? [] : null);
  }

  hold(held) {
    this.held = held;
    this.show(held);
  }

  /** The element and the surface as they are now. */
  update(element) {
    const changed = JSON.stringify(element) !== JSON.stringify(this.element);
    this.element = element;
    if (!this.place.labelId) this.control.setAttribute("aria-label", this.place.name);
    if (changed) this.redraw();
    const given = this.given();
    // What arrives may be older than what was typed here.
    if (!this.caughtUp()) return;
    if (JSON.stringify(given) !== JSON.stringify(this.held)) this.hold(given);
  }

  /** Whether the surface holds what was typed here, or something newer. */
  caughtUp() {
    if (!this.waiting && JSON.stringify(this.given()) === this.own) this.own = undefined;
    return !this.waiting && this.own === undefined;
  }

  /** The field stands for another one now. */
  forget() {
    this.own = undefined;
    this.waiting = 0;
    this.life += 1;
    this.hold(this.given());
  }

  /** Draw again what depends on the element, not on the value. */
  redraw() {}

  value(held = this.held) {
    const { type, timezone } = this.element;
    const value = { type, [KEYS[type][0]]: held };
    return type === "timepicker" && timezone ? { ...value, timezone } : value;
  }

  /** Keep what was typed; the bot is not told. */
  keep(held) {
    this.held = held;
    return this.ask("fill", held).catch(() => {});
  }

  /** Keep what was chosen, and tell the bot where it wants to know. */
  async choose(held) {
    const before = this.held;
    if (!this.place.dispatches) {
      this.hold(held);
      await this.keep(held);
      return;
    }
    if (this.element.confirm && !(await confirmed(this.element.confirm))) {
      this.hold(before);
      return;
    }
    this.hold(held);
    await this.act(held);
  }

  async act(held = this.held) {
    try {
      await this.ask("act", held);
    } catch (error) {
      this.place.tell(error.message);
    }
  }

  async ask(what, held) {
    const { surface, blockId } = this.place;
    const { life } = this;
    this.own = JSON.stringify(held);
    this.waiting += 1;
    this.place.tell("");
    try {
      await surface[what]?.(blockId, this.element.action_id, this.value(held));
    } finally {
      if (life === this.life) this.waiting -= 1;
      this.caughtUp();
    }
  }

  /** The attributes by which a screen reader knows the control. */
  get naming() {
    const { labelId, name, controlId } = this.place;
    return { id: controlId, ...(labelId ? { "aria-labelledby": labelId } : { "aria-label": name }) };
  }

  /** Tie hint and error to the control. */
  describe(ids, invalid) {
    mark(this.control, "aria-describedby", ids.join(" "));
    mark(this.control, "aria-invalid", invalid && "true");
  }

  focus() {
    this.control.focus();
  }

  close() {}
}

export function mark(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}
