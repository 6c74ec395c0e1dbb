// Labels in the plot: each stands at its own line or point, on a free place.

import { clamp } from "../_shared/numbers.js";

export const ASCENT = 10; // px of a label above its baseline, and below it
export const DESCENT = 3;
const CROSSED = 200; // what it costs to stand on a stroke, or on another label; a px away from the line costs 2
const TAKEN = 2000;

/** Give labels a place, the first of them the best: `x` is the end of the words, `y` their baseline.
 *
 * labels : { line, over, width, room, end, slide }: y of the line, the side that is preferred, px of the words, px
 *   between line and words, where the words should end, and what a px sideways costs
 * strokes : polylines of [x, y] from left to right
 * `away` tells which labels found their place only at some distance, in px.
 */
export function placeLabels(labels, area, strokes) {
  const taken = [];
  for (const label of labels) {
    let best = { cost: Infinity };
    for (const place of places(label, area)) {
      if (place.cost >= best.cost) break;
      const { box } = place;
      const crossed = strokes.some((stroke) => crosses(stroke, box));
      const cost = place.cost + (crossed ? CROSSED : 0) + (taken.some((other) => overlap(other, box)) ? TAKEN : 0);
      if (cost < best.cost) best = { ...place, cost };
    }
    if (best.cost === Infinity) continue; // the plot is smaller than the words
    taken.push(best.box);
    Object.assign(label, best);
  }
}

/** Places beside a line, the cheapest first. */
function places({ line, over, width, room, end, slide }, area) {
  const found = [];
  for (const above of [over, !over]) {
    const first = above ? line - room - DESCENT : line + room + ASCENT;
    for (let away = 0; ; away += 4) {
      const y = above ? first - away : first + away;
      if (y - ASCENT < area.top || y + DESCENT > area.bottom) break;
      for (let x = Math.max(end, area.left + width); x >= area.left + width; x -= 8) {
        const box = { left: x - width, right: x, top: y - ASCENT, bottom: y + DESCENT };
        found.push({ x, y, away, above, box, cost: 2 * away + slide * Math.abs(end - x) + (above === over ? 0 : 8) });
      }
    }
  }
  return found.sort((a, b) => a.cost - b.cost);
}

function overlap(a, b) {
  return a.left < b.right + 4 && b.left < a.right + 4 && a.top < b.bottom && b.top < a.bottom;
}

/** Whether a polyline passes through a box, or nearer than a px. */
function crosses(stroke, { left, right, top, bottom }) {
  return stroke.some(([x, y], i) => {
    const [beyond, below] = stroke[i + 1] ?? [x, y];
    if (beyond < left || x > right) return false;
    const at = (place) => (beyond > x ? y + ((clamp(place, x, beyond) - x) / (beyond - x)) * (below - y) : y);
    const ends = beyond > x ? [at(left), at(right)] : [y, below];
    return Math.min(...ends) < bottom + 1 && Math.max(...ends) > top - 1;
  });
}
