// Rich text: what people's clients make of what they type, as nodes.

import { h } from "../dom.js";
import {
  broadcastNode,
  channelNode,
  dateNode,
  emojiNode,
  groupNode,
  linkTo,
  personNode,
} from "./mentions.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };
const COLOUR = /^#[0-9a-f]{3,8}$/i;

/** A rich_text block, or a cell of a table. */
export function renderRichText({ elements }) {
  const fragment = document.createDocumentFragment();
  const lists = []; // the open lists, the innermost last: {indent, list}
  for (const element of elements) {
    if (element.type === "rich_text_list") addList(fragment, lists, element);
    else {
      lists.length = 0;
      fragment.append(piece(element));
    }
  }
  return fragment;
}

/** Nested lists arrive flat, each with its depth: a deeper one goes into the last item before. */
function addList(fragment, lists, element) {
  const { indent = 0, offset = 0, style } = element;
  while (lists.length && lists.at(-1).indent >= indent) {
    const { indent: depth, list, kind } = lists.at(-1);
    if (depth === indent && kind === style && !offset) {
      list.append(...element.elements.map(item));
      return;
    }
    lists.pop();
  }
  const list = h(style === "ordered" ? "ol" : "ul", { start: offset ? offset + 1 : null });
  list.append(...element.elements.map(item));
  const above = lists.at(-1)?.list.lastElementChild;
  (above ?? fragment).append(list);
  lists.push({ indent, list, kind: style });
}

function item(section) {
  return h("li", {}, section.elements.map(inline));
}

function piece({ type, elements }) {
  if (type === "rich_text_preformatted") return h("pre", {}, elements.map(inline));
  const tag = type === "rich_text_quote" ? "blockquote" : "div.line";
  return h(tag, {}, (elements ?? []).map(inline));
}

function inline(element) {
  let node = bare(element);
  for (const [name, tag] of Object.entries(TAGS)) {
    if (element.style?.[name]) node = h(tag, {}, node);
  }
  const marked = element.style?.highlight || element.style?.client_highlight;
  return marked ? h("mark", {}, node) : node;
}

function bare(element) {
  const { type } = element;
  if (type === "text") return element.text;
  if (type === "link") return linkTo(element.url, element.text || element.url);
  if (type === "emoji") return emojiNode(element.name, `:${element.name}:`) ?? `:${element.name}:`;
  if (type === "user") return personNode(element.user_id, "");
  if (type === "channel") return channelNode(element.channel_id, "");
  if (type === "usergroup") return groupNode(element.usergroup_id, "");
  if (type === "broadcast") return broadcastNode(element.range);
  if (type === "color") return colour(element.value);
  if (type === "date") {
    const { timestamp, format, url, fallback = "" } = element;
    return dateNode(timestamp, format, url, fallback);
  }
  return `(${type})`;
}

function colour(value) {
  if (!COLOUR.test(value)) return value;
  const swatch = h("span.swatch", { "aria-hidden": "true" });
  swatch.style.background = value;
  return h("span", {}, swatch, value);
}
