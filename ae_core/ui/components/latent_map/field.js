// The field: the points of a frame, the pictures behind them, and the scales around them.

import { BELOW, drawAxes, LEFT, roomForAxis } from "./axes.js";
import { drawNames } from "./digit_names.js";
import { Dots } from "./dots.js";
import { LANES } from "./frame.js";
import { boundsOf } from "./plane.js";

const MOVE = 320; // ms in which points move to where a new frame wants them

export class Field {
  /** hidden : the set of labels that are switched off */
  constructor(canvas, hidden) {
    this.canvas = canvas;
    this.hidden = hidden;
    this.width = this.height = this.ratio = 0;
    this.region = null; // the decoded pictures behind the points, if they are shown
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
      if (this.points) this.left = roomForAxis(this);
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
    this.left = roomForAxis(this);
    this.target = this.shares();
    this.before = before;
    this.started = before ? performance.now() : -Infinity;
  }

  /** Show nothing until there are points again. */
  clear() {
    this.points = this.before = null;
    this.canvas.width = this.canvas.width; // which wipes it, whatever its scale
  }

  /** The median of the points. */
  middle() {
    const median = (values) => Float32Array.from(values).sort()[values.length >> 1];
    return [median(this.points.x), this.lanes ? 4.5 : median(this.points.y)];
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
    drawAxes(context, this);
    this.drawPoints(context);
    if (!this.gliding && !this.lanes) drawNames(context, this);
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
}
