import assert from "node:assert/strict";
import { test } from "node:test";

import { mounted } from "../../../../ae_core/ui/components/_shared/mount.js";

/** A component that notes what happens to it. */
function noting() {
  const notes = [];
  const component = mounted(
    ".clock",
    (root) => ({ root, sleep: () => notes.push(`${root} sleeps`) }),
    ({ root }, data, { setTriggerValue }) => notes.push(`${root} shows ${data} to ${setTriggerValue}`),
  );
  return { notes, component };
}

/** A place on the page, which holds this element. */
const place = (element) => ({ querySelector: (selector) => (selector === ".clock" ? element : null) });

test("a place is drawn once and updated at each call", () => {
  const { notes, component } = noting();
  const parentElement = place("clock");
  component({ data: 1, parentElement, setTriggerValue: "ann" });
  component({ data: 2, parentElement, setTriggerValue: "ben" });
  assert.deepEqual(notes, ["clock shows 1 to ann", "clock shows 2 to ben"]);
});

test("only the cleanup of the newest call puts it to sleep", () => {
  const { notes, component } = noting();
  const parentElement = place("clock");
  const [first, second] = [1, 2].map((data) => component({ data, parentElement }));
  notes.length = 0;
  first();
  assert.deepEqual(notes, []);
  second();
  assert.deepEqual(notes, ["clock sleeps"]);
});

test("another element in the same place takes over from the one before", () => {
  const { notes, component } = noting();
  const parentElement = { querySelector: () => parentElement.element, element: "clock" };
  component({ data: 1, parentElement });
  parentElement.element = "new clock";
  component({ data: 2, parentElement });
  assert.deepEqual(notes.slice(1), ["clock sleeps", "new clock shows 2 to undefined"]);
});

test("without data or without its element nothing is drawn", () => {
  const { notes, component } = noting();
  component({ data: null, parentElement: place("clock") });
  component({ data: 1, parentElement: place(null) });
  assert.deepEqual(notes, []);
});
