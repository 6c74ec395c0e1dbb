// The row: ten test digits, input over output over error. Choosing one sends it through the machine.

import { digitCanvas, DIGITS, drawDigit, drawError, imageWords, PIXELS } from "../_shared/digits.js";
import { set, write } from "../_shared/elements.js";

export class Row {
  constructor(root, onChoose) {
    this.root = root;
    this.group = root.querySelector(".digits");
    this.inputName = root.querySelector(".names .in");
    this.legend = root.querySelector(".scale canvas");
    this.onChoose = onChoose;
    this.columns = Array.from({ length: DIGITS }, (_, index) => this.column(index));
    this.group.replaceChildren(...this.columns.map((column) => column.button));
    this.group.onkeydown = (event) => this.key(event);
  }

  column(index) {
    const button = document.createElement("button");
    set(button, { type: "button", role: "radio", class: "digit", "aria-checked": "false" });
    const [input, output, error] = ["input", "output", "error"].map((name) => {
      const canvas = digitCanvas(name);
      button.append(canvas);
      return canvas;
    });
    button.onclick = () => this.onChoose(index);
    return { button, input, output, error };
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const edge = { Home: 0, End: DIGITS - 1 }[event.key];
    const index = edge ?? (step && (this.chosen + step + DIGITS) % DIGITS);
    if (index === undefined) return;
    event.preventDefault();
    this.onChoose(index);
    this.columns[index].button.focus();
  }

  setDigits(view) {
    this.view = view;
    this.root.setAttribute("aria-label", `Ten test ${view.thing}s`);
    this.group.setAttribute("aria-label", `Choose the ${view.thing} for the machine`);
    this.columns.forEach(({ button, input }, index) => {
      button.setAttribute("aria-label", `${view.names[index]}, ${view.thing} ${index + 1} of ${DIGITS}`);
      drawDigit(input, view.inputs, index * PIXELS);
    });
    write(this.inputName, view.noisy ? "noisy input" : "input");
  }

  choose(chosen) {
    this.chosen = chosen;
    this.columns.forEach(({ button }, index) => {
      button.setAttribute("aria-checked", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
    });
  }

  setColours(colours) {
    this.colours = colours;
    const words = imageWords(this.legend);
    for (let i = 0; i < words.length; i++) words[i] = colours.error[Math.round((i / (words.length - 1)) * 254)];
    this.legend.getContext("2d").putImageData(this.legend.image, 0, 0);
  }

  show(tile) {
    this.columns.forEach(({ output, error }, index) => {
      drawDigit(output, tile, index * PIXELS);
      drawError(error, tile, this.view.targets, index * PIXELS, this.colours.error);
    });
  }
}
