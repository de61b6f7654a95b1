// Puts elements in order without disturbing the one a person is in.

/** Put these children in this order; the one that holds the focus is never moved. */
export function arrange(parent, children) {
  for (const old of [...parent.children]) if (!children.includes(old)) old.remove();
  if (!children.length) return;
  const focused = children.findIndex((child) => child.contains(document.activeElement));
  const pinned = Math.max(0, focused);
  if (children[pinned].parentNode !== parent) parent.append(children[pinned]);
  for (let at = pinned - 1; at >= 0; at -= 1) {
    if (children[at].nextSibling !== children[at + 1]) {
      parent.insertBefore(children[at], children[at + 1]);
    }
  }
  for (let at = pinned + 1; at < children.length; at += 1) {
    if (children[at - 1].nextSibling !== children[at]) children[at - 1].after(children[at]);
  }
}
