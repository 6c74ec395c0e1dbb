// Frames: the codes of many digits at one moment of a run.

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
  /**
   * @param {Uint8Array} bytes int16, a row for each digit and a column for each axis
   * @param {number[]} axes
   * @param {number[]} scales what 1 stands for, for each axis
   * @param {Uint8Array} labels
   */
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

/** The frames of the recording that a view brings after training, by their place in it. */
export function recordedFrames({ clouds, cloud_axes: axes, cloud_labels: labels, cloud_scales: scales }) {
  const size = clouds ? 2 * axes.length * labels.length : 0; // bytes of a frame
  if (!size) return [];
  return scales.map((each, i) => new Frame(clouds.subarray(i * size, (i + 1) * size), axes, each, labels));
}
