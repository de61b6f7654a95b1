// A list that floats over everything, beside the control that opened it, and inside the window.

const EDGE = 8; // pixels kept free at the window's edges
const LEAST = 160; // pixels of height below which the other side is looked at

export class Popup {
  /** `node` has to stand near `anchor`, so that it is not cut off from an open dialog. */
  constructor(anchor, node, { onClose }) {
    this.anchor = anchor;
    this.node = node;
    this.onClose = onClose;
    this.isOpen = false;
    node.popover = "manual";
    this.place = this.place.bind(this);
    this.outside = this.outside.bind(this);
    this.sizes = new ResizeObserver(() => this.place());
  }

  open() {
    if (this.isOpen || !this.anchor.isConnected) return;
    this.isOpen = true;
    this.node.showPopover();
    this.place();
    document.addEventListener("pointerdown", this.outside, true);
    document.addEventListener("scroll", this.place, true);
    window.addEventListener("resize", this.place);
    // Where something around it grows, as a form does that is changed, it may have moved.
    for (let each = this.anchor; each; each = each.parentElement) this.sizes.observe(each);
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    document.removeEventListener("pointerdown", this.outside, true);
    document.removeEventListener("scroll", this.place, true);
    window.removeEventListener("resize", this.place);
    this.sizes.disconnect();
    if (this.node.isConnected) this.node.hidePopover();
    this.onClose();
  }

  outside({ target }) {
    if (!this.anchor.contains(target) && !this.node.contains(target)) this.close();
  }

  /** Below the control if there is room, else above it. */
  place(event) {
    if (!this.anchor.isConnected) {
      this.close();
      return;
    }
    if (event?.type === "scroll" && this.node.contains(event.target)) return;
    const { style } = this.node;
    const box = this.anchor.getBoundingClientRect();
    const [width, height] = [document.documentElement.clientWidth, window.innerHeight];
    style.maxHeight = "";
    style.minWidth = `${Math.min(box.width, width - 2 * EDGE)}px`;
    style.maxWidth = `${Math.min(Math.max(box.width, 380), width - 2 * EDGE)}px`;
    const wanted = this.node.offsetHeight;
    const below = height - box.bottom - EDGE - 4;
    const above = box.top - EDGE - 4;
    const isAbove = below < Math.min(wanted, LEAST) && above > below;
    style.maxHeight = `${Math.min(320, isAbove ? above : below)}px`;
    style.left = `${Math.max(EDGE, Math.min(box.left, width - this.node.offsetWidth - EDGE))}px`;
    style.top = isAbove ? `${box.top - 4 - this.node.offsetHeight}px` : `${box.bottom + 4}px`;
  }
}
