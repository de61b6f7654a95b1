// The guided start: six short steps that tick themselves off.

import { fill, h } from "./dom.js";
import { Progress, STEPS } from "./progress.js";
import { sign } from "./signs.js";
import { store } from "./store.js";

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
    this.showsAll = false;
    this.step = h("div.guide-step", { "aria-live": "polite" });
    this.shown = "";
    this.progress = new Progress(() => this.draw());
  }

  draw() {
    const isUsable = store.started && store.commands.some(({ name }) => name === "/escalate");
    this.container.hidden = !isUsable;
    if (!isUsable) return;
    const { step, isDismissed } = this.progress;
    const pieces = isDismissed ? null : words(step);
    // Drawn anew only when it says something else: else it would be read aloud again and again.
    const shown = [isDismissed, this.showsAll, pieces?.map((each) => each.textContent ?? each).join("")].join("|");
    if (shown === this.shown) return;
    this.shown = shown;
    this.container.classList.toggle("is-small", isDismissed);
    if (isDismissed) fill(this.container, this.comeBack());
    else {
      fill(this.step, h("p", {}, pieces));
      fill(this.container, this.count(step), this.step, this.buttons(step), this.showsAll ? list(step) : null);
    }
  }

  comeBack() {
    return h("button.bare", { type: "button", onclick: () => this.dismiss(false) }, "Guide");
  }

  count(step) {
    return h("p.guide-count", {}, `Step ${STEPS.indexOf(step) + 1} of ${STEPS.length}`);
  }

  buttons(step) {
    const all = () => {
      this.showsAll = !this.showsAll;
      this.draw();
      this.container.querySelector(".guide-all").focus();
    };
    return h(
      "div.guide-buttons",
      {},
      step === "type" ? h("button.primary", { type: "button", onclick: typeIt }, "Type it for me") : null,
      h(
        "button.bare.guide-all",
        { type: "button", "aria-expanded": String(this.showsAll), onclick: all },
        this.showsAll ? "Only this step" : "All steps",
      ),
      h("button.bare", { type: "button", onclick: () => this.dismiss(true) }, "Close the guide"),
    );
  }

  dismiss(isDismissed) {
    this.progress.dismiss(isDismissed);
    this.container.querySelector("button").focus();
  }
}

function list(now) {
  return h(
    "ol.guide-list",
    {},
    STEPS.map((step, index) => {
      const isDone = index < STEPS.indexOf(now);
      return h(
        "li",
        { "aria-current": step === now ? "step" : null, class: isDone ? "is-done" : "" },
        isDone ? [sign("tick"), h("span.unseen", {}, "Done: ")] : h("span.guide-number", {}, `${index + 1}.`),
        h("span", {}, TITLES[step]),
      );
    }),
  );
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
        " Open ",
        bold("Phones"),
        " to see it.",
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
