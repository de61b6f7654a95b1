// "Start over": empties the whole workspace, after asking once.

import { confirmed } from "../blocks/confirm.js";
import { store } from "../store.js";
import { toast } from "../toast.js";

const plain = (text) => ({ type: "plain_text", text });

const QUESTION = {
  title: plain("Empty everything and start over?"),
  text: plain("Messages, alerts and mails go away."),
  confirm: plain("Start over"),
  deny: plain("Keep everything"),
  style: "danger",
};

/** Let this button ask, and then start over; hidden where that is not possible. */
export function startAgain(button) {
  const draw = () => {
    button.hidden = !store.may_start_over;
  };
  store.on("start", draw);
  button.addEventListener("click", async () => {
    if (!(await confirmed(QUESTION))) return;
    button.disabled = true;
    try {
      await store.ask("start_over");
    } catch (error) {
      toast(error.message);
    }
    button.disabled = false;
  });
  draw();
}
