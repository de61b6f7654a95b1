// Opens the direct messages with somebody.

import { goToChannel } from "../address.js";
import { store } from "../store.js";
import { toast } from "../toast.js";

export async function openDirect(user) {
  try {
    const { channel } = await store.ask("direct", { user });
    goToChannel(await known(channel));
  } catch (error) {
    toast(error.message);
  }
}

/** The channel of this id, as soon as the sandbox has told us of it. */
function known(id) {
  return new Promise((resolve) => {
    const look = () => {
      const channel = store.channel(id);
      if (!channel) return;
      stop();
      resolve(channel);
    };
    const stop = store.on("channels", look);
    look();
  });
}
