// A page of small digits: one is chosen, arrows walk over the grid.

import { digitCanvas, drawDigit, PIXELS } from "../_shared/digits.js";
import { set, write } from "../_shared/elements.js";
import { mounted } from "../_shared/mount.js";
import { unpack } from "../_shared/packing.js";
import { whole } from "../_shared/text.js";

class ContactSheet {
  constructor(root) {
    this.root = root;
    this.group = root.querySelector(".digits");
    this.place = root.querySelector(".place");
    this.before = root.querySelector(".before");
    this.after = root.querySelector(".after");
    this.buttons = [];
    this.group.onkeydown = (event) => this.key(event);
    this.before.onclick = () => this.emit("turned", -1);
    this.after.onclick = () => this.emit("turned", 1);
  }

  show(view, emit) {
    this.emit = emit;
    this.numbers = view.numbers;
    while (this.buttons.length < view.names.length) this.buttons.push(this.button(this.buttons.length));
    this.buttons.length = view.names.length;
    const focused = this.root.getRootNode().activeElement;
    const walking = this.buttons.includes(focused);
    if (this.group.childElementCount !== this.buttons.length) this.group.replaceChildren(...this.buttons);
    this.buttons.forEach((button, index) => {
      button.setAttribute("aria-label", view.names[index]);
      button.title = view.names[index];
      drawDigit(button.firstChild, view.images, index * PIXELS);
    });
    const chosen = view.numbers.indexOf(view.chosen);
    this.mark(chosen);
    if (walking) this.buttons[Math.max(0, chosen)].focus({ preventScroll: true });
    const last = view.first + view.names.length;
    write(this.place, `${whole(view.first + 1)}–${whole(last)} of ${whole(view.total)}`);
    this.before.disabled = view.first === 0;
    this.after.disabled = last >= view.total;
    if (focused === this.before && this.before.disabled) this.after.focus({ preventScroll: true });
    if (focused === this.after && this.after.disabled) this.before.focus({ preventScroll: true });
    this.name(view.thing);
  }

  name(thing) {
    this.group.setAttribute("aria-label", `Choose a test ${thing}`);
    this.before.setAttribute("aria-label", `Before these ${thing}s`);
    this.after.setAttribute("aria-label", `More ${thing}s`);
  }

  button(index) {
    const button = document.createElement("button");
    set(button, { type: "button", role: "radio", class: "digit" });
    button.append(digitCanvas("input"));
    button.onclick = () => this.choose(index);
    return button;
  }

  /** Mark a digit as chosen; without one the first can be reached by the Tab key. */
  mark(chosen) {
    this.chosen = chosen;
    this.buttons.forEach((button, index) => {
      button.setAttribute("aria-checked", String(index === chosen));
      button.tabIndex = index === Math.max(0, chosen) ? 0 : -1;
    });
  }

  choose(index) {
    this.mark(index); // at once: the answer takes a moment
    this.emit("chosen", this.numbers[index]);
  }

  key(event) {
    const columns = getComputedStyle(this.group).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowDown: columns, ArrowLeft: -1, ArrowUp: -columns }[event.key];
    const edge = { Home: 0, End: this.buttons.length - 1 }[event.key];
    const index = edge ?? (step && Math.max(0, this.chosen) + step);
    if (index === undefined) return;
    event.preventDefault();
    if (!this.buttons[index]) return;
    this.choose(index);
    this.buttons[index].focus();
  }

  sleep() {} // nothing here moves by itself
}

export default mounted(
  ".sheet",
  (root) => new ContactSheet(root),
  (sheet, data, { setTriggerValue }) => sheet.show(unpack(data), setTriggerValue),
);
