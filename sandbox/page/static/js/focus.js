// Draws buttons anew while somebody is on one of them, and puts them back where they were.

import { fill } from "./dom.js";

/** Like `fill`; the focus goes to the element with the same `data-keep` as the one that had it. */
export function refill(holder, ...children) {
  const focused = holder.contains(document.activeElement) ? document.activeElement : null;
  fill(holder, ...children);
  if (!focused) return;
  const kept = [...holder.querySelectorAll("[data-keep]")];
  const same = kept.find((each) => each.dataset.keep === focused.dataset.keep);
  (same ?? holder.closest("[tabindex]"))?.focus({ preventScroll: true });
}
