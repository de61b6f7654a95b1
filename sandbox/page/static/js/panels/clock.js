// The clock of the bot, in the top bar: how fast it runs, and what comes next.

import { h } from "../dom.js";
import { now, passed, second, span } from "../moments.js";
import { sign } from "../signs.js";
import { store } from "../store.js";

const SPEEDS = [
  [1, "1x", "Real time"],
  [60, "60x", "60x: a minute passes in a second"],
];

/** Show the clock and its controls in this element; hidden while nobody can control time. */
export function startClock(container) {
  container.classList.add("clock");
  container.setAttribute("role", "group");
  container.setAttribute("aria-label", "The bot's time");
  const clock = new Clock(container);
  for (const what of ["start", "time"]) store.on(what, () => clock.draw());
  setInterval(() => clock.tick(), 250);
  clock.draw();
}

class Clock {
  constructor(container) {
    this.container = container;
    this.time = h("time.clock-time");
    this.speeds = SPEEDS.map(([speed, text, title]) =>
      h("button.clock-speed", { type: "button", title, onclick: () => this.set("speed", { speed }) }, text),
    );
    this.pause = h("button.clock-button", { type: "button", onclick: () => this.hold() });
    this.jump = h(
      "button.clock-button",
      {
        type: "button",
        title: "Jump to the next step: the wait until then passes at once",
        "aria-label": "Jump to the next step",
        onclick: () => store.time.next && this.set("jump"),
      },
      sign("jump"),
      h("span", {}, "Jump"),
    );
    this.next = h("p.clock-next.small");
    this.error = h("p.clock-error.small", { role: "alert" });
    container.append(
      h(
        "div.clock-now",
        { title: "The time that the bot writes into messages. At 60x only waits are faster." },
        h("span", {}, h("span.small.quiet", {}, "Bot's clock "), this.time, h("span.small.quiet", {}, " UTC")),
        this.next,
      ),
      h("span.clock-speeds", { role: "group", "aria-label": "Speed" }, this.speeds),
      this.pause,
      this.jump,
      this.error,
    );
  }

  async set(what, details = {}) {
    this.error.textContent = "";
    try {
      await store.ask("time", { set: what, ...details });
    } catch (error) {
      this.error.textContent = error.message;
    }
  }

  hold() {
    this.set(store.time.paused ? "resume" : "pause");
  }

  draw() {
    const { time } = store;
    this.container.hidden = !time;
    if (!time) return;
    this.container.classList.toggle("is-paused", time.paused);
    for (const [index, [speed]] of SPEEDS.entries()) {
      this.speeds[index].setAttribute("aria-pressed", String(time.speed === speed));
    }
    this.pause.replaceChildren(
      sign(time.paused ? "go" : "pause"),
      h("span", {}, time.paused ? "Go on" : "Pause"),
    );
    const does = time.paused ? "Go on: let the bot's time run" : "Pause the bot's time";
    this.pause.setAttribute("aria-label", does);
    this.pause.title = does;
    // Not disabled: that would take the focus from whoever has just pressed it.
    this.jump.setAttribute("aria-disabled", String(!time.next));
    this.tick();
  }

  tick() {
    const { time } = store;
    if (!time) return;
    show(this.time, second(now()));
    show(this.next, comingUp(time));
    this.next.title = this.next.textContent;
  }
}

/** "Next in 3 min 20 s: bob: e-mail"; what is cut off where there is little room is the end. */
function comingUp({ next, paused }) {
  if (!next) return paused ? "Paused. Nothing is waiting." : "Nothing is waiting.";
  const left = span(next.in - passed());
  const when = left === "now" ? "now" : `in ${left}`;
  return `${paused ? "Paused; next" : "Next"} ${when}: ${next.what}`;
}

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
