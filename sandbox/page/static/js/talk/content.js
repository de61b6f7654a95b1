// What a message says: blocks or text, what is attached, and whether it was edited.

import { arrange } from "../arrange.js";
import { renderBlocks, updateBlocks } from "../blocks/blocks.js";
import { fill, h, safeAddress } from "../dom.js";
import { renderMrkdwn } from "../text/mrkdwn.js";
import { store } from "../store.js";

const NAMED = { good: "var(--good)", warning: "var(--warn)", danger: "var(--danger)" };
const HEX = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i;

/** Blocks that stay in place when a message is edited, so that a pressed button keeps the focus. */
export class Content {
  constructor(message) {
    this.surface = surfaceOf(message);
    this.node = h("div.content");
    this.said = new Said(this.surface);
    this.attached = [];
    this.edited = h("span.edited.quiet.small", {}, "(edited)");
  }

  update({ text, blocks, attachments, edited }) {
    const all = attachments ?? [];
    this.said.update(blocks, () => text && h("div.text", {}, renderMrkdwn(text)));
    this.attached = all.map((_, at) => this.attached[at] ?? new Attachment(this.surface));
    this.attached.forEach((each, at) => each.update(all[at]));
    arrange(this.node, [
      this.said.node,
      ...this.attached.map((each) => each.node),
      ...(edited ? [this.edited] : []),
    ]);
  }
}

/** Blocks where there are any, else what `plain()` makes. */
class Said {
  constructor(surface) {
    this.surface = surface;
    this.node = h("div.said");
    this.blocks = null;
  }

  update(blocks, plain) {
    if (!blocks?.length) {
      this.blocks = null;
      fill(this.node, plain());
    } else if (this.blocks) {
      updateBlocks(this.blocks, blocks);
    } else {
      this.blocks = renderBlocks(blocks, this.surface);
      fill(this.node, this.blocks);
    }
  }
}

class Attachment {
  constructor(surface) {
    this.said = new Said(surface);
    this.node = h("div.attachment", {}, this.said.node);
  }

  update(attached) {
    this.node.style.borderInlineStartColor = colourOf(attached.color);
    this.said.update(attached.blocks, () => plain(attached));
  }
}

function colourOf(colour) {
  const name = String(colour ?? "");
  if (name in NAMED) return NAMED[name];
  return HEX.test(name) ? `#${name.replace("#", "")}` : "";
}

function plain(attached) {
  const parts = [
    attached.pretext && marked(attached.pretext),
    attached.title && title(attached),
    attached.text && marked(attached.text),
    ...(attached.fields ?? []).map((field) =>
      h("div", {}, h("strong", {}, field.title), marked(field.value ?? "")),
    ),
    attached.footer && h("p.small.quiet", {}, attached.footer),
  ].filter(Boolean);
  return parts.length ? parts : marked(attached.fallback ?? "");
}

function marked(text) {
  return h("div.text", {}, renderMrkdwn(text));
}

function title(attached) {
  const href = attached.title_link && safeAddress(attached.title_link);
  const link = { href, rel: "noopener noreferrer", target: "_blank" };
  return h("p", {}, h("strong", {}, href ? h("a", link, attached.title) : attached.title));
}

/** What the elements of a message act on; each shows by itself what goes wrong. */
function surfaceOf({ channel, ts }) {
  return {
    kind: "message",
    values: {},
    errors: {},
    fill: async () => {},
    act: (block_id, action_id, value) =>
      store.ask("press", { channel, ts, block_id, action_id, value: value ?? {} }),
    suggest: async (block_id, action_id, query) => {
      const found = await store.ask("suggest", { channel, ts, block_id, action_id, query });
      return found.groups;
    },
  };
}
