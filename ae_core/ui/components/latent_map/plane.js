// Planes: which two numbers of a code the map shows, and what code a point of the map stands for.

import { floats } from "./decoder.js";

export const LANES = 10; // a code of one number: each digit gets a lane of its own

/** A column of a quantised table as numbers. */
function columnOf(table, width, column, scale) {
  const values = new Float32Array(table.length / width);
  for (let i = 0; i < values.length; i++) values[i] = table[i * width + column] * scale;
  return values;
}

/** Repeatable disorder in [-0.5, 0.5). */
const jitter = (i) => ((Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 32) - 0.5;

/** A frame: codes of many digits at one moment; `axes` says which axis each column of the table is. */
export class Frame {
  constructor(bytes, axes, scales, labels) {
    const copy = bytes.slice(); // int16 must not start at an odd byte
    this.table = new Int16Array(copy.buffer, 0, copy.length >> 1);
    this.axes = axes;
    this.scales = scales;
    this.labels = labels;
    this.count = labels.length;
  }

  knows(axis) {
    return axis === null || this.axes.includes(axis);
  }

  values(axis) {
    const column = this.axes.indexOf(axis);
    return columnOf(this.table, this.axes.length, column, this.scales[column]);
  }

  /** Positions along two axes; without a second one, each digit in the lane of its label. */
  positions(first, second) {
    const x = this.values(first);
    const y = second === null ? Float32Array.from(x, (_, i) => this.labels[i] + 0.7 * jitter(i)) : this.values(second);
    return { x, y, labels: this.labels, count: this.count };
  }
}

/** Low and high of values without their outliers, and some room around. */
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
    this.directions = [first, second].map((axis, index) => {
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
