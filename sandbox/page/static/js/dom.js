// Makes elements.  Everything that comes from outside is set as text or checked as an address.

const SAFE_ADDRESS = /^(https?|mailto):/i;

/**
 * An element: `h("button.primary", { onclick: press, "aria-label": "Send" }, "Send")`.
 *
 * The tag may carry classes.  Attributes that are functions become listeners; false, null and
 * undefined ones are left out, true stands for an empty one.  Children are elements, text, lists
 * of these, or nothing.
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) set(element, key, value);
  add(element, children);
  return element;
}

function set(element, key, value) {
  if (value === false || value === null || value === undefined) return;
  if (typeof value === "function") element.addEventListener(key.replace(/^on/, ""), value);
  else if (key === "value") element.value = value;
  else if (key === "class") element.classList.add(...value.split(" ").filter(Boolean));
  else element.setAttribute(key, value === true ? "" : value);
}

/** Append children of any depth. */
export function add(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Put these children in place of whatever an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  return add(element, ...children);
}

/** Where a link may lead: the address itself, or null for what a page must not open. */
export function safeAddress(address) {
  return SAFE_ADDRESS.test(String(address).trim()) ? String(address).trim() : null;
}

let counter = 0;

/** An id no other element has, to tie labels to fields. */
export function freshId(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}
