// The code: a cell for each unit, coloured by its value, which is told where the pointer is.

import { write } from "../_shared/elements.js";
import { signed } from "../_shared/text.js";

export class CodeCells {
  constructor(canvas, tip) {
    this.canvas = canvas;
    this.tip = tip;
    this.values = null; // int8, of one digit
    this.scale = 1; // what 127 stands for
    this.colours = null;
    this.layout = null;
    this.pointed = null; // the unit below the pointer
    canvas.onpointermove = (event) => this.point(event);
    canvas.onpointerdown = (event) => this.point(event);
    canvas.onpointerleave = () => this.leave();
  }

  /** Take the place of the cells; `ratio` is how many pixels of the screen a px has. */
  place(layout, ratio) {
    this.layout = layout;
    this.ratio = ratio;
    this.canvas.width = Math.round(layout.cells.width * ratio);
    this.canvas.height = Math.round(layout.cells.height * ratio);
    this.draw();
  }

  setColours(colours) {
    this.colours = colours;
    this.draw();
  }

  show(values, scale) {
    this.values = values;
    this.scale = scale;
    this.draw();
    if (this.pointed !== null) this.showTip();
  }

  draw() {
    if (!this.colours || !this.layout) return;
    const { canvas, layout: { code, cells }, ratio } = this;
    const context = canvas.getContext("2d");
    const cell = cells.side * ratio;
    const gap = cells.side >= 6 ? Math.max(1, Math.round(ratio)) : 0;
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let unit = 0; unit < code.size; unit++) {
      const colour = this.colours.code[(this.values ? Math.max(-127, this.values[unit]) : 0) + 127];
      context.fillStyle = `rgb(${colour & 255},${(colour >> 8) & 255},${(colour >> 16) & 255})`;
      const [column, row] = [unit % cells.columns, Math.floor(unit / cells.columns)];
      const [left, top] = [Math.round(column * cell), Math.round(row * cell)];
      const [right, bottom] = [Math.round((column + 1) * cell), Math.round((row + 1) * cell)];
      context.fillRect(left, top, right - left - gap, bottom - top - gap);
    }
  }

  /** The value of a unit as the network has it. */
  value(unit) {
    return (Math.max(-127, this.values[unit]) / 127) * this.scale;
  }

  point(event) {
    const { cells, code } = this.layout;
    const area = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - area.left) / cells.side);
    const row = Math.floor((event.clientY - area.top) / cells.side);
    const unit = row * cells.columns + column;
    const inside = column >= 0 && column < cells.columns && row >= 0 && unit < code.size;
    if (!inside) return this.leave();
    this.pointed = unit;
    this.tip.hidden = false;
    this.showTip();
  }

  leave() {
    this.pointed = null;
    this.tip.hidden = true;
  }

  showTip() {
    const { cells, code, middle } = this.layout;
    const [column, row] = [this.pointed % cells.columns, Math.floor(this.pointed / cells.columns)];
    write(this.tip, `unit ${this.pointed + 1}: ${this.values ? signed(this.value(this.pointed)) : "–"}`);
    this.tip.style.left = `${code.x + (column + 0.5) * cells.side}px`;
    this.tip.style.top = `${middle - code.half + row * cells.side - 6}px`;
  }

  /** Say in words what is seen of a digit, whose code has so many units. */
  describe(digit, size) {
    const numbers = `Code of ${digit}: ${size} ${size === 1 ? "number" : "numbers"}`;
    const units = Array.from(this.values ?? [], (_, unit) => this.value(unit));
    const range = this.values ? ` from ${signed(Math.min(...units))} to ${signed(Math.max(...units))}` : "";
    this.canvas.setAttribute("aria-label", numbers + range);
  }
}
