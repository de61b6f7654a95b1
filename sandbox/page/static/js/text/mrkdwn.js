// Text with the workspace's marks (*bold*, <@U1>, :fire:) as nodes.  Nothing in it becomes markup.

import { h } from "../dom.js";
import { emojiOf } from "./emoji.js";
import {
  broadcastNode,
  channelNode,
  dateNode,
  emojiNode,
  groupNode,
  linkTo,
  personNode,
} from "./mentions.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const ENTITY = /<([^<>\n]+)>/y;
const CODE = /`([^`\n]+)`/y;
const EMOJI = /:([a-z0-9_+'-]{1,50}(?:::skin-tone-\d)?):/y;
const ADDRESS = /https?:\/\/(?:(?!&[lg]t;)[^\s<>|])+/iy;
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const FENCE = /```([\s\S]+?)```/g;
const QUOTE = /^(?:&gt;|>) ?/;
const LONG_QUOTE = /^(?:&gt;|>){3} ?/;
const DEEPEST = 10;

/**
 * The text as nodes, for a place whose white space is kept (class "marked").
 * `verbatim`: bare addresses stay text.
 */
export function renderMrkdwn(text, { verbatim = false } = {}) {
  const fragment = document.createDocumentFragment();
  const source = String(text ?? "");
  let from = 0;
  for (const match of source.matchAll(FENCE)) {
    addLines(fragment, source.slice(from, match.index).replace(/\n$/, ""), verbatim);
    const code = match[1].replace(/^\n/, "").replace(/\n$/, "");
    fragment.append(h("pre", {}, withEntities(code)));
    from = match.index + match[0].length;
    if (source[from] === "\n") from += 1;
  }
  addLines(fragment, source.slice(from), verbatim);
  return fragment;
}

/** A plain text in which only the names of emoji mean something. */
export function renderPlain({ text, emoji = true }) {
  return emoji ? text.replace(/:([a-z0-9_+'-]{1,50}):/g, (all, name) => emojiOf(name) ?? all) : text;
}

/** What a text object of either kind shows. */
export function renderText(object) {
  if (object.type === "mrkdwn") return renderMrkdwn(object.text, object);
  return renderPlain(object);
}

function addLines(fragment, text, verbatim) {
  if (text === "") return;
  const lines = text.split("\n");
  let follows = false; // whether the last thing was a line, which the next one breaks
  for (let at = 0; at < lines.length; at += 1) {
    const quoted = [];
    if (LONG_QUOTE.test(lines[at])) {
      quoted.push(lines[at].replace(LONG_QUOTE, ""), ...lines.slice(at + 1));
      at = lines.length;
    } else {
      while (at < lines.length && QUOTE.test(lines[at])) {
        quoted.push(lines[at].replace(QUOTE, ""));
        at += 1;
      }
    }
    if (quoted.length) {
      const quote = h("blockquote");
      quoted.forEach((line, number) => {
        if (number) quote.append(h("br"));
        quote.append(...inline(line, verbatim));
      });
      fragment.append(quote);
      follows = false;
    }
    if (at >= lines.length) break;
    if (follows) fragment.append(h("br"));
    fragment.append(...inline(lines[at], verbatim));
    follows = true;
  }
}

function inline(text, verbatim, depth = 0) {
  const nodes = [];
  const hopeless = new Set(); // signs that nothing after this place closes
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(...leaf(plain, verbatim));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = special(text, at, { verbatim, depth, hopeless });
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** What starts at this place and is more than a character: `{node, end}`, or null. */
function special(text, at, { verbatim, depth, hopeless }) {
  const sign = text[at];
  if (sign === "<") return take(ENTITY, text, at, ([, inside]) => entity(inside));
  if (sign === "`") return take(CODE, text, at, ([, code]) => h("code", {}, withEntities(code)));
  if (sign === ":") {
    return take(EMOJI, text, at, ([whole, name]) => emojiNode(name, whole));
  }
  if (WORD.test(text[at - 1] ?? "")) return null;
  if (!verbatim && (sign === "h" || sign === "H")) {
    ADDRESS.lastIndex = at;
    const match = ADDRESS.exec(text);
    if (!match) return null;
    const address = withoutEnding(match[0]);
    return { node: linkTo(unescaped(address), unescaped(address)), end: at + address.length };
  }
  if (!(sign in STYLES) || depth > DEEPEST || hopeless.has(sign)) return null;
  if (/\s/.test(text[at + 1] ?? " ") || text[at + 1] === sign) return null;
  const end = closing(text, at, sign);
  if (end < 0) {
    hopeless.add(sign);
    return null;
  }
  const inside = inline(text.slice(at + 1, end), verbatim, depth + 1);
  return { node: h(STYLES[sign], {}, inside), end: end + 1 };
}

/** An address in a sentence, without what belongs to the sentence: "(see http://a.b/x)." */
function withoutEnding(address) {
  let end = address.length;
  while (/[.,;:!?\]'"*_~]/.test(address[end - 1]) || isClosing(address, end)) end -= 1;
  return address.slice(0, end);
}

function isClosing(address, end) {
  return address[end - 1] === ")" && !address.slice(0, end).includes("(");
}

function take(pattern, text, at, make) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  const node = match && make(match);
  return node ? { node, end: at + match[0].length } : null;
}

/** Where the style that opens here ends; -1 where the sign is only a sign. */
function closing(text, start, sign) {
  for (let at = start + 1; at < text.length; at += 1) {
    const passed = { "<": ENTITY, "`": CODE }[text[at]];
    if (passed) passed.lastIndex = at;
    if (passed?.test(text)) at = passed.lastIndex - 1;
    else if (text[at] === sign && /\S/.test(text[at - 1]) && !WORD.test(text[at + 1] ?? "")) {
      return at;
    }
  }
  return -1;
}

function leaf(text, verbatim) {
  if (verbatim || !text.includes("@")) return [document.createTextNode(unescaped(text))];
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(MAIL)) {
    nodes.push(unescaped(text.slice(from, match.index)), linkTo(`mailto:${match[0]}`, match[0]));
    from = match.index + match[0].length;
  }
  return [...nodes, unescaped(text.slice(from))].filter((each) => each !== "");
}

function unescaped(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** Code: entities count there too, styles do not. */
function withEntities(code) {
  const nodes = [];
  let from = 0;
  for (const match of code.matchAll(/<([^<>\n]+)>/g)) {
    nodes.push(unescaped(code.slice(from, match.index)), entity(match[1]));
    from = match.index + match[0].length;
  }
  return [...nodes, unescaped(code.slice(from))];
}

function entity(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescaped(inside.slice(bar + 1));
  if (target.startsWith("@")) return personNode(target.slice(1), label);
  if (target.startsWith("#")) return channelNode(target.slice(1), label);
  if (target.startsWith("!subteam^")) return groupNode(target.slice(9), label);
  if (target.startsWith("!date^")) return dateOf(target, label);
  if (target.startsWith("!")) return broadcastNode(target.slice(1).split("^")[0]);
  const address = unescaped(target);
  return linkTo(address, label ? renderPlain({ text: label }) : address.replace(/^mailto:/, ""));
}

function dateOf(target, fallback) {
  const [, seconds, format = "", link] = target.split("^");
  return dateNode(Number(seconds), unescaped(format), link && unescaped(link), fallback);
}
