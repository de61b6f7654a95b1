// Who I am in this tab: a list of the people one can be, each a link to the page as that person.

import { addressOf, inOf, place } from "../address.js";
import { fill, h } from "../dom.js";
import { face, rolesOf } from "../faces.js";
import { minute } from "../moments.js";
import { sign } from "../signs.js";
import { store } from "../store.js";
import { cityOf } from "../times.js";

const EVERY = 10_000; // milliseconds between looks at the clock

export function startPeople(container) {
  const list = h("div.person-list", { id: "person-list" });
  const button = h("button.person-button", {
    type: "button",
    "aria-expanded": "false",
    "aria-controls": list.id,
    onclick: () => toggle(list.hidden),
  });
  list.hidden = true;
  fill(container, button, list);

  function toggle(isOpen) {
    if (isOpen) fillList(list);
    list.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) list.querySelector("a")?.focus();
  }

  function draw() {
    if (!store.started) return;
    const me = store.myself;
    const roles = rolesOf(me).filter((role) => role !== "admin");
    const about = [...roles, `${minute(Date.now() / 1000, me.tz)} ${cityOf(me.tz)}`];
    fill(
      button,
      face(me, true),
      h(
        "span.person-words",
        {},
        h("span.person-name", {}, h("span.unseen", {}, "You are "), me.real_name),
        h("span.quiet.small", {}, about.join(" · ")),
      ),
      sign("down"),
    );
  }

  container.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "Escape") {
      toggle(false);
      button.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(list, event.key === "ArrowDown" ? 1 : -1);
    }
  });
  container.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !container.contains(event.relatedTarget)) toggle(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!list.hidden && !container.contains(event.target)) toggle(false);
  });
  for (const what of ["start", "people"]) store.on(what, draw);
  setInterval(draw, EVERY);
}

function step(list, by) {
  const links = [...list.querySelectorAll("a.person-link")];
  const at = links.indexOf(document.activeElement);
  links[(at + by + links.length) % links.length].focus();
}

function fillList(list) {
  const playable = Object.values(store.people).filter((each) => each.playable);
  fill(
    list,
    h("p.small.quiet", {}, "Who do you want to be? A new tab lets you be two people at once."),
    h("ul", {}, playable.map(choice)),
  );
}

function choice(person) {
  const about = [
    ...rolesOf(person),
    `${minute(Date.now() / 1000, person.tz)} ${cityOf(person.tz)}`,
    isPaused(person) && "notifications paused",
  ].filter(Boolean);
  const address = addressAs(person);
  return h(
    "li",
    {},
    h(
      "a.person-link",
      { href: address, "aria-current": person.id === store.me && "true" },
      face(person),
      h(
        "span.person-words",
        {},
        h("span.person-name", {}, person.real_name, person.id === store.me && " (you)"),
        h("span.quiet.small", {}, about.join(" · ")),
      ),
    ),
    h(
      "a.new-tab",
      { href: address, target: "_blank", rel: "noopener", title: "In a new tab" },
      sign("outside"),
      h("span.unseen", {}, `${person.real_name} in a new tab`),
    ),
  );
}

function isPaused({ paused_until }) {
  return paused_until !== null && paused_until > Date.now() / 1000;
}

/** The page as somebody else: in the same channel, unless it is a conversation of ours alone. */
function addressAs(person) {
  const here = store.channels.find((each) => each.id === place().in || each.name === place().in);
  const shared = here && here.members.includes(person.id) && here.kind !== "im";
  return addressOf({ as: person.name, in: shared ? inOf(here) : null });
}
