// Draws buttons anew while somebody is on one of them, and puts them back where they were.

import { fill } from "./dom.js";

/** Like `fill`; the focus goes to the element with the same `data-keep` as the one that had it. */
export function refill(holder, ...children) {
  const focused = holder.contains(document.activeElement) ? document.activeElement : null;
  const kept = focused?.dataset.keep;
  fill(holder, ...children);
  if (!focused) return;
  const same = [...holder.querySelectorAll("[data-keep]")].find((each) => each.dataset.keep === kept);
  (same ?? holder.closest("[tabindex]"))?.focus({ preventScroll: true });
}
