// The clock of the bot, in the top bar: how fast it runs, and what comes next.

import { store } from "./store.js";

export function startClock(container) {
  const draw = () => {
    container.hidden = !store.time;
  };
  store.on("start", draw);
  store.on("time", draw);
  draw();
}
