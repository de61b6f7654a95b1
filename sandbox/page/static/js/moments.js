// How times and lengths of time are written, and what the bot's clock shows at this moment.

import { store } from "./store.js";

const formats = new Map();

function written(seconds, tz, style) {
  const key = `${tz} ${Object.keys(style)}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: tz, hourCycle: "h23", ...style }));
  }
  return formats.get(key).format(new Date(seconds * 1000));
}

/** "14:02" */
export function minute(seconds, tz = "UTC") {
  return written(seconds, tz, { hour: "2-digit", minute: "2-digit" });
}

/** "14:02:31" */
export function second(seconds, tz = "UTC") {
  return written(seconds, tz, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "Sat 21 Nov" */
export function day(seconds, tz = "UTC") {
  return written(seconds, tz, { weekday: "short", day: "numeric", month: "short" }).replace(",", "");
}

/** "3 min 20 s", "1 h 5 min", "now" */
export function span(seconds) {
  const whole = Math.ceil(seconds);
  if (whole <= 0) return "now";
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  if (!minutes) return `${rest} s`;
  return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
}

/** The plan's seconds that passed since the sandbox last spoke of time. */
export function passed() {
  const { time } = store;
  return !time || time.paused ? 0 : elapsed() * time.speed;
}

/** The bot's clock, or this machine's where the bot's is not known; Unix seconds. */
export function now() {
  return store.time ? store.time.now + elapsed() : Date.now() / 1000;
}

function elapsed() {
  return (performance.now() - store.timeAt) / 1000;
}
