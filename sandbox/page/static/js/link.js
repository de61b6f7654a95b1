// The one connection to the sandbox: asks, hands on what arrives, and comes back when it is cut.

const PAUSES = [250, 500, 1000, 2000]; // milliseconds before each new attempt; the last one stays

export class Link {
  /** `hear(message)` gets everything but answers; `state("open" | "lost")` tells how we stand. */
  constructor(person, hear, state) {
    this.person = person;
    this.hear = hear;
    this.state = state;
    this.waiting = new Map();
    this.lastId = 0;
    this.attempt = 0;
    this.connect();
  }

  connect() {
    const address = new URL("/page/link", location.href);
    address.protocol = "ws:";
    address.searchParams.set("as", this.person);
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onopen = () => {
      this.attempt = 0;
      this.state("open");
    };
    socket.onmessage = (event) => this.receive(JSON.parse(event.data));
    socket.onclose = () => this.lose();
  }

  receive(message) {
    if (message.type !== "answer") {
      this.hear(message);
      return;
    }
    const asked = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (!asked) return;
    if (message.error === undefined) asked.resolve(message.result);
    else asked.reject(new Error(message.error));
  }

  lose() {
    this.state("lost");
    for (const asked of this.waiting.values()) {
      asked.reject(new Error("The connection to the sandbox was lost."));
    }
    this.waiting.clear();
    const pause = PAUSES[Math.min(this.attempt, PAUSES.length - 1)];
    this.attempt += 1;
    setTimeout(() => this.connect(), pause);
  }

  /** Ask the sandbox to do something; the promise holds its result, or an Error to be shown. */
  ask(what, details = {}) {
    if (this.socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error("The sandbox is not connected."));
    }
    this.lastId += 1;
    const id = this.lastId;
    this.socket.send(JSON.stringify({ id, do: what, ...details }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
}
