// The phones: what reached each person outside the workspace, newest on top.

import { add, fill, h } from "../dom.js";
import { linkTo } from "../text/mentions.js";
import { day, minute } from "../moments.js";
import { startRingCount } from "./ring_count.js";
import { sign } from "../signs.js";
import { store } from "../store.js";
import { cityOf } from "../times.js";

// What a ring is called and which drawing it has.
const KINDS = {
  email: ["E-mail", "mail"],
  sms: ["SMS", "sms"],
  phone_call: ["Call", "call"],
  call: ["Call", "call"],
  telegram: ["Telegram", "plane"],
  push: ["Push", "bell"],
  mobile_app: ["Push", "bell"],
  mobile_app_critical: ["Push", "bell"],
  webhook: ["Webhook", "globe"],
};

const LIT = 6000; // milliseconds for which a phone is seen to have rung

/** Show everybody's phone in this element. */
export function startPhones(container) {
  const phones = new Phones(container);
  const aloud = h("div.unseen", { role: "status" });
  document.body.append(aloud);
  store.on("start", () => phones.draw());
  store.on("people", () => phones.draw());
  store.on("phones", (rings) => {
    phones.draw(rings);
    fill(aloud, rings.map((ring) => h("p", {}, spoken(ring))));
  });
  startRingCount(container.closest("aside"));
  setInterval(() => phones.tick(), 1000);
  if (store.started) phones.draw();
}

/** "bob's phone: e-mail, Checkout is down" */
function spoken(ring) {
  const kind = kindOf(ring)[0];
  return `${ownerOf(ring)}'s phone: ${kind === "E-mail" ? "e-mail" : kind}, ${ring.title}`;
}

/** A text with its addresses to press. */
function withLinks(text) {
  const pieces = text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/);
  return pieces.map((piece, index) => (index % 2 ? linkTo(piece, piece) : piece));
}

function kindOf(ring) {
  return KINDS[ring.kind] ?? [ring.kind, "bell"];
}

function ownerOf(ring) {
  return ring.user ? store.nameOf(ring.user) : ring.address;
}

class Phones {
  constructor(container) {
    this.container = container;
    this.container.classList.add("phones");
    this.open = new Set(); // ids of the rings whose text is shown
    this.clocks = []; // [element, tz] of each phone
  }

  draw(fresh = []) {
    const focused = document.activeElement?.closest("[data-ring]")?.dataset.ring;
    const active = Object.values(store.people).filter((each) => each.playable && !each.stranger);
    const rings = new Map();
    for (const ring of [...store.phones].sort((one, other) => other.id - one.id)) {
      const key = ring.user ?? ring.address;
      rings.set(key, [...(rings.get(key) ?? []), ring]);
    }
    const quiet = active.filter((each) => !rings.has(each.id));
    this.clocks = [];
    this.lit = new Set(fresh.map((ring) => ring.id));
    fill(
      this.container,
      h("h2", {}, "Phones"),
      rings.size ? null : this.nothing(),
      [...rings.values()].map((each) => this.phone(each)),
      quiet.length && rings.size
        ? h("p.quiet.small.phones-quiet", {}, "Quiet so far: ", quiet.map((each) => each.name).join(", "))
        : null,
    );
    this.tick();
    if (focused) this.container.querySelector(`[data-ring="${focused}"] summary`)?.focus();
  }

  nothing() {
    return h(
      "div.phones-nothing",
      {},
      sign("bell"),
      h("p", {}, "No phone has lit up yet."),
      h(
        "p.quiet",
        {},
        "When somebody is paged and does not answer in the workspace, what reaches them outside it ",
        "(an e-mail, for example) appears here, on their phone.",
      ),
    );
  }

  phone(rings) {
    const [newest] = rings;
    const person = store.person(newest.user);
    const tz = person?.tz ?? "UTC";
    const clock = h("time.phone-time");
    this.clocks.push([clock, tz]);
    const isLit = rings.some((ring) => this.lit.has(ring.id));
    const phone = h(
      "section.phone",
      { "aria-label": `${ownerOf(newest)}'s phone`, class: isLit ? "is-lit" : "" },
      h(
        "header.phone-top",
        {},
        h("h3.phone-owner", {}, ownerOf(newest)),
        h("p.small.quiet", {}, person ? [person.real_name, ", ", cityOf(tz)] : "not of this workspace"),
        clock,
      ),
      h("ul.phone-rings", {}, rings.map((ring) => this.ring(ring, tz))),
    );
    if (isLit) setTimeout(() => phone.classList.remove("is-lit"), LIT);
    return phone;
  }

  ring(ring, tz) {
    const [kind, drawing] = kindOf(ring);
    const isNew = this.lit.has(ring.id);
    const details = h(
      "details.ring",
      { open: this.open.has(ring.id), "data-ring": ring.id, class: isNew ? "is-new" : "" },
      h(
        "summary",
        {},
        h(
          "span.ring-top",
          {},
          sign(drawing),
          h("span.ring-kind", {}, kind),
          isNew ? h("span.ring-new", {}, "now") : null,
          h("time.ring-time", { title: `${minute(ring.at)} UTC` }, minute(ring.at, tz)),
        ),
        h("span.ring-title", {}, ring.title),
      ),
      h("p.ring-text", {}, withLinks(ring.text)),
      h("p.quiet.small", {}, `to ${ring.address}, ${minute(ring.at)} UTC`),
    );
    details.addEventListener("toggle", () => {
      if (details.open) this.open.add(ring.id);
      else this.open.delete(ring.id);
    });
    if (isNew) setTimeout(() => details.querySelector(".ring-new").remove(), LIT);
    return h("li", {}, details);
  }

  /** Phones show the time at which messages come too, not the one by which waits run. */
  tick() {
    const now = Date.now() / 1000;
    for (const [clock, tz] of this.clocks) {
      const text = minute(now, tz);
      if (clock.dataset.text === text) continue;
      clock.dataset.text = text;
      fill(clock);
      add(clock, h("span.phone-hour", {}, text), h("span.small.quiet", {}, day(now, tz)));
    }
  }
}
