// Fields for a date, a time, and both together.

import { localMinute, secondsOf, timeZone } from "../../text/dates.js";
import { h } from "../../dom.js";
import { Field } from "./field.js";

const TYPES = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

export class Picker extends Field {
  build() {
    const required = this.place.inInput && !this.place.optional;
    this.control = h("input", {
      ...this.naming,
      type: TYPES[this.element.type],
      title: this.element.placeholder?.text,
      "aria-required": required && "true",
      onchange: () => this.changed(),
    });
    this.zone = h("span.quiet.small");
    this.node = h("div.picker", {}, this.control, this.zone);
    this.redraw();
  }

  redraw() {
    const { type, timezone } = this.element;
    const isMoment = type === "datetimepicker";
    this.zone.textContent = isMoment ? timeZone() : (type === "timepicker" && timezone) || "";
  }

  show(held) {
    const isMoment = this.element.type === "datetimepicker" && held !== null;
    this.control.value = isMoment ? localMinute(held) : (held ?? "");
  }

  changed() {
    const { value } = this.control;
    // A year is typed digit by digit; what stands there before the fourth is not meant.
    if (this.element.type !== "timepicker" && value.startsWith("0")) return;
    // February 30th is none either, but what is typed stays: the person is not done.
    if (this.control.validity.badInput) {
      if (!this.place.dispatches) this.keep(null);
    } else if (!value) this.choose(null);
    else this.choose(this.element.type === "datetimepicker" ? secondsOf(value) : value);
  }
}
