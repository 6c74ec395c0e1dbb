// The panel: what the decoder draws at the point, beside the nearest digit that somebody wrote.

import { drawDigit, PIXELS } from "../_shared/digits.js";
import { write } from "../_shared/elements.js";
import { withArticle } from "../_shared/text.js";

const FAR = 26; // pixels on the screen without any digit: nobody has been here

const SPEAK = 500; // ms of rest before the point is told to screen readers

export class Panel {
  /** spoken : the element whose text screen readers speak */
  constructor(root, spoken) {
    this.spoken = spoken;
    this.decoded = root.querySelector(".decoded");
    this.written = root.querySelector(".written");
    this.caption = this.written.nextElementSibling;
    this.name = root.querySelector(".in");
    this.place = root.querySelector(".place");
    this.label = root.querySelector(".label");
    this.swatch = root.querySelector(".swatch");
    this.remark = root.querySelector(".remark");
  }

  clear() {
    for (const canvas of [this.decoded, this.written]) {
      drawDigit(canvas, null);
      canvas.classList.add("empty");
    }
    for (const text of [this.place, this.label, this.remark]) write(text, "");
    this.swatch.style.background = "transparent";
  }

  /** some : whether digits are hidden, so that a nearer one may lie here unseen */
  show({ pixels, images, nearest, label, distance, words, palette, some }) {
    drawDigit(this.decoded, pixels);
    drawDigit(this.written, nearest >= 0 ? images : null, nearest * PIXELS);
    this.decoded.classList.toggle("empty", !pixels);
    const missing = nearest < 0 || !images;
    this.written.classList.toggle("empty", missing);
    this.caption.style.visibility = missing && label !== null ? "hidden" : ""; // it names a picture
    write(this.place, words);
    write(this.name, some ? "nearest digit shown" : "nearest test digit");
    write(this.label, label === null ? "none" : withArticle(label));
    this.swatch.style.background = label === null ? "transparent" : palette.digits[label];
    const far = pixels && label !== null && distance > FAR;
    write(this.remark, far ? `No ${some ? "digit shown" : "test digit"} lies here: the decoder invents one.` : "");
    const told = `${words.replace("\n", ", ")}. Nearest ${some ? "digit shown" : "test digit"}: ${label ?? "none"}.`;
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => this.speak(told), SPEAK);
  }

  /** Tell screen readers of the point, where the visitor is at the map by keyboard. */
  speak(text) {
    const component = this.spoken.parentElement;
    if (component.contains(component.getRootNode().activeElement)) write(this.spoken, text);
  }

  sleep() {
    clearTimeout(this.speaking);
  }
}
