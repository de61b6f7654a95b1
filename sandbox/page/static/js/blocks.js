// Draws the blocks of a message, a modal or the home tab, and keeps them true without losing input.

import { arrange } from "./arrange.js";
import { fill, h } from "./dom.js";
import { Actions, Input, Section } from "./fields.js";
import { stillBlock } from "./still.js";

const WITH_ELEMENTS = { section: Section, actions: Actions, input: Input };
const drawn = new WeakMap(); // the element that was handed out -> its Blocks

/**
 * Blocks as an element.  `surface`: `{kind: "message" | "modal" | "home", values, errors,
 * fill(blockId, actionId, value), act(blockId, actionId, value), suggest(blockId, actionId,
 * query)}`; the last three give promises.
 */
export function renderBlocks(blocks, surface) {
  const all = new Blocks(surface);
  all.update(blocks);
  drawn.set(all.node, all);
  return all.node;
}

/** Show these blocks in an element of renderBlocks; focus, lists and typed text stay. */
export function updateBlocks(node, blocks) {
  drawn.get(node).update(blocks);
}

export class Blocks {
  constructor(surface) {
    this.surface = surface;
    this.shown = new Map(); // "section/b1" -> what draws that block
    this.node = h("div.blocks", { class: `on-${surface.kind}` });
  }

  update(blocks) {
    const kept = new Map();
    blocks.forEach((block, at) => {
      const key = `${block.type}/${block.block_id ?? at}`;
      const one = this.shown.get(key) ?? this.draw(block);
      one.update(block);
      kept.set(key, one);
    });
    for (const [key, one] of this.shown) if (!kept.has(key)) one.close();
    this.shown = kept;
    arrange(this.node, [...kept.values()].map((one) => one.node));
  }

  draw(block) {
    const Kind = WITH_ELEMENTS[block.type] ?? Still;
    return new Kind(block, this.surface);
  }

  /** The elements a person can act on, from top to bottom. */
  get elements() {
    return [...this.shown.values()].flatMap((one) => one.elements ?? []);
  }

  /** The first input that is marked as wrong, or nothing. */
  get firstWrong() {
    return [...this.shown.values()].find((one) => one.isWrong);
  }

  /** Show errors again, also of fields that were edited since. */
  recall() {
    for (const one of this.shown.values()) one.forgiven = null;
  }

  close() {
    for (const one of this.shown.values()) one.close();
  }
}

/** A block nobody can act on: drawn again when it changed. */
class Still {
  constructor(block) {
    this.node = h("div.block", { class: `block-${block.type}` });
  }

  update(block) {
    const written = JSON.stringify(block);
    if (written === this.written) return;
    this.written = written;
    fill(this.node, stillBlock(block));
  }

  close() {}
}
