// The units of the code: a slider for each, around the code of a real digit.

import { drawDigit, PIXELS } from "../_shared/digits.js";
import { set, write } from "../_shared/elements.js";
import { signed } from "../_shared/text.js";
import { floats } from "./decoder.js";

export class Units {
  constructor(root) {
    this.root = root;
    this.sliders = root.querySelector(".sliders");
    this.decoded = root.querySelector(".moved");
    this.original = root.querySelector(".start");
    this.name = root.querySelector(".start-name");
    this.title = root.querySelector(".title");
    this.chosen = 0;
    this.view = this.decoder = this.images = null;
    this.count = 0; // of the digits to start from
    root.querySelector(".next").onclick = () => this.choose((this.chosen + 1) % this.count);
    root.querySelector(".back").onclick = () => this.choose(this.chosen);
  }

  /** Take a network: its axes, and some codes to start from. */
  update(view, decoder, images) {
    this.root.hidden = !decoder;
    if (!decoder) return;
    Object.assign(this, { view, decoder, images, count: view.samples.length });
    const codes = floats(view.sample_codes);
    this.codes = view.samples.map((_, i) => codes.subarray(i * view.code_size, (i + 1) * view.code_size));
    const units = view.axes.filter((axis) => axis.unit !== null);
    this.rows = units.map((axis) => this.row(axis));
    const words = units.length < view.code_size
      ? `${units.length} of ${view.code_size} units of the code, those that vary most`
      : "Each unit of the code";
    set(this.root, { "aria-label": words });
    write(this.title, words);
    this.sliders.replaceChildren(...this.rows.map(({ label }) => label));
    this.choose(Math.min(this.chosen, this.count - 1));
  }

  row(axis) {
    const label = document.createElement("label");
    const words = document.createElement("span");
    const number = document.createElement("output");
    const slider = document.createElement("input");
    words.textContent = axis.dead ? `${axis.name} · dead` : axis.name;
    label.className = axis.dead ? "unit dead" : "unit";
    set(slider, { type: "range", "aria-label": axis.dead ? `${axis.name}, dead` : axis.name, class: "value" });
    slider.oninput = () => {
      this.code[axis.unit] = Number(slider.value);
      this.draw();
    };
    words.append(number);
    label.append(words, slider);
    return { axis, label, slider, number };
  }

  choose(index) {
    this.chosen = index;
    this.code = this.codes[index].slice();
    for (const { axis, slider } of this.rows) {
      const value = this.code[axis.unit];
      const [low, high] = [Math.min(axis.low, value), Math.max(axis.high, value)];
      set(slider, { min: low, max: high, step: (high - low) / 200 || 1 });
      slider.value = value;
    }
    const label = this.view.labels[this.view.samples[index]];
    write(this.name, `a test digit: ${label}`);
    this.draw();
  }

  /** The digits' pictures arrive a moment after the codes. */
  setImages(images) {
    this.images = images;
    if (this.decoder) this.draw();
  }

  draw() {
    for (const { axis, slider, number } of this.rows) {
      write(number, signed(this.code[axis.unit]));
      const share = (slider.value - slider.min) / (slider.max - slider.min || 1);
      slider.style.setProperty("--share", share);
    }
    drawDigit(this.decoded, this.decoder.decode(this.code));
    drawDigit(this.original, this.images, this.view.samples[this.chosen] * PIXELS);
  }
}
