// Says when the sandbox is away or starting over, and covers the page meanwhile.

import { store } from "./store.js";

const PATIENCE = 800; // milliseconds without a connection before we say so

export function startConnection() {
  const lost = document.getElementById("lost");
  const cover = document.getElementById("cover");
  const middle = document.getElementById("middle");
  let timer = null;

  const wait = (text) => {
    cover.textContent = text;
    middle.inert = text !== "";
  };

  store.on("connected", () => {
    clearTimeout(timer);
    if (store.connected) {
      lost.textContent = "";
      return;
    }
    timer = setTimeout(() => {
      lost.textContent = "The sandbox is not reachable. Trying again ...";
      wait("");
    }, PATIENCE);
  });
  store.on("wait", ({ text }) => wait(text));
  store.on("start", () => wait(""));
}
