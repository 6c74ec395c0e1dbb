// A delta: the frames of a recording that the browser does not know yet, and how they join those that it knows.

import { DIGITS, PIXELS } from "../_shared/digits.js";

/** Columns with the values of others from the place `first` on. */
export function joined(columns, others, first) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, [...values.slice(0, first), ...others[name]]]),
  );
}

/**
 * The pictures of a delta's frames, in order: the outputs of the ten digits, their codes of `codeSize` numbers as int8,
 * and what 127 stands for in these. Frames whose pictures are not complete are left out.
 */
export function framesOf({ tiles, codes, code_scales: scales }, codeSize) {
  const [tile, code] = [DIGITS * PIXELS, DIGITS * codeSize];
  const count = Math.min(scales.length, Math.floor(tiles.length / tile), Math.floor(codes.length / code));
  return scales.slice(0, count).map((scale, i) => ({
    tile: tiles.slice(i * tile, (i + 1) * tile),
    code: new Int8Array(codes.slice(i * code, (i + 1) * code).buffer),
    scale,
  }));
}

export function sameBytes(a, b) {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
