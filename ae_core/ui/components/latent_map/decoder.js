// The decoder: dense layers with activations between them, the same arithmetic as in PyTorch.

import { PIXELS } from "../_shared/digits.js";

const ACTIVATIONS = {
  relu: (z) => (z > 0 ? z : 0),
  silu: (z) => z / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
};

/**
 * The float32 numbers in bytes that may start anywhere.
 *
 * @type {(bytes: Uint8Array) => Float32Array}
 */
export const floats = (bytes) => new Float32Array(bytes.slice().buffer);

export class Decoder {
  /**
   * @param {{ weights: Uint8Array, layers: [number, number][], activation?: string, output: string }} view
   *   float32 weights and biases of each layer, one after the other, and the rows and columns of the weights
   */
  constructor(view) {
    const numbers = floats(view.weights);
    let offset = 0;
    const take = (count) => numbers.subarray(offset, (offset += count));
    this.layers = view.layers.map(([rows, columns]) => ({
      rows, columns, weight: take(rows * columns), bias: take(rows), out: new Float32Array(rows),
    }));
    this.linear = view.layers.length === 1 && view.output === "linear";
    this.activate = ACTIVATIONS[view.activation];
    this.finish = view.output === "sigmoid" ? ACTIVATIONS.sigmoid : (z) => z;
  }

  /**
   * Decode a code into 784 grey levels; the clamped array rounds and clips as PyTorch's side does.
   *
   * @param {ArrayLike<number>} code
   */
  decode(code, picture = new Uint8ClampedArray(PIXELS)) {
    let input = code;
    const last = this.layers.length - 1;
    this.layers.forEach((layer, index) => {
      const { rows, columns, weight, bias, out } = layer;
      const bend = index < last ? this.activate : this.finish;
      for (let row = 0, at = 0; row < rows; row++, at += columns) {
        let sum = bias[row];
        for (let column = 0; column < columns; column++) sum += weight[at + column] * input[column];
        out[row] = bend(sum);
      }
      input = out;
    });
    for (let i = 0; i < PIXELS; i++) picture[i] = input[i] * 255;
    return picture;
  }
}
