// "Behind the glass": the calls between the bot and the workspace, and the switches that break it.

import { Calls } from "./calls.js";
import { fill, h } from "../dom.js";
import { store } from "../store.js";
import { countTrouble, troubleSwitches } from "./trouble.js";

const NAME = "Behind the glass";

/** Let this button open and close the drawer. */
export function startGlass(button, container) {
  const glass = new Glass(button, container);
  button.addEventListener("click", () => glass.toggle(container.hidden));
  for (const element of [button, container]) {
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || container.hidden) return;
      event.stopPropagation();
      glass.toggle(false);
      button.focus();
    });
  }
  store.on("start", () => glass.begin());
  store.on("trouble", () => glass.mark());
  store.on("traffic", (calls) => glass.take(calls));
  glass.mark();
}

class Glass {
  constructor(button, container) {
    this.button = button;
    this.container = container;
    this.calls = new Calls();
    this.held = null; // the calls that came while the list stands still; null while it runs
    container.classList.add("glass");
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", NAME);
    container.tabIndex = -1;
    container.hidden = true;
    button.setAttribute("aria-expanded", "false");
    this.hold = h("button", { type: "button", onclick: () => this.setHeld(this.held === null) });
    this.error = h("p.small.glass-error", { role: "alert" });
    fill(container, this.top(), h("div.glass-body", {}, troubleSwitches(), this.talk()));
    this.showHold();
  }

  top() {
    const close = () => {
      this.toggle(false);
      this.button.focus();
    };
    return h(
      "header.glass-top",
      {},
      h("h2", {}, NAME),
      h("button.bare", { type: "button", onclick: close, "aria-label": `Close ${NAME}` }, "Close"),
    );
  }

  talk() {
    const filter = h("input", {
      type: "search",
      placeholder: "Filter: chat.postMessage, failed, bob ...",
      "aria-label": "Show only calls with this text",
      oninput: () => this.calls.filter(filter.value),
    });
    return h(
      "section.glass-talk",
      { "aria-label": "Calls" },
      h("div.glass-tools", {}, h("h3", {}, "Calls"), filter, this.hold),
      this.error,
      this.calls.scroll,
    );
  }

  toggle(isOpen) {
    this.container.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.container.focus();
    this.watch(isOpen);
  }

  async watch(on) {
    this.error.textContent = "";
    try {
      // The newest calls come again with every "on".
      if (on) this.empty();
      await store.ask("watch", { on });
    } catch (error) {
      this.error.textContent = error.message;
    }
  }

  begin() {
    this.mark();
    this.empty();
    if (!this.container.hidden) this.watch(true);
  }

  empty() {
    store.traffic.length = 0;
    this.calls.clear();
    if (this.held) this.setHeld(false);
  }

  take(calls) {
    store.traffic.length = 0; // the list keeps what it shows
    if (this.held) this.held.push(...calls);
    else this.calls.take(calls);
    this.showHold();
  }

  setHeld(isHeld) {
    const missed = this.held ?? [];
    this.held = isHeld ? [] : null;
    if (!isHeld) this.calls.take(missed);
    this.showHold();
  }

  showHold() {
    const missed = this.held?.length;
    const more = missed ? ` (${missed} more)` : "";
    this.hold.textContent = this.held ? `Go on${more}` : "Hold the list";
  }

  mark() {
    const count = countTrouble();
    this.button.textContent = count ? `${NAME} (${count} on)` : NAME;
    this.button.classList.toggle("has-trouble", count > 0);
  }
}
