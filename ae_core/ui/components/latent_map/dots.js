// Thousands of dots, written pixel by pixel: a call of the canvas for each of them would take ten times as long.

import { clamp } from "../_shared/numbers.js";

const STEPS = 4; // places between two pixels at which a dot may lie, across and down

export class Dots {
  constructor() {
    this.canvas = new OffscreenCanvas(1, 1);
    this.discs = new Map(); // radius -> its discs, one for each place between pixels
  }

  /** A picture of so many pixels with an empty ground. */
  begin(width, height) {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
      this.context = this.canvas.getContext("2d", { willReadFrequently: true });
      this.image = this.context.createImageData(width, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    this.words.fill(0);
  }

  /** Put dots at the places [x, y, x, y, ...], in pixels; each takes the colour of its label, null for none. */
  put(places, labels, colours, radius) {
    const { words, image: { width, height } } = this;
    const discs = this.discsOf(radius);
    for (let i = 0; i < labels.length; i++) {
      const colour = colours[labels[i]];
      const x = places[2 * i];
      const y = places[2 * i + 1];
      if (colour === null || !(x >= -radius && y >= -radius && x <= width + radius && y <= height + radius)) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const { across, down, cover } = discs[Math.floor((y - top) * STEPS) * STEPS + Math.floor((x - left) * STEPS)];
      for (let k = 0; k < cover.length; k++) {
        const column = left + across[k];
        const row = top + down[k];
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
        const at = row * width + column;
        words[at] = cover[k] === 255 ? 0xff000000 | colour : over(colour, cover[k], words[at]);
      }
    }
  }

  /** The finished picture. */
  end() {
    this.context.putImageData(this.image, 0, 0);
    return this.canvas;
  }

  discsOf(radius) {
    if (!this.discs.has(radius)) {
      const places = Array.from({ length: STEPS * STEPS }, (_, i) => [i % STEPS, Math.floor(i / STEPS)]);
      this.discs.set(radius, places.map(([x, y]) => disc(radius, (x + 0.5) / STEPS, (y + 0.5) / STEPS)));
    }
    return this.discs.get(radius);
  }
}

/** The pixels of a disc around (x, y), and how much of each (0..255) it covers: by the distance to its edge. */
function disc(radius, x, y) {
  const reach = Math.ceil(radius) + 1;
  const pixels = [];
  for (let down = -reach; down <= reach; down++) {
    for (let across = -reach; across <= reach; across++) {
      const inside = radius + 0.5 - Math.hypot(across + 0.5 - x, down + 0.5 - y);
      const cover = Math.round(255 * clamp(inside, 0, 1));
      if (cover) pixels.push({ across, down, cover });
    }
  }
  const column = (name, kind) => kind.from(pixels, (pixel) => pixel[name]);
  return { across: column("across", Int8Array), down: column("down", Int8Array), cover: column("cover", Uint8Array) };
}

/** A colour that covers some (0..255) of a pixel: Porter and Duff's "over". All are words of image data. */
function over(colour, cover, below) {
  const alpha = below >>> 24;
  if (alpha === 0) return ((cover << 24) | colour) >>> 0;
  const above = 255 * cover; // shares in 255 x 255ths
  const under = alpha * (255 - cover);
  const all = above + under;
  const red = ((colour & 255) * above + (below & 255) * under) / all;
  const green = (((colour >> 8) & 255) * above + ((below >> 8) & 255) * under) / all;
  const blue = (((colour >> 16) & 255) * above + ((below >> 16) & 255) * under) / all;
  return ((Math.round(all / 255) << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

/**
 * [r, g, b] as the word that image data holds, without its alpha.
 *
 * @param {number[]} colour
 */
export const wordOf = ([red, green, blue]) => (blue << 16) | (green << 8) | red;
