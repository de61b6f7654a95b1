// "Start over": empties the whole workspace, after asking once.

import { h } from "./dom.js";
import { store } from "./store.js";

/** Let this button ask, and then start over; hidden where that is not possible. */
export function startAgain(button) {
  const draw = () => {
    button.hidden = !store.may_start_over;
  };
  store.on("start", draw);
  button.addEventListener("click", () => ask());
  draw();
}

function ask() {
  const error = h("p.again-error", { role: "alert" });
  const yes = h("button.danger", { type: "button" }, "Start over");
  const no = h("button", { type: "button", onclick: () => dialog.close() }, "Keep everything");
  const dialog = h(
    "dialog.again",
    { "aria-labelledby": "again-title", "aria-describedby": "again-text", onclose: () => dialog.remove() },
    h("h2", { id: "again-title" }, "Empty everything and start over?"),
    h("p", { id: "again-text" }, "Messages, alerts and mails go away."),
    error,
    h("div.again-buttons", {}, no, yes),
  );
  yes.addEventListener("click", async () => {
    yes.disabled = true;
    error.textContent = "";
    try {
      await store.ask("start_over");
      dialog.close();
    } catch (problem) {
      error.textContent = problem.message;
      yes.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}
