// The pulses that run through the machine while it learns or is replayed.

import { halfAt } from "./machine_layout.js";

const PULSES = Array.from({ length: 36 }, (_, i) => ({
  phase: (i + 0.5) / 36,
  lane: ((i * 0.618034) % 1) * 1.7 - 0.85, // golden ratio: spread without a pattern
  speed: 0.8 + ((i * 0.414214) % 1) * 0.4,
}));

/**
 * Draw the pulses of a machine at a time in seconds.
 *
 * ratio : pixels of the canvas in a px of the layout
 */
export function drawPulses(canvas, { layers, code, middle }, colours, ratio, time) {
  const context = canvas.getContext("2d");
  const start = layers[0].x + layers[0].wide;
  const end = layers.at(-1).x;
  context.save();
  context.scale(ratio, ratio);
  for (const { phase, lane, speed } of PULSES) {
    const share = (phase + time * 0.45 * speed) % 1;
    const x = start + share * (end - start);
    if (x > code.x - 2 && x < code.x + code.wide + 2) continue; // the code's cells show what is inside
    const y = middle + lane * halfAt(layers, x);
    context.globalAlpha = 0.9 * Math.min(1, share * 12, (1 - share) * 12);
    context.fillStyle = x < code.centre ? colours.input : colours.output;
    context.beginPath();
    context.arc(x, y, 2, 0, Math.PI * 2);
    context.fill();
  }
  context.restore();
}
