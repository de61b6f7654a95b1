// Times as people read them: in a time zone, and in the words of a <!date> token.

import { now } from "../moments.js";
import { store } from "../store.js";

const DAY = 86400;
const HALF_A_YEAR = 183 * DAY;
const known = new Map(); // time zone: whether this browser knows it

/** The reader's time zone; UTC for one this browser does not know. */
export function timeZone() {
  const zone = store.myself?.tz ?? "UTC";
  if (!known.has(zone)) known.set(zone, isKnown(zone));
  return known.get(zone) ? zone : "UTC";
}

function isKnown(zone) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const formats = new Map(); // making one takes long, and a channel may show hundreds of times

function parts(seconds, zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    const style = { timeZone: zone, hourCycle: "h23", ...options };
    formats.set(key, new Intl.DateTimeFormat("en-US", style));
  }
  const all = formats.get(key).formatToParts(new Date(seconds * 1000));
  return Object.fromEntries(all.map(({ type, value }) => [type, value]));
}

const NUMBERS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

/** "2026-02-03T04:05" in a time zone, as a date-and-time field holds it. */
export function localMinute(seconds, zone = timeZone()) {
  const { year, month, day, hour, minute } = parts(seconds, zone, NUMBERS);
  return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}`;
}

/** The Unix seconds of "2026-02-03T04:05" in a time zone. */
export function secondsOf(local, zone = timeZone()) {
  const wanted = Date.parse(`${local}Z`) / 1000;
  let guess = wanted;
  // Twice, because the first step may cross a change of the clocks.
  for (let turn = 0; turn < 2; turn += 1) {
    guess += wanted - Date.parse(`${localMinute(guess, zone)}Z`) / 1000;
  }
  return guess;
}

function ordinal(day) {
  const last = day % 10;
  const ending = Math.floor((day % 100) / 10) === 1 ? "th" : (["th", "st", "nd", "rd"][last] ?? "th");
  return `${day}${ending}`;
}

function dayNumber(seconds, zone) {
  return Math.floor(Date.parse(`${localMinute(seconds, zone)}Z`) / (DAY * 1000));
}

function nearDay(seconds, zone) {
  const distance = dayNumber(seconds, zone) - dayNumber(now(), zone);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[distance] ?? null;
}

function ago(seconds) {
  const span = Math.abs(now() - seconds);
  const steps = [
    [86400, "day"],
    [3600, "hour"],
    [60, "minute"],
  ];
  for (const [length, word] of steps) {
    const count = Math.floor(span / length);
    if (count < 1) continue;
    const said = `${count} ${word}${count > 1 ? "s" : ""}`;
    return seconds > now() ? `in ${said}` : `${said} ago`;
  }
  return "now";
}

/** Fill the braces of "{date_short_pretty} {time}" for a moment in Unix seconds. */
export function formatted(seconds, format, zone = timeZone()) {
  const number = parts(seconds, zone, NUMBERS);
  const word = parts(seconds, zone, { month: "long", weekday: "long" });
  const short = parts(seconds, zone, { month: "short" });
  const year = Math.abs(now() - seconds) > HALF_A_YEAR ? `, ${number.year}` : "";
  const day = Number(number.day);
  const long = `${word.month} ${ordinal(day)}${year}`;
  const written = {
    date_num: `${number.year}-${number.month}-${number.day}`,
    date_slash: `${number.month}/${number.day}/${number.year}`,
    date: long,
    date_short: `${short.month} ${day}${year}`,
    date_long: `${word.weekday}, ${long}`,
    date_long_full: `${word.weekday}, ${word.month} ${ordinal(day)}, ${number.year}`,
    time: `${number.hour}:${number.minute}`,
    time_secs: `${number.hour}:${number.minute}:${number.second}`,
    ago: ago(seconds),
  };
  const near = nearDay(seconds, zone);
  return format.replace(/\{(\w+)\}/g, (whole, name) => {
    const plain = name.replace(/_pretty$/, "");
    if (plain !== name && near) return near;
    return written[plain] ?? whole;
  });
}
