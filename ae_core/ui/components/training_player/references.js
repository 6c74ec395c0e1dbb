// What gives a loss its meaning: lines for the references, and words beside them and beside the end of the curve.

import { set, svg } from "../_shared/elements.js";
import { clamp } from "../_shared/numbers.js";
import { isLive } from "../_shared/run_status.js";
import { lossText, whole } from "../_shared/text.js";
import { ASCENT, DESCENT, placeLabels } from "./labels.js";
import { hasPlace, strokesOf } from "./plot.js";

/** Where the loss on all test images stands in a plot, as { x, y }; null where it is not shown. */
export function endOf({ view, x, y, top, bottom }) {
  const inside = x.low <= view.final_images && view.final_images <= x.high;
  if (!Number.isFinite(view.final_test) || !inside) return null;
  return { x: x(view.final_images), y: clamp(y(view.final_test), top, bottom) };
}

/** Draw the lines of a plot's references into one SVG group, and the words of all that has a name into another. */
export function drawReferences(lines, words, plot) {
  const references = plot.view.references
    .filter(({ value }) => Number.isFinite(value))
    .map((reference) => placed(reference, plot));
  const visible = references.filter(({ below }) => !below);
  lines.replaceChildren(...visible.map(({ kind, line }) => (
    svg("line", { class: `reference ${kind}`, x1: plot.left, x2: plot.right, y1: line, y2: line })
  )));
  const strokes = [
    ...[plot.view.columns.train, plot.view.columns.test].flatMap((values) => strokesOf(values, plot)),
    ...visible.map(({ line }) => [[plot.left, line], [plot.right, line]]),
  ];
  const area = { left: plot.left + 4, top: plot.top, bottom: plot.bottom };
  drawWords(words, [...endLabel(plot), ...references], strokes, area);
}

/** The label of a reference; one that is below the plot stands at its lower edge, with an arrow. */
function placed({ label, value, kind, meaning }, plot) {
  const { view, y, bottom } = plot;
  const reached = view.final_test ?? (isLive(view) ? null : view.columns.test.findLast(Number.isFinite) ?? null);
  const below = value < y.low || !hasPlace(value, plot);
  const line = below ? bottom : y(value);
  // a baseline is there to be beaten: its label is in the way only where the curve ends above it
  const over = below || (kind === "baseline" && !(reached !== null && reached > value));
  const text = `${label} ${lossText(value)}${below ? " ↓" : ""}`;
  return { kind, line, over, room: 2, end: plot.right - 6, slide: 0.15, meaning, text, below };
}

/** The label of the loss on all test images, if it is shown. */
function endLabel(plot) {
  const { view, y, logarithmic } = plot;
  const at = endOf(plot);
  if (!at) return [];
  const arrow = view.final_test > y.high ? " ↑" : view.final_test < y.low ? " ↓" : "";
  const text = `${lossText(view.final_test)} on all ${whole(view.tests)} test ${view.thing}s${arrow}`;
  const end = Math.min(plot.right - 6, at.x - 6);
  return [{ kind: "final", line: at.y, over: !logarithmic, room: 6, end, slide: 1, to: at.x, text }];
}

/** Words at their places, with a thin line to what they name where that is some way off. */
function drawWords(group, labels, strokes, area) {
  const texts = labels.map(({ kind, text, meaning }) => {
    const words = svg("text", { class: kind, "text-anchor": "end", text });
    if (meaning) svg("title", { text: `${text}: ${meaning}` }, words);
    return words;
  });
  group.replaceChildren(...texts);
  labels.forEach((label, i) => { label.width = texts[i].getComputedTextLength(); });
  placeLabels(labels, area, strokes);
  labels.forEach(({ kind, line, x, y, away, above, to = x - 8, below }, i) => {
    if (x === undefined) return void texts[i].remove();
    set(texts[i], { x, y });
    if (!(away > 6) || below) return;
    const ends = { x1: x - 8, x2: to, y1: above ? y + DESCENT : y - ASCENT, y2: line };
    texts[i].before(svg("line", { class: `leader ${kind}`, ...ends }));
  });
}
