// "Behind the glass": the calls between the bot and the workspace, and the switches that break it.

import { store } from "./store.js";

export function startGlass(button, container) {
  container.hidden = true;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    container.hidden = !container.hidden;
    button.setAttribute("aria-expanded", String(!container.hidden));
    store.ask("watch", { on: !container.hidden }).catch(() => {});
  });
}
