// The machine: input, encoder, code, decoder, output; and the digit that flows through it.

import { drawDigit, PIXELS } from "../_shared/digits.js";
import { write } from "../_shared/elements.js";
import { whole } from "../_shared/text.js";
import { CodeCells } from "./code_cells.js";
import { machineLayout } from "./machine_layout.js";
import { drawPulses } from "./pulses.js";
import { drawStructure } from "./structure.js";

export class Machine {
  constructor(root, onAnother) {
    const part = (name) => root.querySelector(`.${name}`);
    this.title = part("title");
    this.stage = part("stage");
    this.structure = part("structure");
    this.pulses = part("pulses");
    this.input = part("input");
    this.output = part("output");
    this.code = new CodeCells(part("code"), part("tip"));
    this.sizes = [];
    this.codeIndex = 0;
    this.placed = null; // the layout, as soon as there is a width
    part("another").onclick = onAnother;
  }

  setNetwork(sizes, codeIndex) {
    if (String(sizes) === String(this.sizes) && codeIndex === this.codeIndex) return;
    this.sizes = sizes;
    this.codeIndex = codeIndex;
    this.code.leave();
    const narrowest = Math.min(...sizes);
    write(this.title, narrowest < PIXELS
      ? `784 pixels through ${whole(narrowest)} ${narrowest === 1 ? "number" : "numbers"}`
      : "784 pixels through 784 numbers: no bottleneck");
    this.layout();
  }

  /** Place everything for the present width; called on resize and for another network. */
  layout() {
    const width = this.stage.clientWidth;
    const height = this.stage.clientHeight;
    if (!width || !height || !this.sizes.length) return;
    this.placed = machineLayout(this.sizes, this.codeIndex, width, height);
    this.ratio = window.devicePixelRatio || 1;
    this.place(this.input, this.placed.layers[0]);
    this.place(this.output, this.placed.layers.at(-1));
    this.place(this.code.canvas, this.placed.code);
    this.pulses.width = Math.round(width * this.ratio);
    this.pulses.height = Math.round(height * this.ratio);
    drawStructure(this.structure, this.placed, width, height);
    this.code.place(this.placed, this.ratio);
  }

  place(canvas, { x, wide, half }) {
    canvas.style.left = `${x}px`;
    canvas.style.top = `${Math.round(this.placed.middle - half)}px`;
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${half * 2}px`;
  }

  /** Show one digit in one frame. `code` holds int8, `scale` what 127 stands for. */
  show({ inputs, tile, code, scale, digit }) {
    const size = this.sizes[this.codeIndex];
    drawDigit(this.input, inputs, digit * PIXELS);
    drawDigit(this.output, tile, digit * PIXELS);
    this.code.show(code?.subarray(digit * size, (digit + 1) * size) ?? null, scale);
  }

  setColours(colours) {
    this.colours = colours;
    this.code.setColours(colours);
  }

  /** Move the pulses to this time; null takes them away. */
  pulse(time) {
    this.pulses.getContext("2d").clearRect(0, 0, this.pulses.width, this.pulses.height);
    if (time !== null && this.placed && this.colours) {
      drawPulses(this.pulses, this.placed, this.colours, this.ratio, time);
    }
  }

  /** Say in words what is seen; called at a low rate. */
  describe(digit, images, noisy) {
    this.input.setAttribute("aria-label", `Input: ${digit}${noisy ? ", with noise" : ""}`);
    const when = images === null ? "No output yet" : `Output after ${whole(images)} images`;
    this.output.setAttribute("aria-label", `${when}, for the input: ${digit}`);
    this.code.describe(digit, this.sizes[this.codeIndex]);
  }
}
