// Which parts of the page are in sight: all of them where there is room, else one at a time.

import { recall, remember } from "./memory.js";
import { sign } from "./signs.js";

const narrow = matchMedia("(max-width: 899px)");
const KEPT = "phones are open";
const REGIONS = ["sidebar", "main", "thread", "phones-pane"];
const PLACES = "[aria-current=page], textarea";
const CONTROLS = "a[href], button, summary, [tabindex='0']";
const ROOMY = 1280; // pixels from which the phones fit beside everything else

let inFront = "channel"; // to come back to from the phones

const phones = () => document.getElementById("phones-pane");
const button = () => document.getElementById("show-phones");

/** Bring a part in front: sidebar, channel, thread or phones. */
export function showPane(name) {
  document.body.dataset.pane = name;
  if (name !== "phones") inFront = name;
  if (narrow.matches && name !== "phones") setPhones(false);
}

function setPhones(isOpen) {
  phones().hidden = !isOpen;
  button().setAttribute("aria-expanded", String(isOpen));
}

function togglePhones(isOpen) {
  setPhones(isOpen);
  if (narrow.matches) showPane(isOpen ? "phones" : inFront);
  else remember("localStorage", KEPT, String(isOpen));
}

export function startPanes() {
  const kept = recall("localStorage", KEPT);
  setPhones(!narrow.matches && (kept === null ? innerWidth >= ROOMY : kept === "true"));
  button().addEventListener("click", () => togglePhones(phones().hidden));
  const back = document.getElementById("phones-back");
  back.prepend(sign("left"));
  back.addEventListener("click", () => {
    togglePhones(false);
    button().focus();
  });
  narrow.addEventListener("change", () => showPane(inFront));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6") return;
    event.preventDefault();
    moveOn(event.shiftKey ? -1 : 1);
  });
}

/** F6 goes round the parts of the page that are in sight. */
function moveOn(step) {
  const places = REGIONS.map((id) => document.getElementById(id))
    .filter(isInSight)
    .map((part) => ({ part, first: firstIn(part) }))
    .filter(({ first }) => first);
  const at = places.findIndex(({ part }) => part.contains(document.activeElement));
  // From elsewhere forwards to the first, backwards to the last.
  const from = at < 0 && step < 0 ? 0 : at;
  places[(from + step + places.length) % places.length]?.first.focus();
}

/** Where one lands in a part: where one is or writes, else on the first thing to press. */
function firstIn(part) {
  for (const wanted of [PLACES, CONTROLS]) {
    const found = [...part.querySelectorAll(wanted)].find(isInSight);
    if (found) return found;
  }
  return null;
}

function isInSight(element) {
  return element.checkVisibility();
}
