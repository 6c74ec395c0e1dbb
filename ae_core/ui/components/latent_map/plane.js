// Planes: what code a point of the map stands for, and which part of it the map shows.

import { floats } from "./decoder.js";

/**
 * Low and high of values without their outliers, and some room around.
 *
 * @param {ArrayLike<number>} values
 * @returns {[number, number]}
 */
export function boundsOf(values, share = 0.015, room = 0.06) {
  const sorted = Float32Array.from(values).sort();
  const low = sorted[Math.floor(share * (sorted.length - 1))];
  const high = sorted[Math.ceil((1 - share) * (sorted.length - 1))];
  const span = high - low || 1;
  return [low - room * span, high + room * span];
}

/** From points of the map to codes. */
export class Plane {
  constructor(view, first, second) {
    const mean = floats(view.mean);
    this.size = view.code_size;
    this.origin = mean.slice();
    const components = floats(view.components);
    this.directions = [first, second].map((axis) => {
      if (axis === null) return new Float32Array(this.size);
      const { unit } = view.axes[axis];
      if (unit === null) return components.subarray(axis * this.size, (axis + 1) * this.size);
      const direction = new Float32Array(this.size);
      direction[unit] = 1;
      this.origin[unit] = 0;
      return direction;
    });
  }

  code(x, y, out = new Float32Array(this.size)) {
    const [across, up] = this.directions;
    for (let i = 0; i < this.size; i++) out[i] = this.origin[i] + x * across[i] + y * up[i];
    return out;
  }
}
