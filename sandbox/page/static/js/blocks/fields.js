// The blocks that hold elements: sections, rows of actions, and inputs with label and hint.

import { arrange } from "../arrange.js";
import { fill, freshId, h } from "../dom.js";
import { makeElement } from "./elements/element.js";
import { renderPlain, renderText } from "../text/mrkdwn.js";
import { picture } from "./still.js";

const GROUPS = ["checkboxes", "radio_buttons"];

class Holder {
  constructor(block, surface) {
    this.surface = surface;
    this.type = block.type;
    this.blockId = block.block_id;
    this.drawn = new Map(); // "button/act" -> what draws that element
    this.failure = h("p.failure.small", { role: "alert", hidden: true });
    this.node = h("div.block", { class: `block-${block.type}`, "data-block-id": this.blockId });
  }

  fits({ type }) {
    return type === this.type;
  }

  /** Stand for a block with another id; what was filled in under the old one is forgotten. */
  rename(blockId) {
    this.blockId = blockId;
    this.node.dataset.blockId = blockId;
    for (const each of this.elements) {
      if (each.place) each.place.blockId = blockId;
      each.forget?.();
    }
  }

  /** Draw these elements, those that were there before as they are. */
  draw(elements, about) {
    const kept = new Map();
    elements.forEach((element, at) => {
      const key = `${element.type}/${element.multiline ?? ""}/${element.action_id ?? at}`;
      const old = this.drawn.get(key);
      const place = this.place(element, about);
      const one = old ?? makeElement(element, place);
      if (old?.place) Object.assign(old.place, { about: place.about, name: place.name });
      old?.update(element);
      one.node.dataset.actionId = element.action_id ?? "";
      kept.set(key, one);
    });
    for (const [key, old] of this.drawn) if (!kept.has(key)) old.close();
    this.drawn = kept;
    return this.elements.map((each) => each.node);
  }

  place(element, about) {
    return {
      surface: this.surface,
      blockId: this.blockId,
      inInput: false,
      optional: true,
      dispatches: true,
      labelId: null,
      about,
      name: about || element.placeholder?.text || "Choose",
      controlId: freshId("field"),
      tell: (text) => this.tell(text),
    };
  }

  tell(text) {
    this.failure.hidden = !text;
    this.failure.textContent = text;
  }

  get elements() {
    return [...this.drawn.values()];
  }

  close() {
    for (const each of this.elements) each.close();
  }
}

export class Section extends Holder {
  constructor(block, surface) {
    super(block, surface);
    this.text = h("div.section-text");
    this.accessory = h("div.accessory");
    this.node.append(this.text, this.accessory, this.failure);
  }

  update({ text, fields, accessory }) {
    const written = JSON.stringify([text, fields]);
    if (written !== this.written) {
      fill(this.text, text && h("div.marked", {}, renderText(text)), fields && twoColumns(fields));
    }
    this.written = written;
    const isPicture = accessory?.type === "image";
    this.accessory.hidden = !accessory;
    this.node.classList.toggle("with-accessory", Boolean(accessory));
    if (isPicture) fill(this.accessory, picture(accessory, "beside"));
    else {
      const about = firstLine(text ?? fields[0]);
      arrange(this.accessory, this.draw(accessory ? [accessory] : [], about));
    }
  }
}

/** What a screen reader calls the accessory: the line beside it, as it is read. */
function firstLine(text) {
  const [line] = text.text.split("\n");
  return h("span", {}, renderText({ ...text, text: line })).textContent;
}

function twoColumns(fields) {
  return h("div.columns", {}, fields.map((field) => h("div.marked", {}, renderText(field))));
}

export class Actions extends Holder {
  constructor(block, surface) {
    super(block, surface);
    this.row = h("div.row");
    this.node.append(this.row, this.failure);
  }

  update({ elements }) {
    arrange(this.row, this.draw(elements));
  }
}

export class Input extends Holder {
  constructor(block, surface) {
    super(block, surface);
    this.dispatches = Boolean(block.dispatch_action);
    this.isOptional = Boolean(block.optional);
    const [labelId, hintId, errorId] = [freshId("label"), freshId("hint"), freshId("error")];
    this.controlId = freshId("field");
    // A group of boxes is no single control that a label could be for.
    this.label = GROUPS.includes(block.element.type)
      ? h("div.label", { id: labelId })
      : h("label.label", { id: labelId, for: this.controlId });
    this.hint = h("p.hint.quiet.small", { id: hintId });
    this.error = h("p.error.small", { id: errorId });
    this.field = h("div.field");
    this.node.append(this.label, this.field, this.error, this.hint, this.failure);
  }

  fits({ type, element }) {
    return type === this.type && element.type === this.elements[0].element?.type;
  }

  place(element) {
    return {
      ...super.place(element),
      inInput: true,
      optional: this.isOptional,
      dispatches: this.dispatches,
      labelId: this.label.id,
      controlId: this.controlId,
    };
  }

  update({ label, hint, optional, dispatch_action: dispatches, element }) {
    this.dispatches = Boolean(dispatches);
    this.isOptional = Boolean(optional);
    for (const each of this.elements) {
      Object.assign(each.place ?? {}, { optional: this.isOptional, dispatches: this.dispatches });
    }
    fill(this.label, renderPlain(label), optional && h("span.quiet.small", {}, " (optional)"));
    fill(this.hint, hint && renderPlain(hint));
    this.hint.hidden = !hint;
    arrange(this.field, this.draw([element]));
    this.showError();
  }

  showError() {
    const given = this.surface.errors?.[this.blockId] ?? "";
    const error = given === this.forgiven ? "" : given;
    if (this.error.textContent !== error) this.error.textContent = error;
    this.isWrong = Boolean(error);
    this.node.classList.toggle("wrong", this.isWrong);
    this.error.hidden = !error;
    const ids = [error && this.error.id, !this.hint.hidden && this.hint.id].filter(Boolean);
    this.elements[0]?.describe?.(ids, this.isWrong);
  }

  /** What is said about a field goes when the person edits it. */
  tell(text) {
    super.tell(text);
    if (text) return;
    this.forgiven = this.surface.errors?.[this.blockId] ?? null;
    this.showError();
  }

  focus() {
    this.elements[0].focus();
  }
}
