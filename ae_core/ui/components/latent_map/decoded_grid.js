// The pictures behind the points: what the decoder draws at a grid of codes over the region where the data lives.

import { shadeDigit, SIDE } from "../_shared/digits.js";

const TILES = 20; // pictures along each side of the region
const WORK = 8; // ms of decoding before the browser may draw again

export class DecodedGrid {
  /** The region is [low, high] across and up; `up` is null for a code of one number. */
  constructor(decoder, plane, [left, right], up, palette, done) {
    this.decoder = decoder;
    this.plane = plane;
    this.palette = palette;
    this.done = done; // called when it is complete
    this.columns = TILES;
    this.rows = up ? TILES : 1;
    this.next = 0;
    this.complete = false;
    this.low = [left, up ? up[0] : 0];
    this.high = [right, up ? up[1] : 0];
    this.picture = new OffscreenCanvas(this.columns * SIDE, this.rows * SIDE);
    this.request = requestAnimationFrame(() => this.step());
  }

  /** Decode some of the pictures, and the others in the next frames of the screen. */
  step() {
    const context = this.picture.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    const code = new Float32Array(this.plane.size);
    const until = performance.now() + WORK;
    while (this.next < this.rows * this.columns && performance.now() < until) {
      const column = this.next % this.columns;
      const row = Math.floor(this.next / this.columns);
      const share = [column / (this.columns - 1), this.rows > 1 ? row / (this.rows - 1) : 0];
      const x = this.low[0] + share[0] * (this.high[0] - this.low[0]);
      const y = this.high[1] - share[1] * (this.high[1] - this.low[1]);
      shadeDigit(image, this.decoder.decode(this.plane.code(x, y, code)), this.palette);
      context.putImageData(image, column * SIDE, row * SIDE);
      this.next += 1;
    }
    if (this.next < this.rows * this.columns) this.request = requestAnimationFrame(() => this.step());
    else {
      this.complete = true;
      this.done();
    }
  }

  stop() {
    cancelAnimationFrame(this.request);
  }
}
