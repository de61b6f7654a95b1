// The guided start: six short steps that tick themselves off.

import { add, fill, h } from "../dom.js";
import { Progress, STEPS } from "./progress.js";
import { sign } from "../signs.js";
import { store } from "../store.js";

const CHANNEL = "incidents";

// How each step is called in the list of all.
const TITLES = {
  type: "Say what is broken",
  page: "Page Bob",
  phone: "Wait for Bob's phone",
  answer: "Answer as Bob",
  resolve: "Resolve it",
  done: "Look around",
};

/** Show the guide in this element, where the workspace has what it talks about. */
export function startGuide(container) {
  const guide = new Guide(container);
  for (const what of ["start", "people", "time", "channels"]) store.on(what, () => guide.draw());
  guide.draw();
}

class Guide {
  constructor(container) {
    this.container = container;
    container.classList.add("guide");
    this.count = h("p.guide-count");
    this.step = h("div.guide-step", { "aria-live": "polite" });
    this.shown = "";
    this.type = h("button.primary", { type: "button", onclick: typeIt }, "Type it for me");
    this.all = h("button.bare", { type: "button", "aria-expanded": "false", onclick: () => this.toggleAll() });
    this.close = h("button.bare", { type: "button", onclick: () => this.dismiss(true) }, "Close the guide");
    this.back = h("button.bare", { type: "button", onclick: () => this.dismiss(false) }, "Guide");
    this.list = h("ol.guide-list", { hidden: true });
    this.card = h(
      "div.guide-card",
      {},
      this.count,
      this.step,
      this.type,
      h("div.guide-buttons", {}, this.all, this.close),
      this.list,
    );
    add(container, this.card, this.back);
    this.progress = new Progress(() => this.draw());
  }

  draw() {
    const isUsable = store.started && store.commands.some(({ name }) => name === "/escalate");
    this.container.hidden = !isUsable;
    if (!isUsable) return;
    const { step, isDismissed } = this.progress;
    this.card.hidden = isDismissed;
    this.back.hidden = !isDismissed;
    this.count.textContent = `Step ${STEPS.indexOf(step) + 1} of ${STEPS.length}`;
    this.type.hidden = step !== "type";
    this.all.textContent = this.list.hidden ? "All steps" : "Only this step";
    fill(this.list, listed(step));
    const text = h("p", {}, words(step));
    // Only when it says something else: else it would be read aloud again and again.
    if (text.textContent !== this.shown) fill(this.step, text);
    this.shown = text.textContent;
  }

  toggleAll() {
    this.list.hidden = !this.list.hidden;
    this.all.setAttribute("aria-expanded", String(!this.list.hidden));
    this.draw();
  }

  dismiss(isDismissed) {
    this.progress.dismiss(isDismissed);
    (isDismissed ? this.back : this.close).focus();
  }
}

function listed(now) {
  return STEPS.map((step, index) => {
    const isDone = index < STEPS.indexOf(now);
    return h(
      "li",
      { "aria-current": step === now ? "step" : null },
      isDone ? [sign("tick"), h("span.unseen", {}, "Done: ")] : `${index + 1}.`,
      h("span", {}, TITLES[step]),
    );
  });
}

/** The text of a step, as it is for whoever we are and as time runs. */
function words(step) {
  const bold = (text) => h("b", {}, text);
  switch (step) {
    case "type":
      return [
        `You are ${firstName(store.myself)}, and something is broken. In `,
        bold(`#${CHANNEL}`),
        ", type ",
        h("code", {}, order()),
        " and press Enter.",
      ];
    case "page":
      return ["The form says who is paged, how and when. Look at it, then press ", bold("Page"), "."];
    case "phone":
      return [
        "The alert is in the channel; open its thread for the story. Bob does not look at his messages. ",
        wait(),
        " Watch ",
        bold("Phones"),
        ".",
      ];
    case "answer":
      if (store.myself.name === "bob") {
        return ["You are Bob. Open the direct message from tocsin and press ", bold("Acknowledge"), "."];
      }
      return [
        "Bob's phone has lit up: look at ",
        bold("Phones"),
        ". Now be Bob: choose him at the top of the page, open the message from tocsin and press ",
        bold("Acknowledge"),
        ".",
      ];
    case "resolve":
      return [
        "Somebody has it, and nobody else is woken. Go back to ",
        bold(`#${CHANNEL}`),
        ": the thread says who. Press ",
        bold("Resolve"),
        " when it is fixed.",
      ];
    default:
      return [
        "Done: paged, answered, resolved. Next, bring in more people by ",
        bold("Responders"),
        ", pause the time, or look ",
        bold("Behind the glass"),
        ".",
      ];
  }
}

/** When Bob's phone lights up, at the speed at which time runs. */
function wait() {
  const { time } = store;
  if (time?.paused) return "Time stands still: press Go on, and after 5 minutes his phone lights up.";
  if (time && time.speed === 1) return "After 5 minutes his phone lights up; Jump to the next step saves the wait.";
  return "After 5 minutes (5 seconds here) his phone lights up.";
}

/** Who is paged by the command: Bob, unless we are Bob. */
function order() {
  return `/escalate @${store.myself.name === "bob" ? "carol" : "bob"} Checkout is down`;
}

function firstName(person) {
  return person.real_name.split(" ")[0];
}

/**
 * Ask the composer to open a channel and to put this text into its box, without sending it:
 * the event "tocsin:type" on the document, with {channel (id), text} as its detail.
 */
function typeIt() {
  const channel = store.channels.find(({ name }) => name === CHANNEL)?.id;
  document.dispatchEvent(new CustomEvent("tocsin:type", { detail: { channel, text: order() } }));
}
