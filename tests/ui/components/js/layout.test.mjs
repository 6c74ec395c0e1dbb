import assert from "node:assert/strict";
import { test } from "node:test";

import { codeGrid, halfAt, machineLayout } from "../../../../ae_core/ui/components/training_player/machine_layout.js";
import { hasPlace, plotOf, strokesOf } from "../../../../ae_core/ui/components/training_player/plot.js";

test("the cells of a code are near a square and hold every unit", () => {
  assert.deepEqual([3, 16, 30, 32].map(codeGrid), [
    { rows: 3, columns: 1 }, { rows: 4, columns: 4 }, { rows: 6, columns: 5 }, { rows: 6, columns: 6 },
  ]);
  for (let size = 1; size <= 784; size++) {
    const { rows, columns } = codeGrid(size);
    assert.ok(rows * columns >= size && rows * columns < size + columns);
  }
});

test("the machine lies inside its stage, from left to right, on a screen and on a telephone", () => {
  for (const [width, height] of [[760, 230], [350, 150]]) {
    const { layers, code } = machineLayout([784, 128, 32, 128, 784], 2, width, height);
    assert.equal(code.size, 32);
    assert.ok(layers[0].x >= 0 && layers[4].x + layers[4].wide <= width);
    layers.slice(1).forEach((layer, i) => assert.ok(layer.x > layers[i].x + layers[i].wide));
    assert.ok(layers[1].half > code.half && layers[0].half > layers[1].half);
  }
});

test("the funnel is as high as the layers at its ends", () => {
  const { layers } = machineLayout([784, 32, 784], 1, 700, 230);
  assert.equal(halfAt(layers, layers[0].x + layers[0].wide), layers[0].half);
  assert.equal(halfAt(layers, layers[1].x), layers[1].half);
});

const VIEW = {
  status: "finished", total_images: 1000, final_images: 400, final_test: 0.2,
  columns: { images: [0, 100, 200, 400], train: [0.7, 0.4, NaN, 0.2], test: [0.7, 0.4, 0.3, 0.2] },
  references: [{ value: 0.26 }],
};

test("the plot of a finished run ends with it, that of a live one at its last image", () => {
  assert.equal(plotOf(VIEW, null, true, 500, 250).x.high, 400);
  assert.equal(plotOf({ ...VIEW, status: "running" }, null, true, 500, 250).x.high, 1000);
  assert.equal(plotOf(VIEW, [100, 200], true, 500, 250).x.low, 100);
});

test("the scale of losses holds the curve and the references", () => {
  for (const logarithmic of [false, true]) {
    const { y } = plotOf(VIEW, null, logarithmic, 500, 250);
    assert.ok(y.low <= 0.2 && y.high >= 0.7);
    assert.equal(y.low <= 0, !logarithmic);
  }
});

test("a run that diverges does not press the rest of the curve flat", () => {
  const columns = { ...VIEW.columns, test: [0.7, 0.4, 0.3, 1e6] };
  assert.ok(plotOf({ ...VIEW, columns }, null, true, 500, 250).y.high < 100);
});

test("the curve breaks where a value has no place", () => {
  const plot = plotOf(VIEW, null, true, 500, 250);
  assert.deepEqual(strokesOf(VIEW.columns.train, plot).map((stroke) => stroke.length), [2, 1]);
  assert.deepEqual([0, 0.1, NaN].map((value) => hasPlace(value, plot)), [false, true, false]);
  assert.ok(hasPlace(0, { logarithmic: false }));
});
