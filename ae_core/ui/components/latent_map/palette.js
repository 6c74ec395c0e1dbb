// What the map needs of the theme beyond the player's colours.

import { readColours, rgb } from "../_shared/colours.js";
import { DIGITS } from "../_shared/digits.js";
import { wordOf } from "./dots.js";

/** The theme's colours, ten of them for the digits; marks the root so that the CSS can follow. */
export function readPalette(root) {
  const shared = readColours(root);
  const style = getComputedStyle(root);
  const named = (name) => style.getPropertyValue(name).trim();
  const listed = named("--st-chart-categorical-colors").split(",").map((colour) => colour.trim());
  const ground = named("--st-background-color") || "#ffffff";
  const text = named("--st-text-color") || "#000000";
  const digits = Array.from({ length: DIGITS }, (_, digit) => listed[digit % listed.length]);
  return {
    ...shared,
    ground,
    text,
    ink: rgb(text),
    paper: rgb(ground),
    muted: `rgb(${mix(rgb(text), rgb(ground), 0.28)})`,
    faint: `rgb(${mix(rgb(text), rgb(ground), 0.88)})`,
    digits,
    dots: digits.map((colour) => wordOf(rgb(colour))),
  };
}

const mix = (from, to, share) => from.map((value, i) => Math.round(value + (to[i] - value) * share));
