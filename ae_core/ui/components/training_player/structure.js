// The structure of the network: encoder and decoder as funnels, their layers as bars, and what all of it is called.

import { PIXELS } from "../_shared/digits.js";
import { set, svg } from "../_shared/elements.js";
import { whole } from "../_shared/text.js";
import { BAR } from "./machine_layout.js";

/** Draw the structure of a machine into an SVG of this width and height. */
export function drawStructure(root, layout, width, height) {
  const { layers, code, middle } = layout;
  root.replaceChildren();
  set(root, { viewBox: `0 0 ${width} ${height}`, width, height });
  for (let i = 0; i + 1 < layers.length; i++) {
    const [from, to] = [layers[i], layers[i + 1]];
    const [left, right] = [from.x + from.wide, to.x];
    const corners = [[left, -from.half], [right, -to.half], [right, to.half], [left, from.half]];
    svg("polygon", {
      class: i < code.index ? "funnel in" : "funnel out",
      points: corners.map(([x, y]) => `${x},${middle + y}`).join(" "),
    }, root);
  }
  const reach = layers[0].half;
  const axis = { class: "mirror", x1: code.centre, x2: code.centre };
  const above = [middle - reach - 4, middle - code.half - 5];
  const below = [middle + code.half + 24, middle + reach + 18];
  for (const [y1, y2] of [above, below]) {
    if (y2 - y1 >= 6) svg("line", { ...axis, y1, y2 }, root);
  }
  for (const layer of layers) {
    if (layer.isPicture || layer.isCode) continue;
    svg("rect", {
      class: layer.index < code.index ? "bar in" : "bar out",
      x: layer.x, y: middle - layer.half, width: layer.wide, height: layer.half * 2, rx: 2,
    }, root);
  }
  drawWords(root, layout, height);
}

function drawWords(root, { layers, code, middle, gap }, height) {
  const [first, last] = [layers[0], layers.at(-1)];
  const above = middle - first.half - 11;
  const word = (text, x, y, name) => svg("text", { class: name, x, y, text }, root);
  word("input", first.centre, above, "word in");
  word("output", last.centre, above, "word out");
  word("code", code.centre, above, "word");
  // narrow slots: every other size goes above its bar
  const stagger = gap + BAR < 30 && layers.length > 5;
  // encoder and decoder are named only where they have room beside "code"
  const room = code.centre - (first.x + first.wide);
  if (room > 92 && !stagger) {
    const side = (first.x + first.wide + code.centre - 18) / 2;
    word("encoder", side, above, "word quiet");
    word("decoder", 2 * code.centre - side, above, "word quiet");
  }
  const narrowest = Math.min(...layers.map(({ size }) => size));
  const codeIsNarrowest = code.size === narrowest;
  for (const layer of layers) {
    const steps = Math.abs(layer.index - code.index);
    const up = stagger && !layer.isCode && !layer.isPicture && steps % 2 === 1;
    const tight = codeIsNarrowest ? layer.isCode : layer.size === narrowest;
    const y = up ? middle - layer.half - 5 : middle + layer.half + 15;
    word(whole(layer.size), layer.centre, y, tight ? "size tight" : "size");
    if (tight && !layer.isCode && !layer.isPicture) {
      svg("rect", { class: "ring", x: layer.x - 3, y: middle - layer.half - 3, width: layer.wide + 6,
                    height: layer.half * 2 + 6, rx: 4 }, root);
    }
  }
  if (narrowest < PIXELS) {
    const text = codeIsNarrowest ? "bottleneck" : `bottleneck: the layers of ${narrowest}`;
    word(text, code.centre, Math.min(height - 4, middle + first.half + 32), "size tight-word");
  }
}
