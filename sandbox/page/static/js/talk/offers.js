// What is offered while somebody types: commands after "/", people after "@", channels after "#".

import { face, rolesOf } from "../faces.js";
import { fill, freshId, h } from "../dom.js";
import { minute } from "../moments.js";
import { store } from "../store.js";
import { cityOf } from "../times.js";

const COMMAND = /^\/(\S*)$/;
const MENTION = /(?:^|[\s(])([@#])([\p{L}\p{N}_.-]*)$/u;
const MOST = 30; // offers
const WHILE_OPEN = [
  "role",
  "aria-autocomplete",
  "aria-controls",
  "aria-expanded",
  "aria-activedescendant",
];
const EVERYBODY = [
  { text: "@here", about: "everybody in this channel who is active" },
  { text: "@channel", about: "everybody in this channel" },
];

/**
 * The list of offers of one text area.  `place` holds the list; `channel()` is where we write.
 * `key(event)` says whether the list took a key.
 */
export class Offers {
  constructor(field, place, channel) {
    this.field = field;
    this.channel = channel;
    this.list = h("ul.offers", { role: "listbox", id: freshId("offers"), "aria-label": "Offers" });
    this.offers = [];
    this.close();
    place.append(this.list);
    field.addEventListener("input", () => this.update());
    field.addEventListener("click", () => this.update());
    field.addEventListener("blur", () => this.close());
    // The text area keeps the focus while somebody clicks into the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  update() {
    const { value, selectionStart, selectionEnd } = this.field;
    const before = value.slice(0, selectionStart);
    const found = selectionStart === selectionEnd ? this.find(before) : null;
    if (!found || !found.offers.length) {
      this.close();
      return;
    }
    this.start = found.start;
    this.offers = found.offers.slice(0, MOST);
    fill(
      this.list,
      this.offers.map((offer) =>
        h(
          "li.offer",
          { role: "option", id: freshId("offer"), onclick: () => this.choose(offer) },
          offer.mark,
          h("span.offer-text", {}, offer.text),
          h("span.quiet.small", {}, offer.about),
        ),
      ),
    );
    this.list.hidden = false;
    // A plain text area except while there is something to choose from.
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.setAttribute("aria-expanded", "true");
    this.point(0);
  }

  find(before) {
    const command = COMMAND.exec(before);
    if (command) return { start: 0, offers: commands(command[1]) };
    const mention = MENTION.exec(before);
    if (!mention) return null;
    const [, sign, typed] = mention;
    const offers = sign === "@" ? people(typed, this.channel()) : channels(typed);
    return { start: before.length - typed.length - 1, offers };
  }

  point(at) {
    this.at = (at + this.offers.length) % this.offers.length;
    [...this.list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.at));
    });
    const option = this.list.children[this.at];
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  close() {
    this.list.hidden = true;
    for (const name of WHILE_OPEN) this.field.removeAttribute(name);
  }

  choose({ text }) {
    const caret = this.field.selectionStart;
    this.field.setRangeText(`${text} `, this.start, caret, "end");
    this.close();
    this.field.focus();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  key(event) {
    const { shiftKey, ctrlKey, altKey, metaKey } = event;
    if (!this.isOpen || shiftKey || ctrlKey || altKey || metaKey) return false;
    if (event.key === "ArrowDown") this.point(this.at + 1);
    else if (event.key === "ArrowUp") this.point(this.at - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab") this.choose(this.offers[this.at]);
    else if (event.key === "Enter") return this.enter();
    else return false;
    return true;
  }

  /** Enter completes, but sends what is typed in full already. */
  enter() {
    const offer = this.offers[this.at];
    const typed = this.field.value.slice(this.start, this.field.selectionStart);
    if (typed === offer.text) {
      this.close();
      return false;
    }
    this.choose(offer);
    return true;
  }
}

/** The command that a text calls, if the bot has registered it. */
export function commandOf(text) {
  const name = /^\/\S+/.exec(text)?.[0];
  return store.commands.find((each) => each.name === name) ?? null;
}

function commands(typed) {
  return store.commands
    .filter((each) => each.name.startsWith(`/${typed}`))
    .map(({ name, usage, description }) => ({
      text: name,
      about: [usage, description].filter(Boolean).join(" · "),
    }));
}

function people(typed, channel) {
  const wanted = typed.toLowerCase();
  const fits = ({ name, real_name }) =>
    name.toLowerCase().startsWith(wanted) ||
    real_name.toLowerCase().split(" ").some((word) => word.startsWith(wanted));
  const isHere = (person) => Number(channel?.members.includes(person.id) ?? false);
  const found = Object.values(store.people)
    .filter((each) => !each.deleted && fits(each))
    .sort((one, other) => isHere(other) - isHere(one) || one.name.localeCompare(other.name))
    .map((each) => ({ text: `@${each.name}`, about: aboutPerson(each), mark: face(each, true) }));
  return [...found, ...EVERYBODY.filter(({ text }) => text.startsWith(`@${wanted}`))];
}

function aboutPerson(person) {
  const roles = rolesOf(person).join(", ");
  const time = person.is_bot ? "" : `${minute(Date.now() / 1000, person.tz)} ${cityOf(person.tz)}`;
  return [person.real_name, roles, time].filter(Boolean).join(" · ");
}

function channels(typed) {
  return store.channels
    .filter((each) => each.name && each.name.startsWith(typed.toLowerCase()))
    .map((each) => ({ text: `#${each.name}`, about: each.archived ? "archived" : "" }));
}
