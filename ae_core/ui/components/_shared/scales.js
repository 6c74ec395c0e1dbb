// Axes: from values to pixels and back, and where the ticks stand.

import { whole } from "./text.js";

/**
 * A scale maps [low, high] to [from, to], evenly or by the logarithm; `invert` maps back.
 *
 * @typedef {((value: number) => number) & { invert: (pixel: number) => number, low: number, high: number }} Scale
 *
 * @param {number} low
 * @param {number} high
 * @param {number} from
 * @param {number} to
 * @returns {Scale}
 */
export function scale(low, high, from, to, logarithmic = false) {
  const bend = logarithmic ? Math.log : (value) => value;
  const unbend = logarithmic ? Math.exp : (value) => value;
  const [start, span] = [bend(low), bend(high) - bend(low) || 1];
  const map = (value) => from + ((bend(value) - start) / span) * (to - from);
  map.invert = (pixel) => unbend(start + ((pixel - from) / (to - from)) * span);
  map.low = low;
  map.high = high;
  return map;
}

/**
 * Round values between low and high, about `count` of them.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function linearTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.7);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-9); i++) ticks.push(i * step + 0); // + 0: no -0
  return ticks;
}

/**
 * 1, 2, 5 times powers of ten between low and high; fewer of them over many decades.
 *
 * @param {number} low
 * @param {number} high
 */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  if (decades < 0.4) return linearTicks(low, high, 4);
  const digits = decades > 4 ? [1] : decades > 2 ? [1, 3] : decades > 1.2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 6, 8];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of digits) {
      const tick = digit * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/**
 * A tick of images seen: 20k, 1.5M.
 *
 * @param {number} value
 */
export function countTick(value) {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`;
  return whole(value);
}

/**
 * A tick of the loss, without the noise of floating point.
 *
 * @param {number} value
 */
export function lossTick(value) {
  if (value >= 1e4 || (value > 0 && value < 1e-4)) return value.toExponential(0);
  return String(Number(value.toPrecision(3)));
}
