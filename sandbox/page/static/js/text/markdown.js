// A sensible part of Markdown as nodes: headings, lists, quotes, code, tables, emphasis, links.

import { h } from "../dom.js";
import { emojiNode, linkTo } from "./mentions.js";

const FENCE = /^\s{0,3}(```+|~~~+)/;
const HEADING = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s{0,3}([-*_])\s*(?:\1\s*){2,}$/;
const QUOTE = /^\s{0,3}>\s?/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const DEEPEST = 8;

export function renderMarkdown(text) {
  const fragment = document.createDocumentFragment();
  fragment.append(...blocksOf(String(text).replace(/\r/g, "").split("\n"), 0));
  return fragment;
}

function blocksOf(lines, depth) {
  const nodes = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) nodes.push(h("p", {}, broken(paragraph)));
    paragraph = [];
  };
  let at = 0;
  while (at < lines.length) {
    const taken = depth < DEEPEST && (special(lines, at, depth) ?? null);
    if (taken) {
      flush();
      nodes.push(taken.node);
      at = taken.end;
    } else {
      if (lines[at].trim()) paragraph.push(lines[at].trim());
      else flush();
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** A block that starts at this line: `{node, end}`, or undefined for a line of a paragraph. */
function special(lines, at, depth) {
  const line = lines[at];
  const fence = FENCE.exec(line);
  if (fence) {
    const rest = lines.slice(at + 1);
    const length = rest.findIndex((each) => each.trim().startsWith(fence[1]));
    const code = length < 0 ? rest : rest.slice(0, length);
    return { node: h("pre", {}, code.join("\n")), end: at + code.length + 2 };
  }
  const heading = HEADING.exec(line);
  if (heading) {
    const level = Math.min(6, heading[1].length + 2); // below the headings of the page
    return { node: h(`h${level}`, {}, inline(heading[2])), end: at + 1 };
  }
  if (RULE.test(line)) return { node: h("hr"), end: at + 1 };
  if (QUOTE.test(line)) {
    const end = endOf(lines, at, (each) => QUOTE.test(each));
    const inside = lines.slice(at, end).map((each) => each.replace(QUOTE, ""));
    return { node: h("blockquote", {}, blocksOf(inside, depth + 1)), end };
  }
  if (ITEM.test(line)) return list(lines, at, depth);
  if (line.includes("|") && TABLE_RULE.test(lines[at + 1] ?? "")) return table(lines, at);
  return undefined;
}

function endOf(lines, from, belongs) {
  let at = from;
  while (at < lines.length && belongs(lines[at])) at += 1;
  return at;
}

function list(lines, from, depth) {
  const [, indent, sign] = ITEM.exec(lines[from]);
  const isOrdered = /\d/.test(sign);
  const node = h(isOrdered ? "ol" : "ul", { start: isOrdered ? parseInt(sign, 10) : null });
  let at = from;
  while (at < lines.length) {
    const match = ITEM.exec(lines[at]);
    if (!match || match[1].length !== indent.length || /\d/.test(match[2]) !== isOrdered) break;
    // What is set in further than the sign belongs to the item.
    const end = endOf(lines, at + 1, (each) => /^\s*/.exec(each)[0].length > indent.length);
    const more = lines.slice(at + 1, end).map((each) => each.slice(indent.length + 2));
    node.append(h("li", {}, inline(match[3]), more.length ? blocksOf(more, depth + 1) : null));
    at = end;
  }
  return { node, end: at };
}

function table(lines, from) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((each) => each.trim());
  const head = cells(lines[from]);
  const aligned = cells(lines[from + 1]).map((rule) => {
    if (!rule.endsWith(":")) return "left";
    return rule.startsWith(":") ? "center" : "right";
  });
  const end = endOf(lines, from + 2, (line) => line.includes("|"));
  const row = (texts, tag) =>
    h("tr", {}, head.map((_, at) => h(tag, { class: aligned[at] ?? "left" }, inline(texts[at] ?? ""))));
  const body = lines.slice(from + 2, end).map((line) => row(cells(line), "td"));
  const all = h("table", {}, h("thead", {}, row(head, "th")), h("tbody", {}, body));
  const name = { role: "group", "aria-label": "Table", tabindex: "0" };
  return { node: h("div.table", name, all), end };
}

function broken(lines) {
  return lines.map((line, at) => [at ? h("br") : null, inline(line)]);
}

// Within a line: each pattern with what it makes.  Earlier ones win where two start together.
const SPANS = [
  [/\\([\\`*_{}[\]()#+\-.!~|<>])/y, ([, sign]) => sign],
  [/(`+)(.+?)\1(?!`)/y, ([, , code]) => h("code", {}, code.trim() || code)],
  [/!\[([^\]]*)\]\(([^()\s]+(?:\([^()\s]*\))?)[^)]*\)/y, ([, alt, url]) => linkTo(url, `Image: ${alt}`)],
  [/\[([^\]]+)\]\(<?([^()\s<>]+(?:\([^()\s]*\))?)>?[^)]*\)/y, ([, label, url], deep) => linkTo(url, inline(label, deep))],
  [/<((?:https?:\/\/|mailto:)[^<>\s]+)>/iy, ([, url]) => linkTo(url, url.replace(/^mailto:/i, ""))],
  [/https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"*_~]/iy, ([url]) => linkTo(url, url)],
  [/:([a-z0-9_+'-]{1,50}):/y, ([whole, name]) => emojiNode(name, whole)],
  [/\*\*(?=\S)(.+?\**)(?<=\S)\*\*/y, ([, text], deep) => h("strong", {}, inline(text, deep))],
  [/(?<![\p{L}\p{N}])__(?=\S)(.+?)(?<=\S)__(?![\p{L}\p{N}])/uy, ([, text], deep) => h("strong", {}, inline(text, deep))],
  [/~~(?=\S)(.+?)(?<=\S)~~/y, ([, text], deep) => h("s", {}, inline(text, deep))],
  [/\*(?=[^\s*])(.+?)(?<=\S)\*/y, ([, text], deep) => h("em", {}, inline(text, deep))],
  [/(?<![\p{L}\p{N}])_(?=[^\s_])(.+?)(?<=\S)_(?![\p{L}\p{N}])/uy, ([, text], deep) => h("em", {}, inline(text, deep))],
];

function inline(text, depth = 0) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = depth < DEEPEST ? span(text, at, depth + 1) : null;
    if (found) {
      nodes.push(plain, found.node);
      plain = "";
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  return [...nodes, plain].filter((each) => each !== "");
}

function span(text, at, depth) {
  for (const [pattern, make] of SPANS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const node = match && make(match, depth);
    if (node) return { node, end: at + match[0].length };
  }
  return null;
}
