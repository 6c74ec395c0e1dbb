// The names of the digits on the map.

import { DIGITS } from "../_shared/digits.js";

/** Write each digit's name in the middle of its points: colour alone does not reach every eye. */
export function drawNames(context, { inner, palette, hidden, target, points: { labels, count } }) {
  context.font = "bold 20px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 5;
  for (let digit = 0; digit < DIGITS; digit++) {
    if (hidden.has(digit)) continue;
    const places = [[], []];
    for (let i = 0; i < count; i++) {
      if (labels[i] === digit) places.forEach((list, axis) => list.push(target[2 * i + axis]));
    }
    if (!places[0].length) continue;
    const [across, down] = places.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
    const [left, top] = [inner.left + across * inner.wide, inner.top + down * inner.tall];
    context.strokeStyle = palette.ground;
    context.strokeText(String(digit), left, top);
    context.fillStyle = palette.digits[digit];
    context.fillText(String(digit), left, top);
  }
}
