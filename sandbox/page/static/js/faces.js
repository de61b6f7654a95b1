// How a person is shown: a coloured tile with their initials, and what sets them apart.

import { h } from "./dom.js";
import { sign } from "./signs.js";
import { store } from "./store.js";

const COLOURS = 8;

/** One colour after the other, so that the first people all look different. */
function colourOf(id) {
  return Math.max(0, Object.keys(store.people).indexOf(id)) % COLOURS;
}

function initialsOf(person) {
  const words = (person.real_name || person.name).split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? "?"];
  return letters.map((word) => [...word][0].toUpperCase()).join("");
}

/** The tile of a person; `small` fits into a line of text. */
export function face(person, small = false) {
  const size = small ? ".small-face" : "";
  if (!person) return h(`span.face${size}`, { "aria-hidden": "true" }, "?");
  if (person.is_bot) {
    return h(`span.face.app-face${size}`, { "aria-hidden": "true" }, sign("bell"));
  }
  return h(
    `span.face.face-${colourOf(person.id)}${size}`,
    { "aria-hidden": "true" },
    initialsOf(person),
  );
}

/** What sets somebody apart: "app", "guest", "other company", "left". */
export function rolesOf(person) {
  if (!person) return [];
  return [
    person.is_bot && "app",
    person.is_guest && "guest",
    person.stranger && "other company",
    person.is_admin && "admin",
    person.deleted && "left",
  ].filter(Boolean);
}
