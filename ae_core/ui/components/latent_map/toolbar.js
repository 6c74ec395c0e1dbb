// The line above the map: which digits it shows, which numbers of the code, and what else.

import { DIGITS } from "../_shared/digits.js";
import { set, write } from "../_shared/elements.js";

export class Toolbar {
  /**
   * actions : what is called when the visitor changes something: `classes()`, `axes()`, `behind()`, `trail()`, `save()`
   */
  constructor(root, actions) {
    const part = (name) => root.querySelector(`.${name}`);
    this.hidden = new Set(); // digits that are switched off
    this.actions = actions;
    this.kindLabel = part("shown");
    this.pairs = root.querySelectorAll(".pair");
    this.kind = part("kind");
    this.axisMenus = [part("first-axis"), part("second-axis")];
    for (const menu of [this.kind, ...this.axisMenus]) menu.onchange = () => actions.axes();
    this.behind = part("behind");
    this.behind.onchange = () => actions.behind();
    this.trail = part("trail");
    this.trail.onchange = () => actions.trail();
    part("save").onclick = () => actions.save();
    this.buttons = Array.from({ length: DIGITS }, (_, digit) => {
      const button = document.createElement("button");
      set(button, { type: "button", "aria-pressed": "true", "aria-label": `digit ${digit}`, text: digit });
      button.onclick = () => this.toggle(digit);
      return button;
    });
    this.all = document.createElement("button");
    set(this.all, { type: "button", class: "all", text: "none" });
    this.all.onclick = () => this.toggleAll();
    part("classes").replaceChildren(...this.buttons, this.all);
  }

  setColours(colours) {
    this.buttons.forEach((button, digit) => button.style.setProperty("--digit", colours[digit]));
  }

  /** Take a view: a small code is shown as it is; of a larger one the visitor chooses two numbers. */
  update({ axes, code_size: size }) {
    this.size = size;
    this.kindLabel.hidden = size <= 2;
    const units = (axes ?? []).map((axis, index) => ({ ...axis, index })).filter(({ unit }) => unit !== null);
    const names = units.map(({ name }) => name).join();
    if (names === this.names) return;
    this.names = names;
    this.axisMenus.forEach((menu, place) => {
      const chosen = menu.selectedOptions[0]?.dataset.unit;
      menu.replaceChildren(...units.map(({ name, index, unit, dead }) => {
        const option = document.createElement("option");
        set(option, { value: index, "data-unit": unit, text: dead ? `${name} (dead)` : name });
        return option;
      }));
      const kept = units.findIndex(({ unit }) => `${unit}` === chosen);
      menu.selectedIndex = kept >= 0 ? kept : Math.min(place, units.length - 1);
    });
  }

  /** Another run: its menus are made anew, even where its units have the same names. */
  reset() {
    this.names = null;
  }

  /** Show the menus of units where they are of use. */
  showMenus() {
    for (const pair of this.pairs) pair.hidden = this.size <= 2 || this.kind.value !== "units";
  }

  /** The two axes of the map, as places among those of the view; the second is null for a code of one number. */
  get axes() {
    if (this.size === 1) return [0, null];
    if (this.size === 2 || this.kind.value === "components") return [0, 1];
    return this.axisMenus.map((menu) => Number(menu.value));
  }

  /** The units that the visitor has chosen, of a view's axes. */
  chosenUnits(axes) {
    if (!axes || this.kind.value !== "units") return [];
    return this.axisMenus.map((menu) => axes[Number(menu.value)]?.unit).filter(Number.isInteger);
  }

  toggle(digit) {
    if (!this.hidden.delete(digit)) this.hidden.add(digit);
    this.showClasses();
  }

  toggleAll() {
    if (this.hidden.size) this.hidden.clear();
    else for (let digit = 0; digit < DIGITS; digit++) this.hidden.add(digit);
    this.showClasses();
  }

  showClasses() {
    this.buttons.forEach((button, digit) => button.setAttribute("aria-pressed", String(!this.hidden.has(digit))));
    write(this.all, this.hidden.size ? "all" : "none");
    this.actions.classes();
  }
}
