// The modals of this person: the topmost is in front, those below wait with all that was typed.

import { arrange } from "../arrange.js";
import { fill, freshId, h } from "../dom.js";
import { store } from "../store.js";
import { ViewBlocks } from "./view.js";

/** Show modals from now on, as they open and close. */
export function startModals() {
  const stack = new Stack();
  document.body.append(stack.dialog);
  store.on("start", () => stack.update(store.modals));
  store.on("modals", () => stack.update(store.modals));
  if (store.started) stack.update(store.modals);
}

class Stack {
  constructor() {
    this.sheets = new Map(); // view id -> Sheet, the topmost last
    this.dialog = h("dialog.modal", {
      onkeydown: (event) => this.pressed(event),
      oncancel: (event) => this.cancelled(event),
    });
  }

  get top() {
    return [...this.sheets.values()].at(-1);
  }

  update(views) {
    const before = this.top;
    const shown = new Map();
    views.forEach((view, at) => {
      const sheet = this.sheets.get(view.id) ?? new Sheet(view);
      sheet.update(view, at > 0);
      shown.set(view.id, sheet);
    });
    if (before && views.at(-1)?.id !== before.id) before.leave();
    for (const [id, sheet] of this.sheets) if (!shown.has(id)) sheet.close();
    this.sheets = shown;
    const { top } = this;
    for (const sheet of shown.values()) sheet.node.hidden = sheet !== top;
    arrange(this.dialog, [...shown.values()].map((sheet) => sheet.node));
    if (!top) {
      // This gives the focus back to where it was.
      if (this.dialog.open) this.dialog.close();
      return;
    }
    this.dialog.setAttribute("aria-labelledby", top.titleId);
    const isNew = !this.dialog.open;
    if (isNew) this.dialog.showModal();
    if (top !== before || isNew) top.enter();
    else if (document.activeElement === document.body) top.title.focus();
  }

  pressed(event) {
    if (event.key === "Escape" && !event.defaultPrevented) this.cancelled(event);
  }

  /** It closes when the sandbox says so. */
  cancelled(event) {
    if (event.target !== this.dialog && event.type === "cancel") return;
    event.preventDefault();
    this.top?.cancel();
  }
}

/** One modal: a title, blocks, and the buttons below them. */
class Sheet {
  constructor(view) {
    this.id = view.id;
    this.titleId = freshId("title");
    this.content = new ViewBlocks(view);
    this.title = h("h2", { id: this.titleId, tabindex: "-1" });
    this.back = h("button.bare.return", { type: "button", onclick: () => this.cancel() }, "‹ Back");
    const cross = h("button.bare.cross", {
      type: "button",
      "aria-label": "Close",
      onclick: () => this.cancel({ everything: true }),
    });
    cross.append("×");
    this.failure = h("p.failure", { role: "alert", hidden: true });
    this.closer = h("button", { type: "button", onclick: () => this.cancel() });
    this.submitter = h("button.primary", { type: "submit" });
    this.body = h("div.sheet-body", { tabindex: "-1" }, this.failure, this.content.node);
    this.node = h(
      "form.sheet",
      { novalidate: true, onsubmit: (event) => this.submit(event) },
      h("header", {}, this.back, this.title, cross),
      this.body,
      h("footer", {}, this.closer, this.submitter),
    );
  }

  update(view, isPushed) {
    this.view = view;
    this.content.update(view);
    this.title.textContent = view.title;
    // Without a field in it only the keys can scroll it.
    this.body.tabIndex = this.content.blocks.elements.length ? -1 : 0;
    this.back.hidden = !isPushed;
    this.closer.textContent = view.close ?? (view.submit ? "Cancel" : "Close");
    this.submitter.hidden = !view.submit;
    this.submitter.disabled = Boolean(view.submit_disabled) || !view.submit;
    if (!this.isBusy) fill(this.submitter, view.submit ?? "");
    this.showFirstError();
  }

  /** Errors arrive with the view, before the answer to the submission or after it. */
  showFirstError() {
    const { firstWrong } = this.content.blocks;
    if (!this.awaitsErrors || !firstWrong) return;
    this.awaitsErrors = false;
    firstWrong.focus();
  }

  /** Come to the front. */
  enter() {
    if (this.focused?.isConnected) {
      this.focused.focus();
      return;
    }
    const { elements } = this.content.blocks;
    const wanted = elements.find((each) => each.element?.focus_on_load);
    const first = wanted ?? elements.find((each) => each.place?.inInput);
    if (first) first.focus();
    else this.title.focus();
  }

  /** Another modal comes to the front. */
  leave() {
    if (this.node.contains(document.activeElement)) this.focused = document.activeElement;
  }

  tell(text) {
    this.failure.hidden = !text;
    this.failure.textContent = text;
    if (text) this.failure.scrollIntoView({ block: "nearest" });
  }

  async cancel({ everything = false } = {}) {
    try {
      await store.ask("close", { view: this.id, everything });
    } catch (error) {
      this.tell(error.message);
    }
  }

  async submit(event) {
    event.preventDefault();
    if (this.isBusy || this.submitter.disabled) return;
    this.tell("");
    this.busy(true);
    try {
      await store.ask("submit", { view: this.id });
      // Not before: what was typed may come back until then, with the errors of the last time.
      this.content.blocks.recall();
      this.awaitsErrors = true;
    } catch (error) {
      this.tell(error.message);
    }
    this.busy(false);
    fill(this.submitter, this.view.submit ?? ""); // of the form that may have taken its place
    this.content.update(this.view);
    this.showFirstError();
  }

  busy(isBusy) {
    this.isBusy = isBusy;
    // Not disabled, which would take the focus away.
    this.submitter.setAttribute("aria-busy", String(isBusy));
    this.submitter.setAttribute("aria-disabled", String(isBusy));
  }

  close() {
    this.content.close();
  }
}
