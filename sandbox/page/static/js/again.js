// "Start over": empties the whole workspace, after asking once.

import { store } from "./store.js";

export function startAgain(button) {
  const draw = () => {
    button.hidden = !store.may_start_over;
  };
  store.on("start", draw);
  draw();
}
