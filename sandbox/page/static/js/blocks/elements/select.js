// Selects of every kind: options, people, channels; one or several.

import { Combobox } from "./combobox.js";
import { Field } from "./field.js";
import { sourceOf } from "./sources.js";

// So few choices are read at a glance; a phone need not raise its keyboard for them.
const FEW = 8;

export class Select extends Field {
  build() {
    this.source = sourceOf(this);
    const required = this.place.inInput && !this.place.optional;
    this.combobox = new Combobox({
      many: this.many,
      naming: this.naming,
      required,
      find: (query) => this.source.find(query),
      choose: (item) => this.picked(item),
      remove: (item) => this.drop(item),
      clear: () => this.choose(null),
    });
    this.control = this.combobox.input;
    this.node = this.combobox.node;
    if (this.element.options?.length <= FEW) this.control.inputMode = "none";
  }

  show(held) {
    const all = this.many ? held : [held].filter((each) => each !== null);
    this.combobox.show(all.map(this.source.itemOf), {
      placeholder: this.element.placeholder?.text ?? "",
      clearable: this.place.inInput && this.place.optional,
      most: this.element.max_selected_items ?? null,
    });
  }

  redraw() {
    this.show(this.held);
    if (this.combobox.popup.isOpen) this.combobox.refresh();
  }

  /** What was typed stays; for what it finds, whoever stands here now is asked. */
  forget() {
    super.forget();
    if (this.combobox.popup.isOpen) this.combobox.refresh();
  }

  suggest(query) {
    const { surface, blockId } = this.place;
    return surface.suggest(blockId, this.element.action_id, query);
  }

  async picked(item) {
    try {
      const held = await this.source.heldOf(item);
      await this.choose(this.many ? [...this.held, held] : held);
    } catch (error) {
      this.place.tell(error.message);
    }
  }

  drop({ key }) {
    this.choose(this.held.filter((each) => this.source.itemOf(each).key !== key));
  }

  close() {
    this.combobox.close();
  }
}
