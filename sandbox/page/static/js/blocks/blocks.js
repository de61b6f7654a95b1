// Draws the blocks of a message, a modal or the home tab, and keeps them true without losing input.

import { arrange } from "../arrange.js";
import { fill, h } from "../dom.js";
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
    const keys = blocks.map((block, at) => `${block.type}/${block.block_id ?? at}`);
    const wanted = new Set(keys);
    const spare = [...this.shown].filter(([key]) => !wanted.has(key)).map(([, one]) => one);
    const before = this.whereFocusIs();
    const kept = new Map();
    blocks.forEach((block, at) => {
      const one = this.shown.get(keys[at]) ?? reused(spare, block) ?? this.draw(block);
      one.update(block);
      kept.set(keys[at], one);
    });
    for (const one of spare) one.close();
    this.shown = kept;
    arrange(this.node, [...kept.values()].map((one) => one.node));
    if (before && !this.node.contains(document.activeElement)) this.focusNear(before);
  }

  draw(block) {
    const Kind = WITH_ELEMENTS[block.type] ?? Still;
    return new Kind(block, this.surface);
  }

  /** The places of the block and of the element in it that a person is in, or null. */
  whereFocusIs() {
    const focused = document.activeElement;
    const all = [...this.shown.values()];
    const at = all.findIndex((one) => one.node.contains(focused));
    if (at < 0) return null;
    return [at, all[at].elements?.findIndex((each) => each.node.contains(focused)) ?? 0];
  }

  /** The element a person was in is gone.  In a message, whoever shows that knows where to go. */
  focusNear([at, number]) {
    if (this.surface.kind === "message") return;
    const all = [...this.shown.values()];
    const same = all[at]?.elements ?? [];
    const inSame = same[Math.min(Math.max(0, number), same.length - 1)];
    const others = [...all.slice(at + 1), ...all.slice(0, at).reverse()];
    const near = inSame ?? others.flatMap((one) => one.elements ?? [])[0];
    near?.focus();
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

/** A block that goes and is of the same kind: the app that names none gets new ids at each edit. */
function reused(spare, block) {
  const at = spare.findIndex((one) => one.fits(block));
  if (at < 0) return null;
  const [one] = spare.splice(at, 1);
  one.rename?.(block.block_id);
  return one;
}

/** A block nobody can act on: drawn again when it changed. */
class Still {
  constructor({ type }) {
    this.type = type;
    this.node = h("div.block", { class: `block-${type}` });
  }

  fits({ type }) {
    return type === this.type;
  }

  update(block) {
    const written = JSON.stringify({ ...block, block_id: null });
    if (written === this.written) return;
    this.written = written;
    fill(this.node, stillBlock(block));
  }

  close() {}
}
