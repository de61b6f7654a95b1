// Writes a value as indented JSON that a person can read: long texts are folded.

import { h } from "../dom.js";

const LONG = 240; // characters of a text before the rest is folded away

/** A `<pre>` with this value in it. */
export function json(value) {
  return h("pre.json", {}, pieces(value, ""));
}

function pieces(value, indent) {
  if (typeof value === "string") return text(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, close] = isList ? "[]" : "{}";
  if (!entries.length) return open + close;
  const deeper = `${indent}  `;
  return [
    `${open}\n`,
    entries.map(([key, each], index) => [
      deeper,
      isList ? null : [h("span.json-key", {}, JSON.stringify(key)), ": "],
      pieces(each, deeper),
      index < entries.length - 1 ? ",\n" : "\n",
    ]),
    indent + close,
  ];
}

function text(value) {
  const written = JSON.stringify(value);
  if (written.length <= LONG) return written;
  const rest = h("span", { hidden: true }, written.slice(LONG));
  const label = `${(written.length - LONG).toLocaleString("en")} more characters`;
  const button = h(
    "button.json-more",
    {
      type: "button",
      "aria-expanded": "false",
      onclick: () => {
        rest.hidden = !rest.hidden;
        button.setAttribute("aria-expanded", String(!rest.hidden));
        button.textContent = rest.hidden ? label : "less";
      },
    },
    label,
  );
  return [written.slice(0, LONG), rest, button];
}
