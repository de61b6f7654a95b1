// What a modal and the home tab share: their blocks, tied to the sandbox; and the home tab itself.

import { Blocks } from "./blocks.js";
import { fill, h } from "../dom.js";
import { store } from "../store.js";

/** The blocks of one view, with everything that is typed sent at once. */
export class ViewBlocks {
  constructor(view) {
    this.id = view.id;
    this.unsent = new Map(); // what was typed while the sandbox could not be reached
    this.surface = {
      kind: view.type,
      fill: (...where) => this.keep(...where),
      act: (...where) => store.ask("act", this.details(...where)),
      suggest: async (blockId, actionId, query) => {
        const asked = { view: this.id, block_id: blockId, action_id: actionId, query };
        return (await store.ask("suggest", asked)).groups;
      },
    };
    this.blocks = new Blocks(this.surface);
    this.node = this.blocks.node;
    this.stop = store.on("start", () => this.sendAgain());
    this.update(view);
  }

  details(blockId, actionId, value) {
    return { view: this.id, block_id: blockId, action_id: actionId, value };
  }

  async keep(blockId, actionId, value) {
    const details = this.details(blockId, actionId, value);
    const key = JSON.stringify([blockId, actionId]);
    this.unsent.delete(key);
    try {
      await store.ask("fill", details);
    } catch (error) {
      if (!store.connected) this.unsent.set(key, details);
      throw error;
    }
  }

  sendAgain() {
    const all = [...this.unsent.values()];
    this.unsent.clear();
    for (const details of all) store.ask("fill", details).catch(() => {});
  }

  update(view) {
    this.surface.values = view.values;
    this.surface.errors = view.errors;
    this.blocks.update(view.blocks);
  }

  close() {
    this.stop();
    this.blocks.close();
  }
}

/** Show the home tab here, and keep it true; the answer ends that. */
export function renderHome(container) {
  let drawn = null;
  const draw = () => {
    const { home } = store;
    if (drawn && drawn.id !== home?.id) {
      drawn.close();
      drawn = null;
    }
    if (!home) {
      fill(container, h("p.quiet.no-home", {}, "The app has put nothing here yet."));
    } else if (drawn) {
      drawn.update(home);
    } else {
      drawn = new ViewBlocks(home);
      fill(container, drawn.node);
    }
  };
  const stops = ["start", "home"].map((what) => store.on(what, draw));
  if (store.started) draw();
  return () => {
    for (const stop of stops) stop();
    drawn?.close();
  };
}
