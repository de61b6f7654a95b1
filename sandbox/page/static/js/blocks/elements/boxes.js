// Checkboxes and radio buttons.

import { h, fill, freshId } from "../../dom.js";
import { renderText } from "../../text/mrkdwn.js";
import { Field, mark } from "./field.js";

export class Boxes extends Field {
  build() {
    const { labelId, name } = this.place;
    const isRadio = this.element.type === "radio_buttons";
    this.group = freshId("boxes");
    this.node = h("fieldset.boxes", {
      role: isRadio && "radiogroup",
      "aria-labelledby": labelId,
      "aria-label": labelId ? null : name,
    });
    this.control = this.node;
    this.redraw();
  }

  redraw() {
    const focused = this.boxes?.indexOf(document.activeElement) ?? -1;
    this.boxes = this.element.options.map(() => null);
    fill(this.node, this.element.options.map((option, at) => this.box(option, at)));
    this.show(this.held);
    if (focused >= 0) this.boxes[Math.min(focused, this.boxes.length - 1)].focus();
  }

  box(option, at) {
    const type = this.many ? "checkbox" : "radio";
    const [textId, detailId] = [freshId("text"), freshId("detail")];
    this.boxes[at] = h("input", {
      type,
      name: this.group,
      "aria-labelledby": textId,
      "aria-describedby": option.description && detailId,
      onchange: () => this.changed(),
    });
    const detail =
      option.description &&
      h("span.detail.quiet.small", { id: detailId }, renderText(option.description));
    const text = h("span", { id: textId }, renderText(option.text));
    return h("label.box", {}, this.boxes[at], h("span.box-text", {}, text, detail));
  }

  changed() {
    const picked = this.element.options.filter((_, at) => this.boxes[at].checked);
    this.choose(this.many ? picked : (picked[0] ?? null));
  }

  show(held) {
    const all = this.many ? held : [held];
    const values = new Set(all.map((option) => option?.value));
    this.element.options.forEach((option, at) => {
      this.boxes[at].checked = values.has(option.value);
    });
  }

  describe(ids, invalid) {
    mark(this.node, "aria-describedby", ids.join(" "));
    for (const box of this.many ? this.boxes : [this.node]) {
      mark(box, "aria-invalid", invalid && "true");
    }
  }

  focus() {
    (this.boxes.find((box) => box.checked) ?? this.boxes[0]).focus();
  }
}
