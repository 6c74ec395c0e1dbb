// A pad to draw on. Strokes are kept as lines, so that they stay crisp at any size and can be taken back.

import { mounted } from "../_shared/mount.js";

const FIELD = 28; // pen sizes are in pixels of a digit
const SIDE = 112; // pixels of the picture that Python gets
const MOST_POINTS = 20000;

class Pad {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.hint = root.querySelector(".hint");
    this.undo = root.querySelector(".undo");
    this.clear = root.querySelector(".clear");
    this.pen = root.querySelector(".pen");
    this.strokes = []; // { size, points: [[x, y], ...] }, all in shares of the sheet
    this.pointer = null;
    this.observer = new ResizeObserver(() => this.draw());
    this.listen();
  }

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      if (this.pointer !== null || event.button !== 0) return;
      event.preventDefault();
      this.pointer = event.pointerId;
      canvas.setPointerCapture(event.pointerId);
      this.strokes.push({ size: Number(this.pen.value) / FIELD, points: [this.place(event)] });
      this.draw();
    };
    canvas.onpointermove = (event) => {
      if (event.pointerId !== this.pointer) return;
      const { points } = this.strokes.at(-1);
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) {
        if (points.length < MOST_POINTS) points.push(this.place(each));
      }
      this.draw();
    };
    canvas.onpointerup = canvas.onpointercancel = (event) => {
      if (event.pointerId !== this.pointer) return;
      this.pointer = null;
      this.changed();
    };
    this.undo.onclick = () => {
      this.strokes.pop();
      this.changed();
    };
    this.clear.onclick = () => {
      this.strokes = [];
      this.changed();
    };
  }

  update({ label, hint }, send) {
    this.label = label;
    this.hint.textContent = hint;
    this.send = send;
    this.observer.observe(this.root);
    this.draw();
  }

  /** Where on the sheet a pointer is: shares of its width and height. */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  changed() {
    this.draw();
    this.send(this.strokes.length ? this.picture() : null);
  }

  draw() {
    const { canvas } = this;
    const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
    if (canvas.width !== side) canvas.width = canvas.height = side;
    this.paint(canvas.getContext("2d"), side);
    const count = this.strokes.length;
    this.hint.hidden = count > 0;
    this.root.dataset.strokes = count;
    canvas.setAttribute("aria-label", `${this.label}: ${count === 1 ? "1 stroke" : `${count} strokes`}`);
    const focused = this.root.getRootNode().activeElement;
    this.undo.disabled = this.clear.disabled = count === 0;
    if (count === 0 && (focused === this.undo || focused === this.clear)) this.pen.focus();
  }

  /** All strokes, white on black, on a square of `side` pixels. */
  paint(context, side) {
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    context.strokeStyle = context.fillStyle = "#fff";
    context.lineCap = context.lineJoin = "round";
    for (const { size, points } of this.strokes) {
      context.lineWidth = size * side;
      context.beginPath();
      points.forEach(([x, y], index) => {
        if (index) context.lineTo(x * side, y * side);
        else context.moveTo(x * side, y * side);
      });
      // a dot is a line without length, which is drawn only when it is closed
      if (points.length === 1) context.lineTo(points[0][0] * side + 0.01, points[0][1] * side);
      context.stroke();
    }
  }

  /** The greys of the picture, row by row, as base64. */
  picture() {
    const small = new OffscreenCanvas(SIDE, SIDE);
    const context = small.getContext("2d", { willReadFrequently: true });
    this.paint(context, SIDE);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    let text = "";
    for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i]);
    return btoa(text);
  }

  sleep() {
    this.observer.disconnect();
  }
}

export default mounted(
  ".pad",
  (root) => new Pad(root),
  (pad, data, { setStateValue }) => pad.update(data, (drawing) => setStateValue("drawing", drawing)),
);
