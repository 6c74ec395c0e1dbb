import assert from "node:assert/strict";
import { test } from "node:test";

import { countTick, linearTicks, logTicks, lossTick, scale } from "../../../../ae_core/ui/components/_shared/scales.js";
import { tickText } from "../../../../ae_core/ui/components/latent_map/axes.js";

test("a scale maps its ends to its ends, and back", () => {
  for (const logarithmic of [false, true]) {
    const map = scale(0.01, 100, 300, 20, logarithmic);
    assert.ok(Math.abs(map(0.01) - 300) < 1e-9 && Math.abs(map(100) - 20) < 1e-9);
    assert.ok(Math.abs(map.invert(map(3)) - 3) < 1e-9);
  }
  assert.equal(Math.round(scale(0.01, 100, 300, 20, true)(1)), 160);
});

test("a scale of one value alone does not divide by zero", () => {
  assert.equal(scale(5, 5, 0, 10)(5), 0);
});

test("ticks are round, inside the range, and about as many as wanted", () => {
  assert.deepEqual(linearTicks(0, 60_000, 6), [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  assert.deepEqual(linearTicks(-0.3, 0.3, 3).map((tick) => Number(tick.toFixed(9))), [-0.2, 0, 0.2]);
  assert.ok(!linearTicks(-1, 1, 4).some((tick) => Object.is(tick, -0)));
  assert.deepEqual(linearTicks(3, 3, 5), [3]);
});

test("ticks of a log scale are fewer over more decades", () => {
  assert.deepEqual(logTicks(0.05, 1).map(lossTick), ["0.05", "0.1", "0.2", "0.5", "1"]);
  assert.deepEqual(logTicks(1e-5, 1).map(lossTick), ["1e-5", "0.0001", "0.001", "0.01", "0.1", "1"]);
  assert.deepEqual(logTicks(0.08, 0.1), linearTicks(0.08, 0.1, 4));
});

test("large ticks are short", () => {
  assert.deepEqual([500, 20_000, 1_500_000].map(countTick), ["500", "20k", "1.5M"]);
  assert.deepEqual([-0.25, 250_000, -2.5e12].map(tickText), ["−0.25", "250k", "−2.5e12"]);
});
