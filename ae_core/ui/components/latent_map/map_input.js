// Pointer and keyboard on the map: they move the point, and pin it.

import { clamp } from "../_shared/numbers.js";

const STEP = 1 / 60; // of the map: how far an arrow key moves the point; five times as far with Shift
const CLICK = 6; // px that a pointer may move between press and release

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Let the visitor move the point of a map, an element that shows a field: `point()` is where it is. */
export function listen(map, field, { point, move, pin, unpin }) {
  let pressed = null; // where the pointer went down

  /** Move the point to a place on the screen, inside the map. */
  const moveTo = (x, y) => {
    const { left, top, wide, tall } = field.inner;
    move(field.toPoint(clamp(x, left, left + wide), clamp(y, top, top + tall)));
  };

  const follow = (event) => {
    if (!field.points) return;
    const area = map.getBoundingClientRect();
    moveTo(event.clientX - area.left, event.clientY - area.top);
  };

  map.onpointermove = follow;
  map.onpointerdown = (event) => {
    map.setPointerCapture?.(event.pointerId);
    pressed = [event.clientX, event.clientY];
    follow(event);
  };
  map.onpointerup = (event) => {
    const [x, y] = pressed ?? [Infinity, Infinity];
    pressed = null;
    if (Math.hypot(event.clientX - x, event.clientY - y) < CLICK) pin();
  };
  map.onkeydown = (event) => {
    if (!field.points || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const [x, y] = field.toScreen(...point());
      const step = STEP * (event.shiftKey ? 5 : 1);
      moveTo(x + arrow[0] * step * field.inner.wide, y + arrow[1] * step * field.inner.tall);
    } else if (event.key === "Enter" || event.key === " ") pin();
    else if (event.key === "Escape") unpin();
    else return;
    event.preventDefault();
    event.stopPropagation(); // single letters and arrows may be shortcuts of the app
  };
}
