// The panel: what the decoder draws at the point, beside the nearest digit that somebody wrote.

const FAR = 26; // pixels on the screen without any digit: nobody has been here

class Panel {
  constructor(root) {
    this.decoded = root.querySelector(".decoded");
    this.written = root.querySelector(".written");
    this.place = root.querySelector(".place");
    this.label = root.querySelector(".label");
    this.swatch = root.querySelector(".swatch");
    this.remark = root.querySelector(".remark");
  }

  show({ pixels, images, nearest, label, distance, words, palette }) {
    drawDigit(this.decoded, pixels);
    drawDigit(this.written, nearest >= 0 ? images : null, nearest * PIXELS);
    this.decoded.classList.toggle("empty", !pixels);
    this.written.classList.toggle("empty", nearest < 0 || !images);
    write(this.place, words);
    write(this.label, label === null ? "none" : `a ${label}`);
    this.swatch.style.background = label === null ? "transparent" : palette.digits[label];
    const far = pixels && label !== null && distance > FAR;
    write(this.remark, far ? "No test digit lies here: the decoder invents one." : "");
  }
}
