// The grid of the curve: rules, ticks, and what the axes mean.

import { svg } from "../_shared/elements.js";
import { countTick, linearTicks, logTicks, lossTick } from "../_shared/scales.js";

/** The SVG elements of a plot's grid. */
export function gridOf({ view, logarithmic, x, y, left, right, bottom, height }) {
  const parts = [];
  const add = (name, attributes) => parts.push(svg(name, attributes));
  let taken = Infinity;
  for (const tick of logarithmic ? logTicks(y.low, y.high) : linearTicks(y.low, y.high, 5)) {
    const at = y(tick);
    if (taken - at < 17) continue;
    taken = at;
    add("line", { class: "rule", x1: left, x2: right, y1: at, y2: at });
    add("text", { class: "tick", x: left - 6, y: at + 4, "text-anchor": "end", text: lossTick(tick) });
  }
  add("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom });
  for (const tick of linearTicks(x.low, x.high, Math.max(2, Math.floor((right - left) / 75)))) {
    const at = x(tick);
    const anchor = at > right - 14 ? "end" : "middle";
    add("line", { class: "axis", x1: at, x2: at, y1: bottom, y2: bottom + 4 });
    add("text", { class: "tick", x: anchor === "end" ? right + 4 : at, y: bottom + 17, "text-anchor": anchor,
                  text: countTick(tick) });
  }
  const epochs = view.epochs === 1 ? "1 epoch" : `${view.epochs} epochs`;
  const unit = view.loss_name === "BCE" ? "BCE, nats a pixel" : "MSE a pixel";
  add("text", { class: "unit", x: 2, y: 11, text: `loss (${unit}${logarithmic ? ", log scale" : ""})` });
  add("text", { class: "unit", x: (left + right) / 2, y: height - 4, "text-anchor": "middle",
                text: `images seen (${epochs} = ${countTick(view.total_images)})` });
  return parts;
}
