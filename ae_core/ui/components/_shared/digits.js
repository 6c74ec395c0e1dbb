// The ten digits, and how they are drawn: images of 28 x 28 grey levels, 0 = ground, 255 = ink.

import { set } from "./elements.js";

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const DIGITS = 10;

/** A canvas for one digit; `name` is its class. */
export function digitCanvas(name) {
  const canvas = document.createElement("canvas");
  set(canvas, { width: SIDE, height: SIDE, class: `picture ${name}`, "aria-hidden": "true" });
  return canvas;
}

/**
 * Write a digit into image data of 28 x 28 pixels, in shades between two colours [r, g, b].
 *
 * @param {ImageData} image
 * @param {ArrayLike<number>} pixels
 * @param {{ ink: number[], paper: number[] }} colours
 */
export function shadeDigit(image, pixels, { ink, paper }) {
  for (let i = 0; i < PIXELS; i++) {
    for (let k = 0; k < 3; k++) image.data[4 * i + k] = paper[k] + (ink[k] - paper[k]) * (pixels[i] / 255);
    image.data[4 * i + 3] = 255;
  }
}

/** The pixels of a small canvas as 32-bit words; made once and then written again and again. */
export function imageWords(canvas) {
  canvas.image ??= canvas.getContext("2d").createImageData(canvas.width, canvas.height);
  return (canvas.imageWords ??= new Uint32Array(canvas.image.data.buffer));
}

/**
 * Draw 784 grey pixels (0 = ground, 255 = ink) on a 28 x 28 canvas; none are black.
 *
 * @param {any} canvas that keeps its pixels from one drawing to the next
 * @param {ArrayLike<number> | null} pixels
 */
export function drawDigit(canvas, pixels, offset = 0) {
  const words = imageWords(canvas);
  for (let i = 0; i < PIXELS; i++) {
    const grey = pixels ? pixels[offset + i] : 0;
    words[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  canvas.getContext("2d").putImageData(canvas.image, 0, 0);
}

/** Draw output - target, signed, on a 28 x 28 canvas. */
export function drawError(canvas, output, target, offset, table) {
  const words = imageWords(canvas);
  for (let i = 0; i < PIXELS; i++) {
    const value = output ? Math.trunc((output[offset + i] - target[offset + i]) / 2) : 0;
    words[i] = table[value + 127];
  }
  canvas.getContext("2d").putImageData(canvas.image, 0, 0);
}
