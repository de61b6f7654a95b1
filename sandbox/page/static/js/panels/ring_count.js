// How many times a phone rang while the phones were out of sight, on the button that shows them.

import { h } from "../dom.js";
import { store } from "../store.js";

/** Count on the button that controls this pane. */
export function startRingCount(pane) {
  const button = document.querySelector(`[aria-controls="${pane.id}"]`);
  const place = h("span");
  let count = 0;

  function draw() {
    if (pane.offsetParent) count = 0;
    place.replaceChildren();
    if (count) place.append(" ", h("b.ring-count", {}, count, h("span.unseen", {}, " new")));
  }

  button.append(place);
  store.on("phones", (rings) => {
    count += rings.length;
    draw();
  });
  store.on("start", () => {
    count = 0;
    draw();
  });
  // By then the press has shown or hidden them.
  button.addEventListener("click", () => setTimeout(draw));
}
