// Where the parts of the machine stand. All lengths are in px.

import { PIXELS } from "../_shared/digits.js";
import { clamp } from "../_shared/numbers.js";

const CAPTIONS = 24; // room for the words above
const SIZES = 40; // room for the sizes below

export const BAR = 10; // width of a layer

/**
 * A layer in its place: `half` is half its height, and `centre` the middle of its width.
 * @typedef {{ size: number, index: number, isPicture: boolean, isCode: boolean, x: number, wide: number, half: number,
 *   centre: number }} Layer
 */

/**
 * The machine for a network of these sizes, on a stage of this width and height: its layers, their middle line, the gap
 * between two of them, and the code's cells.
 *
 * @param {number[]} sizes
 * @param {number} codeIndex
 * @param {number} width
 * @param {number} height
 */
export function machineLayout(sizes, codeIndex, width, height) {
  const inner = sizes.length - 2; // layers between input and output, the code among them
  const bars = inner - 1;
  const tallest = height - CAPTIONS - SIZES;
  const codeSize = sizes[codeIndex];
  const grid = codeGrid(codeSize);
  let picture, cells, gap;
  for (picture of [168, 140, 112, 84, 56]) {
    cells = codeCells(grid, picture, codeSize);
    gap = (width - 4 - 2 * picture - cells.width - bars * BAR) / (inner + 1);
    const slot = gap + (bars ? BAR : 0);
    if (picture <= tallest && slot >= 26 && gap * (inner + 1) >= 0.195 * width) break;
  }
  gap = Math.min(gap, 130);
  const used = 2 * picture + cells.width + bars * BAR + gap * (inner + 1);
  const middle = Math.round(CAPTIONS + picture / 2 + Math.max(0, (tallest - picture) / 2));
  let left = (width - used) / 2;
  /** @type {Layer[]} */
  const layers = sizes.map((size, index) => {
    const isPicture = index === 0 || index === sizes.length - 1;
    const isCode = index === codeIndex;
    const wide = isPicture ? picture : isCode ? cells.width : BAR;
    const tall = isPicture ? picture : isCode ? cells.height : Math.max(6, picture * logShare(size));
    const x = isPicture || isCode ? Math.round(left) : left; // a canvas is sharp only on whole pixels
    const layer = { size, index, isPicture, isCode, x, wide, half: tall / 2, centre: left + wide / 2 };
    left += wide + gap;
    return layer;
  });
  return { layers, code: layers[codeIndex], middle, gap, cells };
}

/** Height of a layer as a share of the picture's: bars follow the logarithm of the size. */
const logShare = (size) => Math.log(size + 1) / Math.log(PIXELS + 1);

/** Rows and columns for the cells of a code: near a square, without empty cells where that goes well. */
export function codeGrid(size) {
  if (size <= 3) return { rows: size, columns: 1 };
  for (let columns = Math.floor(Math.sqrt(size)); columns >= Math.sqrt(size / 1.5); columns--) {
    if (size % columns === 0) return { rows: size / columns, columns };
  }
  const rows = Math.ceil(Math.sqrt(size));
  return { rows, columns: Math.ceil(size / rows) };
}

/** The code's cells: as tall together as a layer of that size, but large enough to be seen. */
function codeCells({ rows, columns }, picture, size) {
  const large = Math.min(22, picture / rows);
  const least = Math.min(rows <= 3 ? 16 : picture < 100 ? 8 : 10, large);
  const wanted = clamp((picture * logShare(size)) / rows, least, large);
  const side = wanted >= 4 ? Math.floor(wanted) : Math.floor(wanted * 2) / 2;
  return { side, columns, width: side * columns, height: side * rows };
}

/** Half the height of the machine at x. */
export function halfAt(layers, x) {
  for (let i = 0; i + 1 < layers.length; i++) {
    const [from, to] = [layers[i], layers[i + 1]];
    if (x <= to.x + to.wide || i + 2 === layers.length) {
      const share = clamp((x - from.x - from.wide) / (to.x - from.x - from.wide), 0, 1);
      return from.half + (to.half - from.half) * share;
    }
  }
  return 0;
}
