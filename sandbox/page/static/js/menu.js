// A menu under a button: arrow keys move, enter chooses, escape and a click elsewhere close it.

import { h } from "./dom.js";

let closeOpen = () => {};

/**
 * Open a menu at `button`.  `groups` are lists of `{label, hint, mark, run}`; a group with `row`
 * set to a label stands in one line and shows the marks only.
 */
export function openMenu(button, label, groups) {
  closeOpen();
  const menu = h(
    "div.menu",
    { role: "menu", "aria-label": label },
    groups.map((group) => drawGroup(group, choose)),
  );
  const items = () => [...menu.querySelectorAll("[role=menuitem]")];

  function choose(item) {
    close();
    item.run();
  }

  function close() {
    closeOpen = () => {};
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", close);
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (hadFocus && button.isConnected) button.focus();
  }

  function outside(event) {
    if (!menu.contains(event.target) && !button.contains(event.target)) close();
  }

  function move(event) {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1 };
    const to = { ...steps, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      close();
    } else if (to !== undefined) {
      all[(to + all.length) % all.length].focus();
    } else {
      return;
    }
    event.stopPropagation();
    if (event.key !== "Tab") event.preventDefault();
  }

  menu.addEventListener("keydown", move);
  // Not beside the button itself: a message clips what stands out of it.
  (button.closest(".pane") ?? document.body).append(menu);
  stand(menu, button.getBoundingClientRect());
  button.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", close);
  closeOpen = close;
  items()[0]?.focus({ preventScroll: true });
}

/** Close the menu at this button if it is open, else say no. */
export function closeMenu(button) {
  if (button.getAttribute("aria-expanded") !== "true") return false;
  closeOpen();
  return true;
}

function drawGroup(group, choose) {
  const items = group.items.map((item) =>
    h(
      "button.bare",
      {
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        title: group.row ? item.label : null,
        "aria-label": group.row ? item.label : null,
        onclick: () => choose(item),
      },
      item.mark && h("span.menu-mark", { "aria-hidden": "true" }, item.mark),
      !group.row && h("span", {}, item.label, item.hint && h("span.quiet", {}, ` ${item.hint}`)),
    ),
  );
  if (!group.row) return items;
  return h("div.menu-row", { role: "group", "aria-label": group.row }, items);
}

/** Put a floating element beside a place on the screen, wherever there is room for it. */
function stand(element, at) {
  const { width, height } = element.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.right - width), innerWidth - width - 8);
  const below = at.bottom + 4;
  const top = below + height < innerHeight - 8 ? below : Math.max(8, at.top - height - 4);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
