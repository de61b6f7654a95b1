// Where the choices of each kind of select come from, and what travels when one is chosen.

import { rolesOf } from "../../faces.js";
import { renderPlain } from "../../text/mrkdwn.js";
import { store } from "../../store.js";

const DEBOUNCE = 250; // milliseconds without a key before the bot is asked
const LEAST_TYPED = 3; // characters, where the bot does not say how many

/** `find(query)` gives groups; `itemOf(held)` how something chosen is shown; `heldOf(item)` what travels. */
export function sourceOf(field) {
  const { type } = field.element;
  if (type.endsWith("static_select")) return ofOptions(field);
  if (type.endsWith("external_select")) return ofBot(field);
  if (type.endsWith("users_select")) return ofPeople();
  return ofChannels(field, type.endsWith("conversations_select"));
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The items in which every word of the query occurs, those that start with it first. */
function matching(items, query) {
  const wanted = folded(query).replace(/^[@#]/, "").trim();
  if (!wanted) return items;
  const words = wanted.split(/\s+/);
  const rank = (item) => (folded(item.label).replace(/^[@#]/, "").startsWith(wanted) ? 0 : 1);
  return items
    .filter((item) => {
      const text = folded(`${item.label} ${item.detail ?? ""}`);
      return words.every((word) => text.includes(word));
    })
    .sort((one, other) => rank(one) - rank(other));
}

// Options: those of the element, and those the bot suggests

function optionItem(option) {
  const detail = option.description ? renderPlain(option.description) : null;
  return { key: option.value, label: renderPlain(option.text), detail, option };
}

function ofOptions(field) {
  const find = (query) => {
    const { options, option_groups: groups } = field.element;
    const all = groups ?? [{ label: null, options }];
    return all.map((group) => ({
      label: group.label && renderPlain(group.label),
      items: matching(group.options.map(optionItem), query),
    }));
  };
  return { find, itemOf: optionItem, heldOf: (item) => item.option };
}

function ofBot(field) {
  let timer;
  const find = (query) => {
    clearTimeout(timer);
    const least = field.element.min_query_length ?? LEAST_TYPED;
    if (query.length < least) {
      return { said: least === 1 ? "Type to search" : `Type at least ${least} characters` };
    }
    return new Promise((resolve, reject) => {
      timer = setTimeout(() => field.suggest(query).then(resolve, reject), DEBOUNCE);
    }).then((groups) =>
      groups.map(({ label, options }) => ({
        label: label?.text ?? label,
        items: options.map(optionItem),
      })),
    );
  };
  return { find, itemOf: optionItem, heldOf: (item) => item.option };
}

// People and channels, of whom ids travel

function personItem(id) {
  const person = store.person(id);
  if (!person) return { key: id, label: "unknown", detail: null };
  const { name, real_name: real } = person;
  const roles = rolesOf(person).filter((role) => role !== "admin");
  const said = [real && folded(real) !== folded(name) && real, ...roles, id === store.me && "you"];
  return { key: id, label: name, detail: said.filter(Boolean).join(" · ") || null };
}

function byLabel(one, other) {
  return one.label.localeCompare(other.label);
}

/** Everybody active; apps last. */
function peopleItems({ bots = true } = {}) {
  const people = Object.values(store.people).filter((each) => !each.deleted && (bots || !each.is_bot));
  const items = (wanted) =>
    people.filter((each) => each.is_bot === wanted).map((each) => personItem(each.id));
  return [...items(false).sort(byLabel), ...items(true).sort(byLabel)];
}

function ofPeople() {
  return {
    find: (query) => [{ label: null, items: matching(peopleItems(), query) }],
    itemOf: personItem,
    heldOf: (item) => item.key,
  };
}

function channelItem(id) {
  const channel = store.channel(id);
  const isIm = channel?.kind === "im";
  if (isIm) return { ...personItem(channel.with), key: id };
  const detail = channel?.kind === "private" ? "private" : null;
  return { key: id, label: store.channelName(id), detail };
}

function ofChannels(field, all) {
  const find = (query) => {
    const filter = field.element.filter ?? {};
    const kinds = all ? (filter.include ?? ["im", "mpim", "private", "public"]) : ["public"];
    const usable = store.channels.filter(
      (each) =>
        !each.archived &&
        (each.kind === "public" || each.joined) &&
        !(filter.exclude_external_shared_channels && each.shared),
    );
    const channels = usable.filter((each) => each.kind !== "im" && kinds.includes(each.kind));
    const items = channels.map((each) => channelItem(each.id)).sort(byLabel);
    if (!kinds.includes("im")) return [{ label: null, items: matching(items, query) }];
    const people = peopleItems({ bots: !filter.exclude_bot_users }).map((item) => {
      const direct = usable.find((each) => each.kind === "im" && each.with === item.key);
      return direct ? { ...item, key: direct.id } : { ...item, person: item.key };
    });
    return [
      { label: items.length ? "Channels" : null, items: matching(items, query) },
      { label: "People", items: matching(people, query) },
    ];
  };
  // Somebody nobody has written to yet has no channel: it is opened now.
  const opened = async ({ key, person }) =>
    person ? (await store.ask("direct", { user: person })).channel : key;
  return { find, itemOf: channelItem, heldOf: opened };
}
