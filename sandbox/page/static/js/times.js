// Times as a person reads them, in their own time zone.

import { minute } from "./moments.js";

const DAY = 86400;
const formats = new Map();

function format(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  }
  return formats.get(key);
}

/** "21/11/2025": the same for all moments of one day. */
export function dayOf(seconds, zone) {
  return format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(seconds * 1000);
}

/** "Today", "Yesterday", "Friday 14 November" */
export function dayName(seconds, zone) {
  const now = Date.now() / 1000;
  const day = dayOf(seconds, zone);
  if (day === dayOf(now, zone)) return "Today";
  if (day === dayOf(now - DAY, zone)) return "Yesterday";
  return format(zone, { weekday: "long", day: "numeric", month: "long" }).format(seconds * 1000);
}

/** "Friday 21 November 2025 at 14:02:07 CET" */
export function fullTime(seconds, zone) {
  return format(zone, { dateStyle: "full", timeStyle: "long" }).format(seconds * 1000);
}

/** "14:02" today, "14 Nov, 14:02" on other days. */
export function shortTime(seconds, zone) {
  const time = minute(seconds, zone);
  if (dayOf(seconds, zone) === dayOf(Date.now() / 1000, zone)) return time;
  return `${format(zone, { day: "numeric", month: "short" }).format(seconds * 1000)}, ${time}`;
}

/** "New York" of "America/New_York" */
export function cityOf(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ");
}
