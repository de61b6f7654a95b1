// What this browser remembers over a reload; a browser that forbids it only forgets.

/** Of this tab (`sessionStorage`) or of all (`localStorage`): the text kept under a key, or null. */
export function recall(where, key) {
  try {
    return window[where].getItem(key);
  } catch {
    return null;
  }
}

/** Keep a text under a key; an empty one is forgotten. */
export function remember(where, key, text) {
  try {
    if (text) window[where].setItem(key, text);
    else window[where].removeItem(key);
  } catch {
    // Nothing is kept, and nothing else depends on it.
  }
}
