// Hands on changes of messages, and keeps them back while the messages themselves are on their way.

import { store } from "../store.js";

/**
 * What changes while an answer is under way may be newer than the answer, and come before it:
 * such news waits until `during` is over.  `hear({messages, gone})` gets all of it, in order.
 */
export class News {
  constructor(hear) {
    this.hear = hear;
    this.asking = 0;
    this.kept = [];
    store.on("messages", (news) => {
      if (this.asking) this.kept.push(news);
      else hear(news);
    });
  }

  /** Run `ask`, which asks for messages and shows them. */
  async during(ask) {
    this.asking += 1;
    try {
      await ask();
    } finally {
      this.asking -= 1;
      if (!this.asking) for (const news of this.kept.splice(0)) this.hear(news);
    }
  }
}
