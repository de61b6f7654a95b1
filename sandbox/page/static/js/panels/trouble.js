// The switches that make the workspace slow, rate-limited, failing or silent.

import { h } from "../dom.js";
import { store } from "../store.js";

const SWITCHES = [
  ["slow", "Slow", "Every call takes two seconds more. Buttons feel it; nothing is lost."],
  ["limited", "Rate-limited", "About half of the messages must wait 10 seconds. Pages go out before the rest."],
  ["failing", "Failing", "About half of all calls fail. Pages are tried again: watch the thread."],
  ["offline", "Offline", "The bot is cut off: commands get no answer. Waits go on, and e-mail still goes out."],
  ["mail", "Mail refused", "The mail server takes nothing. It is tried again, and the thread says if it fails."],
];

/** How many switches are on. */
export function countTrouble() {
  return SWITCHES.filter(([name]) => store.trouble?.[name]).length;
}

/** The switches, as an element that follows what the sandbox says. */
export function troubleSwitches() {
  const error = h("p.trouble-error.small", { role: "alert" });
  const buttons = SWITCHES.map(([name, title, what]) => {
    const described = `trouble-${name}`;
    const button = h(
      "button.switch",
      { type: "button", role: "switch", "aria-describedby": described, onclick: () => turn(name, error) },
      h("span.switch-track", { "aria-hidden": "true" }),
      h("span", {}, title),
    );
    return [name, button, h("p.small.quiet", { id: described }, what)];
  });
  const draw = () => {
    for (const [name, button] of buttons) {
      button.setAttribute("aria-checked", String(Boolean(store.trouble?.[name])));
    }
  };
  for (const what of ["start", "trouble"]) store.on(what, draw);
  draw();
  return h(
    "section.trouble",
    { "aria-label": "Make trouble" },
    h("h3", {}, "Make trouble"),
    h("div.trouble-switches", {}, buttons.map(([, button, what]) => h("div.trouble-one", {}, button, what))),
    error,
  );
}

async function turn(name, error) {
  error.textContent = "";
  try {
    await store.ask("trouble", { name, on: !store.trouble?.[name] });
  } catch (problem) {
    error.textContent = problem.message;
  }
}
