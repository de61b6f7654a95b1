// Starts the page: puts its parts into their places and shows where the address says we are.

import { channelOfAddress, goToChannel, inOf, onMove, place, settle } from "./address.js";
import { startAgain } from "./panels/again.js";
import { ChannelPane } from "./talk/channel.js";
import { startClock } from "./panels/clock.js";
import { startConnection } from "./connection.js";
import { startGlass } from "./panels/glass.js";
import { startGuide } from "./panels/guide.js";
import { startModals } from "./blocks/modal.js";
import { showPane, startPanes } from "./panes.js";
import { startPeople } from "./talk/people.js";
import { startPhones } from "./panels/phones.js";
import { Sidebar } from "./talk/sidebar.js";
import { store } from "./store.js";
import { Thread } from "./talk/thread.js";

const FIRST = "incidents"; // the channel of the examples, to begin in
const part = (id) => document.getElementById(id);
const hasKeyboard = matchMedia("(pointer: fine)");

const sidebar = new Sidebar(part("sidebar"));
const channelPane = new ChannelPane();
const thread = new Thread();
let shown = {};

startConnection();
startPanes();
startPeople(part("person"));
startPhones(part("phones"));
startClock(part("clock"));
startGlass(part("show-glass"), part("glass"));
startGuide(part("guide"));
startAgain(part("again"));
startModals();

function firstChannel() {
  const joined = store.channels.filter((each) => each.joined && !each.archived);
  return joined.find((each) => each.name === FIRST) ?? joined[0] ?? store.channels[0];
}

/** Show what the address says; what is shown already stays as it is. */
function show() {
  if (place().in === "home" && store.home_tab) showHome();
  else showChannel();
  sidebar.draw();
  entitle();
}

function showHome() {
  if (shown.channel !== "home") channelPane.openHome();
  thread.close();
  shown = { channel: "home" };
  showPane("channel");
}

function showChannel() {
  let channel = channelOfAddress();
  if (!channel) {
    channel = firstChannel();
    if (!channel) return;
    settle({ in: inOf(channel) });
  }
  const { thread: root, at } = place();
  if (at || shown.channel !== channel.id) {
    channelPane.open(channel, root ? { around: root } : { at });
  }
  if (root && (shown.thread !== root || shown.channel !== channel.id)) {
    thread.open(channel.id, root, at);
  } else if (!root) {
    thread.close();
  }
  shown = { channel: channel.id, thread: root };
  showPane(root ? "thread" : "channel");
}

/** "(2) #ops - alice - Tocsin sandbox" */
function entitle() {
  const unread = store.channels.reduce((sum, each) => sum + each.unread, 0);
  const { channel } = shown;
  const where = channel === "home" ? "Home" : store.channelName(channel);
  const count = unread ? `(${unread}) ` : "";
  document.title = `${count}${where} - ${store.myself.name} - Tocsin sandbox`;
}

store.on("start", () => {
  shown = {};
  // Whoever was asked for by a name that nobody has here is somebody else.
  settle({ ...place(), as: store.myself.name });
  show();
});
store.on("channels", () => {
  // A channel may have gone, or we may have been put out of it.
  if (shown.channel !== "home" && !store.channel(shown.channel)) show();
  entitle();
});
store.on("people", entitle);
// The guide types for somebody; what it typed is theirs to send.
document.addEventListener("tocsin:type", ({ detail }) => {
  goToChannel(store.channel(detail.channel));
  channelPane.write(detail.text);
});
onMove(() => {
  if (!store.started) return;
  show();
  const { thread: root, at } = place();
  if (hasKeyboard.matches && !at) (root ? thread : channelPane).focus();
});
part("skip").addEventListener("click", (event) => {
  // Without a "#" in the address, which says where we are.
  event.preventDefault();
  part("main").focus();
  channelPane.focus();
});
store.be(place().as);
