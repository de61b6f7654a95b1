// Asks "are you sure?" in the bot's words before an element acts.

import { h, freshId } from "../dom.js";
import { renderPlain, renderText } from "../text/mrkdwn.js";

/** Whether the person went on. */
export function confirmed({ title, text, confirm, deny, style = "primary" }) {
  return new Promise((resolve) => {
    const [titleId, textId] = [freshId("confirm"), freshId("confirm")];
    const answer = (yes) => (event) => {
      event.preventDefault();
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const dialog = h(
      "dialog.confirm",
      { "aria-labelledby": titleId, "aria-describedby": textId, oncancel: answer(false) },
      h("h2", { id: titleId }, renderPlain(title)),
      h("p.marked", { id: textId }, renderText(text)),
      h(
        "div.ends",
        {},
        h("button", { type: "button", onclick: answer(false) }, renderPlain(deny)),
        h(`button.${style}`, { type: "button", onclick: answer(true) }, renderPlain(confirm)),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
