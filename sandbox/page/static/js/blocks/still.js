// The blocks one only reads: headers, contexts, images, tables, videos and the like.

import { h, safeAddress } from "../dom.js";
import { renderMarkdown } from "../text/markdown.js";
import { linkTo } from "../text/mentions.js";
import { renderPlain, renderText } from "../text/mrkdwn.js";
import { renderRichText } from "../text/rich_text.js";

const KINDS = {
  header: ({ text }) => h("h3", {}, renderPlain(text)),
  divider: () => h("hr"),
  context: ({ elements }) => elements.map(contextElement),
  image: (block) => h("figure", {}, title(block), picture(block, "large")),
  rich_text: (block) => h("div.marked", {}, renderRichText(block)),
  markdown: ({ text }) => h("div.markdown", {}, renderMarkdown(text)),
  table,
  video,
};

/** What a block shows; for one we do not know, a line that says what it is. */
export function stillBlock(block) {
  const draw = KINDS[block.type];
  if (draw) return draw(block);
  return h("p.unknown.quiet.small", {}, `This page cannot show: ${block.type}`);
}

function contextElement(element) {
  if (element.type === "image") return picture(element, "tiny");
  return h("span.marked", {}, renderText(element));
}

function title({ title: text }) {
  return text && h("figcaption", {}, renderPlain(text));
}

/** An image of our own address; any other as a frame with its words, for nothing is loaded from elsewhere. */
export function picture({ image_url: url, slack_file: file, alt_text: alt }, size) {
  const address = url ?? file?.url ?? "";
  if (isOwn(address)) return h("img.picture", { class: size, src: address, alt });
  if (size === "tiny") return h("span.frame.tiny", { role: "img", "aria-label": alt, title: alt });
  const href = safeAddress(address);
  return h(
    "div.frame",
    { class: size },
    h("span", {}, alt),
    size === "large" && href && linkTo(href, "Open the image"),
  );
}

function isOwn(address) {
  if (/^data:image\//i.test(address)) return true;
  return URL.canParse(address) && new URL(address).origin === location.origin;
}

function table({ rows, column_settings: columns = [] }) {
  const row = (cells, tag) =>
    h("tr", {}, cells.map((cell, at) => tableCell(cell, columns[at], tag)));
  const [head, ...body] = rows;
  const name = { role: "group", "aria-label": "Table", tabindex: "0" };
  return h(
    "div.table",
    name,
    h(
      "table",
      {},
      h("thead", {}, row(head, "th")),
      h("tbody", {}, body.map((cells) => row(cells, "td"))),
    ),
  );
}

function tableCell(cell, { align, is_wrapped: wrapped } = {}, tag) {
  const classes = { class: [align ?? "left", wrapped ? "wrapped" : ""].join(" ") };
  const scope = tag === "th" ? { scope: "col" } : {};
  const content = cell.type === "rich_text" ? renderRichText(cell) : cell.text;
  return h(tag, { ...classes, ...scope }, content);
}

function video(block) {
  const { title: name, title_url: url, video_url: film, description, author_name: author } = block;
  const by = [author, block.provider_name].filter(Boolean).join(" · ");
  return h(
    "div.video",
    {},
    h("strong", {}, linkTo(url ?? film, renderPlain(name))),
    by && h("p.quiet.small", {}, by),
    description && h("p", {}, renderPlain(description)),
    h("p.quiet.small", {}, block.alt_text),
  );
}
