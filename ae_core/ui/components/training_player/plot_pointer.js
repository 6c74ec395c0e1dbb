// The pointer in the plot: it reads values off, picks a frame by a click, and zooms by a drag.

import { set, svg, write } from "../_shared/elements.js";
import { clamp, nearest } from "../_shared/numbers.js";
import { lossText, whole } from "../_shared/text.js";
import { placeDot } from "./plot.js";

const DRAG = 6; // px: less is a click

export class PlotPointer {
  /**
   * What is asked of the pointer's owner: `frames()` is how many frames are drawn, `pick(frame)` is told of a click,
   * `zoom([low, high])` of a drag, in images; null for all of them.
   */
  constructor(picture, tip, actions) {
    this.svg = picture;
    this.tip = tip;
    this.actions = actions;
    this.plot = null;
    this.hover = null; // x of the pointer in the plot
    this.drag = null;
    picture.onpointerdown = (event) => this.press(event);
    picture.onpointermove = (event) => this.move(event);
    picture.onpointerup = (event) => this.release(event);
    picture.onpointercancel = () => { this.drag = null; this.drawDrag(); };
    picture.onpointerleave = () => { if (!this.drag) { this.hover = null; this.drawHover(); } };
    picture.ondblclick = () => actions.zoom(null);
  }

  /** Make the elements that follow the pointer: below what else is drawn, and above it. */
  build(below, above) {
    this.dragArea = svg("rect", { class: "drag", visibility: "hidden" }, below);
    this.cross = svg("g", { class: "cross", visibility: "hidden" }, above);
    this.crossLine = svg("line", {}, this.cross);
    this.train = svg("circle", { class: "train", r: 3 }, this.cross);
    this.test = svg("circle", { class: "test", r: 3.5 }, this.cross);
  }

  /** Take another plot, or the same with other frames. */
  update(plot) {
    this.plot = plot;
    this.drawDrag();
    this.drawHover();
  }

  /** Where the pointer is, in px of the plot. */
  at(event) {
    return event.clientX - this.svg.getBoundingClientRect().left;
  }

  /** Two places in the plot, from left to right, inside the axes. */
  span(...places) {
    return places.sort((a, b) => a - b).map((at) => clamp(at, this.plot.left, this.plot.right));
  }

  press(event) {
    if (event.button !== 0) return;
    this.drag = { from: this.at(event), to: this.at(event) };
    this.svg.setPointerCapture(event.pointerId);
  }

  move(event) {
    this.hover = this.at(event);
    if (this.drag) {
      this.drag.to = this.hover;
      this.drawDrag();
    }
    this.drawHover();
  }

  release(event) {
    const { drag, plot } = this;
    this.drag = null;
    this.drawDrag();
    if (!drag || !plot) return;
    const [left, right] = this.span(drag.from, this.at(event));
    if (Math.abs(drag.from - this.at(event)) < DRAG) {
      const frame = nearest(plot.view.columns.images, plot.x.invert(left));
      if (frame >= 0) this.actions.pick(frame);
    } else {
      this.actions.zoom([plot.x.invert(left), plot.x.invert(right)]);
    }
    if (event.pointerType !== "mouse") { this.hover = null; this.drawHover(); }
  }

  drawDrag() {
    const active = this.plot && this.drag && Math.abs(this.drag.to - this.drag.from) >= DRAG;
    this.dragArea.setAttribute("visibility", active ? "visible" : "hidden");
    if (!active) return;
    const [left, right] = this.span(this.drag.from, this.drag.to);
    set(this.dragArea, { x: left, width: right - left, y: this.plot.top, height: this.plot.bottom - this.plot.top });
  }

  drawHover() {
    const { plot, hover } = this;
    const inside = plot && hover !== null && hover >= plot.left - 4 && hover <= plot.right + 4;
    const drawn = inside ? plot.view.columns.images.slice(0, this.actions.frames()) : [];
    const frame = inside ? nearest(drawn, plot.x.invert(hover)) : -1;
    this.cross.setAttribute("visibility", frame >= 0 ? "visible" : "hidden");
    this.tip.hidden = frame < 0;
    if (frame < 0) return;
    const { columns } = plot.view;
    const at = plot.x(columns.images[frame]);
    set(this.crossLine, { x1: at, x2: at, y1: plot.top, y2: plot.bottom });
    placeDot(this.test, at, columns.test[frame], plot);
    placeDot(this.train, at, columns.train[frame], plot);
    write(this.tip, `${whole(columns.images[frame])} images, epoch ${columns.epoch[frame].toFixed(2)}\n` +
      `test ${lossText(columns.test[frame])} · training batch ${lossText(columns.train[frame])}`);
    const half = this.tip.offsetWidth / 2;
    this.tip.style.left = `${clamp(at, half, plot.width - half)}px`;
    this.tip.style.top = `${plot.top + this.tip.offsetHeight}px`;
  }
}
