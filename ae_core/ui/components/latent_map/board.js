// The board: the map with its point and its pins, and what is shown of the point beside and below the map.

import { PIXELS } from "../_shared/digits.js";
import { FRAME_INTERVAL, reducedMotion } from "../_shared/motion.js";
import { signed } from "../_shared/text.js";
import { Between } from "./between.js";
import { DecodedGrid } from "./decoded_grid.js";
import { Field } from "./field.js";
import { listen } from "./map_input.js";
import { Marks } from "./marks.js";
import { Panel } from "./panel.js";

export class Board {
  /**
   * toolbar : tells whether pictures stand behind the points, and whether the point leaves a trail
   * animate(now) : called before each drawing; it may show another frame, and returns whether still another is to come
   */
  constructor(root, toolbar, animate) {
    const part = (name) => root.querySelector(`.${name}`);
    this.root = root;
    this.toolbar = toolbar;
    this.animate = animate;
    this.map = part("map");
    this.field = new Field(part("field"), toolbar.hidden);
    this.marks = new Marks(part("marks"), this.field);
    this.panel = new Panel(part("panel"), part("spoken"));
    this.between = new Between(part("between"), () => {
      this.unpin();
      this.map.focus({ preventScroll: true }); // the button has taken itself away
    });
    this.images = null; // 784 grey levels of each digit on the map
    this.observer = new ResizeObserver(() => this.layout());
    this.reset();
    listen(this.map, this.field, {
      point: () => this.point, move: (point) => this.moveTo(point), pin: () => this.pin(), unpin: () => this.unpin(),
    });
  }

  /** Forget all that belongs to a run. */
  reset() {
    this.forgetPlane();
    this.field.clear();
    this.marks.clear();
    this.panel.clear();
    this.root.dataset.points = 0;
  }

  /** Forget what belongs to a plane: the point, the pins and the trail. */
  forgetPlane() {
    this.point = null;
    this.marks.pins = [];
    this.marks.stamps = [];
    this.setNetwork(null);
  }

  /** Take { decoder, plane }, what is needed to draw a point of the map as a picture; or null. */
  setNetwork(network) {
    this.network = network;
    this.grid?.stop();
    this.grid = null;
  }

  setPalette(palette) {
    this.field.setPalette(palette);
    this.redraw();
  }

  setImages(images) {
    this.images = images;
    this.wake();
  }

  /**
   * Show a frame on two axes of its view; the second is null for a code of one number.
   *
   * missing : why no point of this frame can be drawn as a picture; null where it can
   */
  show(frame, places, axes, missing) {
    this.axes = axes;
    this.missing = missing;
    this.field.layout();
    const names = axes.map((axis) => axis?.name ?? "");
    this.field.show(frame.positions(...places), names, axes[1] === null, !reducedMotion());
    this.root.dataset.points = frame.count;
    this.point ??= this.field.middle();
    this.paint();
  }

  /** Whether points can be drawn as pictures: only the newest frame belongs to the weights that the browser has. */
  get decodes() {
    return this.network !== null && this.missing === null;
  }

  decode([x, y]) {
    const { decoder, plane } = this.network;
    return decoder.decode(plane.code(x, y));
  }

  /** Draw the points anew, with or without the pictures behind them. */
  paint() {
    const wanted = this.toolbar.behind.checked && this.decodes;
    if (wanted && !this.grid) {
      const [across, up] = this.axes.map((axis) => axis && [axis.low, axis.high]);
      const { decoder, plane } = this.network;
      this.grid = new DecodedGrid(decoder, plane, across, up, this.field.palette, () => this.paint());
    }
    this.field.region = wanted && this.grid.complete ? this.grid : null;
    this.redraw();
  }

  /** Follow the size of the map, until it sleeps. */
  watch() {
    this.observer.observe(this.map);
  }

  layout() {
    if (!this.field.layout()) return;
    this.marks.layout();
    this.redraw();
  }

  redraw() {
    this.stale = true;
    this.wake();
  }

  /** Draw in the next frame of the screen: once, however many events there were. */
  wake() {
    this.request ??= requestAnimationFrame((now) => this.draw(now));
  }

  draw(now) {
    this.request = null;
    const { field, marks } = this;
    if (this.glided && !this.stale && !this.moved && now - this.drawn < FRAME_INTERVAL) return this.wake();
    this.drawn = now;
    const more = this.animate(now);
    if (!field.points) return;
    if (field.layout()) this.stale = true;
    if (field.canvas.width !== marks.canvas.width || field.canvas.height !== marks.canvas.height) marks.layout();
    const gliding = field.gliding;
    if (this.stale || this.glided) field.draw();
    this.stale = false;
    this.glided = gliding;
    this.touch();
    if (gliding || more) this.wake();
  }

  /** Decode the point and show it. */
  touch() {
    const { point, field, images } = this;
    const { index, distance } = field.nearest(...field.toScreen(...point));
    const dense = images?.length === field.points.count * PIXELS; // or the frame has other digits than the pictures
    const pixels = this.decodes ? this.decode(point) : null;
    if (pixels && this.toolbar.trail.checked && this.moved) this.marks.stamp(...point, pixels);
    this.moved = false;
    this.panel.show({
      pixels, distance, words: this.words(), label: index >= 0 ? field.points.labels[index] : null,
      nearest: dense ? index : -1, images, palette: field.palette, some: field.hidden.size > 0,
    });
    this.marks.draw(point, index);
    Object.assign(this.root.dataset, { x: point[0], y: point[1], nearest: index, decoding: Boolean(pixels) });
  }

  /** What is said of the point. */
  words() {
    if (!this.decodes) return this.missing;
    return this.axes.map((axis, i) => axis && `${axis.name}: ${signed(this.point[i])}`).filter(Boolean).join("\n");
  }

  moveTo(point) {
    this.point = point;
    this.moved = true;
    this.wake();
  }

  pin() {
    if (!this.decodes) return;
    const { pins } = this.marks;
    this.marks.pins = pins.length === 2 ? [this.point] : [...pins, this.point];
    this.showBetween();
  }

  unpin() {
    this.marks.pins = [];
    this.showBetween();
  }

  showBetween() {
    const { pins } = this.marks;
    this.root.dataset.pins = pins.length;
    this.between.show(pins, (x, y) => this.decode([x, y]), this.network?.decoder.linear);
    this.wake();
  }

  sleep() {
    cancelAnimationFrame(this.request);
    this.request = null;
    this.observer.disconnect();
    this.panel.sleep();
    this.grid?.stop();
  }
}
