import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { clamp, nearest } from "../../../../ae_core/ui/components/_shared/numbers.js";
import { inflated, unpack } from "../../../../ae_core/ui/components/_shared/packing.js";
import {
  lossText, rateText, remainingText, secondsText, withArticle,
} from "../../../../ae_core/ui/components/_shared/text.js";
import { packed } from "./packed.mjs";

test("a message is unpacked to its fields, with the bytes of each blob", () => {
  const message = packed({ name: "größer", tiles: Uint8Array.of(1, 2, 3), rate: null, codes: Uint8Array.of(255) });
  const fields = unpack(message);
  assert.equal(fields.name, "größer");
  assert.equal(fields.rate, null);
  assert.deepEqual([...fields.tiles], [1, 2, 3]);
  assert.deepEqual([...fields.codes], [255]);
});

test("a message may stand anywhere in its buffer", () => {
  const message = packed({ tiles: Uint8Array.of(7, 8) });
  const shifted = Buffer.concat([Buffer.alloc(3), message]).subarray(3);
  assert.deepEqual([...unpack(shifted).tiles], [7, 8]);
});

test("what zlib compressed is inflated", async () => {
  assert.deepEqual([...await inflated(deflateSync(Uint8Array.of(9, 9, 1)))], [9, 9, 1]);
});

test("a value is kept between its bounds", () => {
  assert.deepEqual([-1, 0.5, 3].map((value) => clamp(value, 0, 2)), [0, 0.5, 2]);
});

test("the nearest of sorted values is found, and none among none", () => {
  const values = [0, 10, 20, 40];
  assert.deepEqual([-5, 4, 6, 29, 31, 99].map((x) => nearest(values, x)), [0, 0, 1, 2, 3, 3]);
  assert.equal(nearest([5], 100), 0);
  assert.equal(nearest([], 1), -1);
});

test("a loss has four decimals, and three digits where that shows more", () => {
  const losses = [0.08731, 0.00123456, 0, 12.345, 1234.5, 2.5e7, NaN, null];
  assert.deepEqual(losses.map(lossText), ["0.0873", "0.00123", "0", "12.3", "1,235", "2.50e+7", "–", "–"]);
});

test("a time is told as exactly as it matters", () => {
  assert.deepEqual([0.456, 45.6, 150].map(secondsText), ["0.46 s", "46 s", "2 min 30 s"]);
  assert.deepEqual([0.456, 45.6].map(remainingText), ["0.5 s", "46 s"]);
});

test("a speed is told in two or three digits", () => {
  assert.deepEqual([123.4, 149_876].map(rateText), ["123", "150,000"]);
});

test("only the eight takes the other article", () => {
  assert.deepEqual([7, 8].map(withArticle), ["a 7", "an 8"]);
});
