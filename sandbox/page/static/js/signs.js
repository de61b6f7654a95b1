// Small drawings beside words: they take the colour of the text and are not read aloud.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  mail: "M3 5h14v10H3z M3 6l7 5 7-5",
  sms: "M3 4h14v9H9l-4 3v-3H3z M6.5 8.5h7",
  call: "M5 3l3 1 1 4-2 1c1 2 2 3 4 4l1-2 4 1 1 3c-1 2-3 2-5 1C8 14 5 11 4 7 3.5 5 4 3.5 5 3z",
  plane: "M17 4L3 9.5l4.5 2L9.5 16l2.5-3 3.5 2z M7.5 11.5L17 4",
  bell: "M5 13V9a5 5 0 0 1 10 0v4l1.5 2h-13z M8.5 17h3",
  globe: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z M3 10h14 M10 3c-4.5 4-4.5 10 0 14 M10 3c4.5 4 4.5 10 0 14",
  pause: "M7 4v12 M13 4v12",
  go: "M6 4l10 6-10 6z",
  jump: "M4 4l8 6-8 6z M15.5 4v12",
  tick: "M4 10.5l4 4 8-9",
  cross: "M5 5l10 10 M15 5L5 15",
  right: "M3 10h13 M11 5l5 5-5 5",
  left: "M17 10H4 M9 5l-5 5 5 5",
  down: "M5 8l5 5 5-5",
  dots: "M4 10h.01 M10 10h.01 M16 10h.01",
  eye: "M2 10s3-6 8-6 8 6 8 6-3 6-8 6-8-6-8-6z M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  home: "M3 9l7-6 7 6v8h-4.5v-5h-5v5H3z",
  lock: "M5 9h10v8H5z M7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  outside: "M12 3h5v5 M17 3l-8 8 M8 4H4v12h12v-4",
  bolt: "M11 2L4 12h5l-1 6 8-10h-5z",
};

/** The drawing of this name, as an element. */
export function sign(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "sign");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.bell);
  svg.append(path);
  return svg;
}
