// How far somebody is in the guided start: found out from what the workspace holds, and remembered.

import { store } from "../store.js";

const PLACE = "tocsin-guide"; // in localStorage, so that all tabs and people share it
const PATIENCE = 2000; // milliseconds for an alert to appear after its form has gone

export const STEPS = ["type", "page", "phone", "answer", "resolve", "done"];

export class Progress {
  /** `changed()` is called whenever there is something else to show. */
  constructor(changed) {
    this.changed = changed;
    this.formSeen = false;
    this.kept = recall();
    store.on("start", () => this.begin());
    store.on("modals", () => this.lookAtForms());
    store.on("messages", ({ messages }) => messages.forEach((each) => this.lookAt(each)));
    store.on("phones", () => this.lookAtPhones());
    store.on("wait", () => this.restart());
    addEventListener("storage", (event) => {
      if (event.key !== PLACE) return;
      this.kept = recall();
      this.changed();
    });
    if (store.started) this.begin();
  }

  /** Which of STEPS is to be done now. */
  get step() {
    if (this.kept.alert) return STEPS[this.kept.reached];
    return this.formSeen ? "page" : "type";
  }

  get isDismissed() {
    return Boolean(this.kept.isDismissed);
  }

  dismiss(isDismissed) {
    this.keep({ isDismissed });
  }

  keep(news) {
    Object.assign(this.kept, news);
    try {
      localStorage.setItem(PLACE, JSON.stringify(this.kept));
    } catch {
      // A browser that keeps nothing still shows the guide, from the start with each load.
    }
    this.changed();
  }

  /** From the first step again. */
  restart() {
    this.formSeen = false;
    this.keep({ alert: null, reached: 0 });
  }

  /** After a load: what happened meanwhile, and is that alert still there at all? */
  async begin() {
    this.lookAtForms();
    const { alert } = this.kept;
    this.changed();
    if (!alert || !store.channel(alert.channel)) return;
    try {
      const { messages } = await store.ask("thread", alert);
      if (!messages.length) throw new Error("It is gone.");
      this.lookAtPhones();
      this.lookAt(messages[0]);
    } catch {
      if (store.connected) this.restart();
    }
  }

  lookAtForms() {
    const isOpen = store.modals.length > 0;
    if (isOpen) this.formSeen = true;
    else if (this.formSeen) setTimeout(() => this.forgetForm(), PATIENCE);
    this.changed();
  }

  forgetForm() {
    if (store.modals.length || this.kept.alert) return;
    this.formSeen = false;
    this.changed();
  }

  lookAt(message) {
    const { alert } = this.kept;
    if (!alert && this.formSeen && isAlert(message)) {
      const { channel, ts } = message;
      this.keep({ alert: { channel, ts }, ringsBefore: lastRing(), reached: 0 });
      this.reach("phone");
    } else if (alert && message.channel === alert.channel && message.ts === alert.ts) {
      // The button that undoes it says how things stand.
      if (hasButton(message, "Unresolve")) this.reach("done");
      else if (hasButton(message, "Unacknowledge")) this.reach("resolve");
    }
  }

  lookAtPhones() {
    if (this.kept.alert && lastRing() > this.kept.ringsBefore) this.reach("answer");
  }

  reach(step) {
    const index = STEPS.indexOf(step);
    if (index > this.kept.reached) this.keep({ reached: index });
  }
}

function lastRing() {
  return Math.max(0, ...store.phones.map((ring) => ring.id));
}

function isAlert(message) {
  return (
    message.user === store.workspace.bot &&
    message.ts === (message.thread_ts ?? message.ts) &&
    !message.ephemeral &&
    store.channel(message.channel)?.kind !== "im" &&
    (hasButton(message, "Acknowledge") || hasButton(message, "Unacknowledge"))
  );
}

function hasButton(message, label) {
  return (message.blocks ?? [])
    .flatMap((block) => block.elements ?? [])
    .some((element) => element.type === "button" && element.text?.text === label);
}

function recall() {
  try {
    return { alert: null, reached: 0, ...JSON.parse(localStorage.getItem(PLACE)) };
  } catch {
    return { alert: null, reached: 0 };
  }
}
