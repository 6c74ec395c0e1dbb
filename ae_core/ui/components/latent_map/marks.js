// Marks over the points: where the pointer is, the nearest digit, the pins, the trail.

import { shadeDigit } from "../_shared/digits.js";

const STAMP = 28; // size of a digit that the trail leaves, and the way between two of them
const STAMPS = 60;

export class Marks {
  constructor(canvas, field) {
    this.canvas = canvas;
    this.field = field;
    this.pins = [];
    this.stamps = [];
  }

  layout() {
    this.canvas.width = this.field.canvas.width;
    this.canvas.height = this.field.canvas.height;
  }

  clear() {
    this.pins = [];
    this.stamps = [];
    this.canvas.width = this.canvas.width; // which wipes it, whatever its scale
  }

  /** Leave a decoded digit on the way, when the last one is far enough. */
  stamp(x, y, pixels) {
    const { field } = this;
    const [left, top] = field.toScreen(x, y);
    const last = this.stamps.at(-1);
    if (last) {
      const [before, above] = field.toScreen(last.x, last.y);
      if (Math.hypot(left - before, top - above) < STAMP * 1.05) return;
    }
    const canvas = new OffscreenCanvas(28, 28);
    const context = canvas.getContext("2d");
    const image = context.createImageData(28, 28);
    shadeDigit(image, pixels, field.palette);
    context.putImageData(image, 0, 0);
    this.stamps.push({ x, y, canvas });
    if (this.stamps.length > STAMPS) this.stamps.shift();
  }

  draw(point, nearest) {
    const { field, canvas } = this;
    if (!field.points || !field.palette) return;
    const { palette, inner } = field;
    const context = canvas.getContext("2d");
    context.setTransform(field.ratio, 0, 0, field.ratio, 0, 0);
    context.clearRect(0, 0, field.width, field.height);
    context.save();
    field.clip(context);
    this.drawTrail(context);
    this.drawPins(context);
    if (point) {
      const [left, top] = field.toScreen(...point);
      if (nearest >= 0) {
        const x = inner.left + field.target[2 * nearest] * inner.wide;
        const y = inner.top + field.target[2 * nearest + 1] * inner.tall;
        context.strokeStyle = palette.text;
        context.lineWidth = 1;
        line(context, left, top, x, y);
        context.lineWidth = 2;
        circle(context, x, y, 6);
      }
      for (const [colour, width] of [[palette.ground, 5], [palette.output, 2.5]]) {
        context.strokeStyle = colour;
        context.lineWidth = width;
        circle(context, left, top, 9);
        if (field.lanes) line(context, left, inner.top, left, inner.top + inner.tall);
      }
    }
    context.restore();
  }

  drawTrail(context) {
    const { field } = this;
    context.imageSmoothingEnabled = false;
    for (const { x, y, canvas } of this.stamps) {
      const [left, top] = field.toScreen(x, y);
      const at = [Math.round(left - STAMP / 2), Math.round(top - STAMP / 2)];
      context.drawImage(canvas, ...at, STAMP, STAMP);
      context.strokeStyle = field.palette.output;
      context.lineWidth = 1;
      context.strokeRect(at[0] - 0.5, at[1] - 0.5, STAMP + 1, STAMP + 1);
    }
  }

  drawPins(context) {
    const { field, pins } = this;
    const places = pins.map(([x, y]) => field.toScreen(x, y));
    if (places.length === 2) {
      for (const [colour, width] of [[field.palette.ground, 6], [field.palette.output, 3]]) {
        context.strokeStyle = colour;
        context.lineWidth = width;
        line(context, ...places[0], ...places[1]);
      }
    }
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = "bold 13px system-ui, sans-serif";
    places.forEach(([left, top], index) => {
      context.fillStyle = field.palette.output;
      context.strokeStyle = field.palette.ground;
      context.lineWidth = 2;
      circle(context, left, top, 11, true);
      context.fillStyle = "#ffffff";
      context.fillText("AB"[index], left, top + 1);
    });
  }
}

function line(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}

function circle(context, x, y, radius, filled = false) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (filled) context.fill();
  context.stroke();
}
