// The field: the points of a frame, the pictures behind them, and the scales around them.

import { DIGITS, shadeDigit } from "../_shared/digits.js";
import { countTick, linearTicks } from "../_shared/scales.js";
import { Dots } from "./dots.js";
import { boundsOf, LANES } from "./plane.js";

const MOVE = 320; // ms in which points move to where a new frame wants them
export const LEFT = 46; // room for the vertical axis: its title and usual numbers
const TITLE = 16; // of it for the title
const GAP = 5; // between a number and the map
const FONT = "12px system-ui, sans-serif";
const BELOW = 34; // room for the horizontal axis
const TILES = 20; // pictures along each side of the region where the data lives

export class Field {
  constructor(canvas) {
    this.canvas = canvas;
    this.hidden = new Set(); // labels that are switched off
    this.region = null;
    this.dots = new Dots();
  }

  /** Fit the canvas to its box; true when the size changed. */
  layout() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = window.devicePixelRatio || 1;
    if (!width || !height) return false;
    const changed = width !== this.width || height !== this.height || ratio !== this.ratio;
    Object.assign(this, { width, height, ratio });
    if (changed) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      if (this.points) this.left = this.roomForAxis();
    }
    return changed;
  }

  setPalette(palette) {
    this.palette = palette;
  }

  /** Show points; they glide from where they are when they are the same digits. */
  show(points, names, lanes, glide) {
    const same = this.points?.count === points.count && this.lanes === lanes;
    const before = same && glide ? this.placed() : null;
    this.points = points;
    this.names = names;
    this.lanes = lanes;
    this.bounds = [boundsOf(points.x), lanes ? [LANES + 0.5, -0.6] : boundsOf(points.y)];
    this.left = this.roomForAxis();
    this.target = this.shares();
    this.before = before;
    this.started = before ? performance.now() : -Infinity;
  }

  /** Show nothing until there are points again. */
  clear() {
    this.points = this.before = null;
    this.canvas.width = this.canvas.width; // which wipes it, whatever its scale
  }

  /** Where the points belong, as shares of width and height. */
  shares() {
    const { points, bounds } = this;
    const shares = new Float32Array(2 * points.count);
    const [[left, right], [low, high]] = bounds;
    for (let i = 0; i < points.count; i++) {
      shares[2 * i] = (points.x[i] - left) / (right - left);
      shares[2 * i + 1] = (high - points.y[i]) / (high - low);
    }
    return shares;
  }

  /** Where the points are at this moment: on their way, or there. */
  placed() {
    const share = Math.min(1, (performance.now() - this.started) / MOVE);
    if (share >= 1 || !this.before) return this.target;
    const eased = share * share * (3 - 2 * share);
    return this.target.map((value, i) => this.before[i] + (value - this.before[i]) * eased);
  }

  get gliding() {
    return Boolean(this.before) && performance.now() - this.started < MOVE;
  }

  /** Room for the vertical axis: more for long numbers, such as −0.025, which would run into its title. */
  roomForAxis() {
    if (this.lanes) return LEFT;
    const context = this.canvas.getContext("2d");
    context.font = FONT;
    const widths = this.ticks().map((tick) => context.measureText(tickText(tick)).width);
    return Math.max(LEFT, TITLE + GAP + Math.ceil(Math.max(0, ...widths)));
  }

  /** Where the vertical axis has numbers. */
  ticks() {
    if (this.lanes) return Array.from({ length: LANES }, (_, i) => i);
    return linearTicks(...this.bounds[1], this.inner.tall / 70);
  }

  get inner() {
    const left = this.left ?? LEFT;
    return { left, top: 6, wide: this.width - left - 6, tall: this.height - BELOW - 6 };
  }

  toScreen(x, y) {
    const { left, top, wide, tall } = this.inner;
    const [[first, last], [low, high]] = this.bounds;
    return [left + ((x - first) / (last - first)) * wide, top + ((high - y) / (high - low)) * tall];
  }

  toPoint(left, top) {
    const { inner, bounds: [[first, last], [low, high]] } = this;
    return [
      first + ((left - inner.left) / inner.wide) * (last - first),
      high - ((top - inner.top) / inner.tall) * (high - low),
    ];
  }

  /** The visible digit nearest to a place on the screen: its index and how far it is. */
  nearest(left, top) {
    const { inner, target, points: { labels, count } } = this;
    const across = (left - inner.left) / inner.wide;
    const down = (top - inner.top) / inner.tall;
    let found = -1;
    let least = Infinity;
    for (let i = 0; i < count; i++) {
      if (this.hidden.has(labels[i])) continue;
      const dx = (target[2 * i] - across) * inner.wide;
      const dy = this.lanes ? 0 : (target[2 * i + 1] - down) * inner.tall;
      const distance = dx * dx + dy * dy;
      if (distance < least) [least, found] = [distance, i];
    }
    return { index: found, distance: Math.sqrt(least) };
  }

  draw() {
    if (!this.points || !this.palette || !this.width) return;
    const context = this.canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.drawPictures(context);
    this.drawScales(context);
    this.drawPoints(context);
    if (!this.gliding) this.drawNames(context);
  }

  drawPictures(context) {
    if (!this.region) return;
    const { low, high, picture, rows, columns } = this.region;
    const half = [(high[0] - low[0]) / (columns - 1) / 2, rows > 1 ? (high[1] - low[1]) / (rows - 1) / 2 : 0];
    const [left, top] = this.toScreen(low[0] - half[0], rows > 1 ? high[1] + half[1] : LANES);
    const [right, bottom] = this.toScreen(high[0] + half[0], rows > 1 ? low[1] - half[1] : LANES);
    context.save();
    this.clip(context);
    context.imageSmoothingEnabled = false;
    if (rows > 1) context.drawImage(picture, left, top, right - left, bottom - top);
    else { // a strip: square pictures below the lanes
      const side = (right - left) / columns;
      context.drawImage(picture, left, (top + bottom - side) / 2, right - left, side);
    }
    context.restore();
  }

  clip(context) {
    const { left, top, wide, tall } = this.inner;
    context.beginPath();
    context.rect(left, top, wide, tall);
    context.clip();
  }

  drawScales(context) {
    const { palette, inner, names, bounds } = this;
    context.font = FONT;
    context.fillStyle = palette.muted;
    context.strokeStyle = palette.faint;
    context.lineWidth = 1;
    context.strokeRect(inner.left + 0.5, inner.top + 0.5, inner.wide - 1, inner.tall - 1);
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of linearTicks(...bounds[0], inner.wide / 90)) {
      const [left] = this.toScreen(tick, 0);
      context.fillText(tickText(tick), left, inner.top + inner.tall + 4);
    }
    context.fillText(names[0], inner.left + inner.wide / 2, inner.top + inner.tall + 19);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of this.ticks()) {
      const [, top] = this.toScreen(0, tick);
      context.fillStyle = this.lanes ? palette.digits[tick] : palette.muted;
      if (this.lanes) context.font = "bold 14px system-ui, sans-serif";
      context.fillText(tickText(tick), inner.left - GAP, top);
    }
    context.font = FONT;
    context.fillStyle = palette.muted;
    context.save();
    context.translate(8, inner.top + inner.tall / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(this.lanes ? "digit" : names[1], 0, 0);
    context.restore();
  }

  drawPoints(context) {
    const { inner, hidden, ratio, dots, palette, points: { labels, count } } = this;
    const places = this.placed().map((share, i) => ratio * (i % 2 ? share * inner.tall : share * inner.wide));
    const colours = palette.dots.map((colour, digit) => (hidden.has(digit) ? null : colour));
    dots.begin(...[inner.wide, inner.tall].map((side) => Math.max(1, Math.round(side * ratio))));
    dots.put(places, labels, colours, (count < 1500 ? 3.4 : 2.1) * ratio);
    context.save();
    context.globalAlpha = this.region ? 0.5 : 1;
    context.drawImage(dots.end(), inner.left, inner.top, inner.wide, inner.tall);
    context.restore();
  }

  /** Each digit's name in the middle of its points: colour alone does not reach every eye. */
  drawNames(context) {
    if (this.lanes) return;
    const { inner, palette, hidden, points: { labels, count } } = this;
    context.font = "bold 20px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 5;
    for (let digit = 0; digit < DIGITS; digit++) {
      if (hidden.has(digit)) continue;
      const places = [[], []];
      for (let i = 0; i < count; i++) {
        if (labels[i] === digit) places.forEach((list, axis) => list.push(this.target[2 * i + axis]));
      }
      if (!places[0].length) continue;
      const [across, down] = places.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
      const at = [inner.left + across * inner.wide, inner.top + down * inner.tall];
      context.strokeStyle = palette.ground;
      context.strokeText(String(digit), ...at);
      context.fillStyle = palette.digits[digit];
      context.fillText(String(digit), ...at);
    }
  }
}

/** A tick in the room beside the map: -2.5, 250k. */
export function tickText(value) {
  const size = Math.abs(value);
  const text = size >= 1e9 ? size.toExponential(1).replace(".0e+", "e").replace("e+", "e")
    : size >= 1e4 ? countTick(size) : String(Number(size.toPrecision(3)));
  return (value < 0 ? "−" : "") + text;
}

/** Decode a grid of points over the region where the data lives, some of them at a time, into one picture. */
export class Pictures {
  constructor(decoder, plane, [lowX, highX], range, palette, done) {
    Object.assign(this, { decoder, plane, palette, done, columns: TILES, rows: range ? TILES : 1, next: 0 });
    this.low = [lowX, range ? range[0] : 0];
    this.high = [highX, range ? range[1] : 0];
    this.picture = new OffscreenCanvas(this.columns * 28, this.rows * 28);
    this.step();
  }

  step() {
    const context = this.picture.getContext("2d");
    const image = context.createImageData(28, 28);
    const code = new Float32Array(this.plane.size);
    const until = performance.now() + 8;
    while (this.next < this.rows * this.columns && performance.now() < until) {
      const column = this.next % this.columns;
      const row = Math.floor(this.next / this.columns);
      const share = [column / (this.columns - 1), this.rows > 1 ? row / (this.rows - 1) : 0];
      const x = this.low[0] + share[0] * (this.high[0] - this.low[0]);
      const y = this.high[1] - share[1] * (this.high[1] - this.low[1]);
      shadeDigit(image, this.decoder.decode(this.plane.code(x, y, code)), this.palette);
      context.putImageData(image, column * 28, row * 28);
      this.next += 1;
    }
    if (this.next < this.rows * this.columns) this.request = requestAnimationFrame(() => this.step());
    else this.done(this);
  }

  stop() {
    cancelAnimationFrame(this.request);
  }
}
