// One short sentence at the bottom of the page that goes away by itself.

const LONG_ENOUGH = 5000; // milliseconds

let timer = null;

export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    place.textContent = "";
  }, LONG_ENOUGH);
}
