// The phones: what reached each person outside the workspace.

import { fill, h } from "./dom.js";
import { store } from "./store.js";

const listeners = new Set();

/** Hear of rings as they come: `listener(rings)`. */
export function onNewRing(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Show everybody's phone in this element. */
export function startPhones(container) {
  const draw = () => {
    fill(container, store.phones.map((ring) => h("p", {}, `${store.nameOf(ring.user)}: ${ring.title}`)));
  };
  store.on("start", draw);
  store.on("phones", (rings) => {
    draw();
    for (const listener of listeners) listener(rings);
  });
}
