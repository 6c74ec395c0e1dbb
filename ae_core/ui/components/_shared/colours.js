// Colours for the pixels. CSS names them (see theme.css), so that they follow the theme.

/** A table of 255 colours, for -127..127: `low` over `ground` to `high`; as the 32-bit words of image data. */
function diverging(low, ground, high) {
  const table = new Uint8ClampedArray(255 * 4);
  for (let value = -127; value <= 127; value++) {
    const end = value < 0 ? low : high;
    const share = (Math.abs(value) / 127) ** 0.7; // small values stay visible
    for (let channel = 0; channel < 3; channel++) {
      table[(value + 127) * 4 + channel] = ground[channel] + (end[channel] - ground[channel]) * share;
    }
    table[(value + 127) * 4 + 3] = 255;
  }
  return new Uint32Array(table.buffer);
}

/** @type {OffscreenCanvasRenderingContext2D | undefined} */
let reader; // of colours: one pixel

/**
 * Any CSS colour as [r, g, b], 0..255: the browser itself does the reading.
 *
 * @param {string} colour
 * @returns {number[]}
 */
export function rgb(colour) {
  const context = reader ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#000";
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** The theme's colours, and whether its ground is dark; marks the root so that the CSS can follow. */
export function readColours(root) {
  const style = getComputedStyle(root);
  const named = (name) => style.getPropertyValue(name).trim();
  const [red, green, blue] = rgb(named("--st-background-color") || "#fff");
  const dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
  root.dataset.theme = dark ? "dark" : "light";
  const mixed = (name) => rgb(named(name)); // read again: the mark above chose the set
  return {
    error: diverging(mixed("--missing"), mixed("--error-ground"), mixed("--extra")),
    code: diverging(mixed("--negative"), mixed("--code-ground"), mixed("--positive")),
    input: named("--input"),
    output: named("--output"),
  };
}
