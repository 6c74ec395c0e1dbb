// Between two pins: a straight walk through the code, over a mixture of the same two pictures.

import { digitCanvas, drawDigit } from "../_shared/digits.js";
import { write } from "../_shared/elements.js";

const BETWEEN = 11;

export class Between {
  constructor(root, onClear) {
    this.root = root;
    this.hint = root.querySelector(".hint");
    this.clear = root.querySelector(".clear");
    this.strips = root.querySelector(".strips");
    this.walk = this.strip("walk");
    this.fade = this.strip("fade");
    this.clear.onclick = onClear;
  }

  strip(name) {
    const canvases = Array.from({ length: BETWEEN }, () => digitCanvas(name === "walk" ? "output" : "input"));
    this.root.querySelector(`.${name}`).replaceChildren(...canvases);
    return canvases;
  }

  /** linear : whether the decoder is, so that the walk and the mixture are the same but for clipped pixels */
  show(pins, decode, linear) {
    this.strips.hidden = pins.length < 2;
    this.clear.hidden = pins.length === 0;
    write(this.hint, [
      "Click the map, tap it or press Enter to pin a point; two pins are joined.",
      "Pin a second point to see what lies between them.",
      linear
        ? "Between A and B: this decoder is linear, so the code passes through the mixtures of two as well."
        : "Between A and B: the code passes through digits, the mixture through ghosts of two.",
    ][pins.length]);
    if (pins.length < 2) return;
    const [[x, y], [toX, toY]] = pins;
    const pictures = this.walk.map((canvas, i) => {
      const share = i / (BETWEEN - 1);
      const picture = decode(x + share * (toX - x), y + share * (toY - y));
      drawDigit(canvas, picture);
      return picture;
    });
    const [first, last] = [pictures[0], pictures.at(-1)];
    this.fade.forEach((canvas, i) => {
      const share = i / (BETWEEN - 1);
      drawDigit(canvas, first.map((value, at) => Math.round((1 - share) * value + share * last[at])));
    });
  }
}
