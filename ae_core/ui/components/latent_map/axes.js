// The axes of the map: their numbers, their titles, and the room that they take.

import { countTick, linearTicks } from "../_shared/scales.js";
import { LANES } from "./frame.js";

export const LEFT = 46; // room for the vertical axis: its title and usual numbers
export const BELOW = 34; // room for the horizontal axis
const TITLE = 16; // of LEFT for the title
const GAP = 5; // between a number and the map
const FONT = "12px system-ui, sans-serif";

/** Room for the vertical axis of a field: more for long numbers, such as −0.025, which would run into its title. */
export function roomForAxis(field) {
  if (field.lanes) return LEFT;
  const context = field.canvas.getContext("2d");
  context.font = FONT;
  const widths = ticksUp(field).map((tick) => context.measureText(tickText(tick)).width);
  return Math.max(LEFT, TITLE + GAP + Math.ceil(Math.max(0, ...widths)));
}

/** Where the vertical axis has numbers. */
function ticksUp({ lanes, bounds, inner }) {
  if (lanes) return Array.from({ length: LANES }, (_, i) => i);
  const [low, high] = bounds[1];
  return linearTicks(low, high, inner.tall / 70);
}

export function drawAxes(context, field) {
  const { palette, inner, names, bounds: [[first, last]], lanes } = field;
  context.font = FONT;
  context.fillStyle = palette.muted;
  context.strokeStyle = palette.faint;
  context.lineWidth = 1;
  context.strokeRect(inner.left + 0.5, inner.top + 0.5, inner.wide - 1, inner.tall - 1);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of linearTicks(first, last, inner.wide / 90)) {
    const [left] = field.toScreen(tick, 0);
    context.fillText(tickText(tick), left, inner.top + inner.tall + 4);
  }
  context.fillText(names[0], inner.left + inner.wide / 2, inner.top + inner.tall + 19);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of ticksUp(field)) {
    const [, top] = field.toScreen(0, tick);
    context.fillStyle = lanes ? palette.digits[tick] : palette.muted;
    if (lanes) context.font = "bold 14px system-ui, sans-serif";
    context.fillText(tickText(tick), inner.left - GAP, top);
  }
  context.font = FONT;
  context.fillStyle = palette.muted;
  context.save();
  context.translate(8, inner.top + inner.tall / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(lanes ? "digit" : names[1], 0, 0);
  context.restore();
}

/** A tick in the room beside the map: -2.5, 250k. */
export function tickText(value) {
  const size = Math.abs(value);
  const text = size >= 1e9 ? size.toExponential(1).replace(".0e+", "e").replace("e+", "e")
    : size >= 1e4 ? countTick(size) : String(Number(size.toPrecision(3)));
  return (value < 0 ? "−" : "") + text;
}
