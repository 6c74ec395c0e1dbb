// The plot of the curve: its area and its scales, from images seen and losses to px.

import { set } from "../_shared/elements.js";
import { isLive } from "../_shared/run_status.js";
import { scale } from "../_shared/scales.js";

const MARGIN = { top: 20, right: 12, bottom: 36, left: 44 };
const DEEP = 1000; // on a log scale, how far below the curve a reference may be and still be drawn
const CEILING = -40; // px above the plot, beyond which a stroke is clipped anyway; SVG dislikes huge numbers

/**
 * The plot of a view, `width` x `height` px large.
 *
 * zoom : [low, high] in images, or null for all of them
 * logarithmic : whether losses stand on a log scale
 */
export function plotOf(view, zoom, logarithmic, width, height) {
  const area = {
    width, height, left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom,
  };
  const last = view.columns.images.at(-1) ?? 0;
  const reached = Math.max(last, view.final_test === null ? 0 : view.final_images);
  const [first, end] = zoom ?? [0, Math.max(1, isLive(view) ? view.total_images : reached)];
  const x = scale(first, end, area.left, area.right);
  const y = lossScale(view, first, end, logarithmic, area);
  return { ...area, view, logarithmic, x, y };
}

/** The scale of losses: it holds what is seen of the curve, and the references, so that they can be compared. */
function lossScale(view, first, end, logarithmic, { top, bottom }) {
  const seen = [];
  view.columns.images.forEach((images, i) => {
    if (images < first || images > end) return;
    seen.push(...[view.columns.train[i], view.columns.test[i]].filter(Number.isFinite));
  });
  if (Number.isFinite(view.final_test)) seen.push(view.final_test);
  const marks = view.references.map((reference) => reference.value).filter(Number.isFinite);
  const possible = (values) => (logarithmic ? values.filter((value) => value > 0) : values);
  const values = possible([...seen, ...marks]);
  let low = values.length ? Math.min(...values) : 0.1;
  const lowest = Math.min(...possible(seen));
  if (logarithmic && lowest < Infinity) low = Math.max(low, lowest / DEEP);
  // a diverging run must not press everything else flat: keep at most 3 decades, or 20 times the median
  let high = values.length ? Math.max(...values) : 1;
  const middle = seen.length ? [...seen].sort((a, b) => a - b)[seen.length >> 1] : high;
  high = Math.min(high, Math.max(middle * 20, ...marks, low * 2));
  high = Math.max(high, low * 1.1);
  if (!logarithmic) low = Math.min(0, low);
  // room for the labels above what is highest and below what is lowest
  const above = marks.some((mark) => mark > high / 1.1) ? 18 : 6;
  const below = !logarithmic ? 0 : marks.includes(low) ? 20 : 40;
  const inner = scale(low, high, bottom - below, top + above, logarithmic);
  return scale(inner.invert(bottom), inner.invert(top), bottom, top, logarithmic);
}

/** Whether a loss has a place in a plot: zero has none on a log scale. */
export const hasPlace = (value, { logarithmic }) => Number.isFinite(value) && !(logarithmic && value <= 0);

/** A column of losses as polylines of [x, y]; they break where a value has no place. */
export function strokesOf(values, plot) {
  const strokes = [];
  let stroke = null;
  plot.view.columns.images.forEach((images, i) => {
    if (!hasPlace(values[i], plot)) { stroke = null; return; }
    if (!stroke) strokes.push(stroke = []);
    stroke.push([plot.x(images), Math.max(CEILING, plot.y(values[i]))].map((place) => Number(place.toFixed(1))));
  });
  return strokes;
}

/** Put a dot where a loss stands in a plot, at x; it is hidden where that is outside. */
export function placeDot(dot, x, value, plot) {
  const drawn = hasPlace(value, plot) && value <= plot.y.high;
  dot.setAttribute("visibility", drawn ? "inherit" : "hidden");
  if (drawn) set(dot, { cx: x, cy: plot.y(value) });
}
