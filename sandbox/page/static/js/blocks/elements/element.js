// Makes the element for each type that a block may hold.

import { h } from "../../dom.js";
import { Boxes } from "./boxes.js";
import { Button } from "./button.js";
import { Overflow } from "./overflow.js";
import { Picker } from "./pickers.js";
import { Select } from "./select.js";
import { Typed } from "./typed.js";

const MAKERS = {
  button: Button,
  overflow: Overflow,
  checkboxes: Boxes,
  radio_buttons: Boxes,
  datepicker: Picker,
  timepicker: Picker,
  datetimepicker: Picker,
  plain_text_input: Typed,
  number_input: Typed,
  email_text_input: Typed,
  url_text_input: Typed,
};
for (const kind of ["static", "external", "users", "conversations", "channels"]) {
  MAKERS[`${kind}_select`] = Select;
  MAKERS[`multi_${kind}_select`] = Select;
}

/** What draws an element: it has `node`, `update(element)`, `focus()` and `close()`. */
export function makeElement(element, place) {
  const Maker = MAKERS[element.type];
  return Maker ? new Maker(element, place) : new Unknown(element);
}

class Unknown {
  constructor({ type }) {
    this.node = h("span.unknown.quiet.small", {}, `This page cannot show: ${type}`);
  }

  update() {}
  focus() {}
  close() {}
}
