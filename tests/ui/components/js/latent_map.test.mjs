import assert from "node:assert/strict";
import { test } from "node:test";

import { Decoder } from "../../../../ae_core/ui/components/latent_map/decoder.js";
import { Frame, recordedFrames } from "../../../../ae_core/ui/components/latent_map/frame.js";
import { boundsOf, Plane } from "../../../../ae_core/ui/components/latent_map/plane.js";

const bytes = (numbers) => new Uint8Array(Float32Array.from(numbers).buffer);
const words = (numbers) => new Uint8Array(Int16Array.from(numbers).buffer);

/** A decoder of one number: hidden units 2z + 1 and -z, and 784 pixels that are the sum of both. */
function decoder(activation, output) {
  const pixels = Array.from({ length: 784 }, () => [1, 1]).flat();
  const weights = bytes([2, -1, 1, 0, ...pixels, ...Array(784).fill(0)]);
  return new Decoder({ weights, layers: [[2, 1], [784, 2]], activation, output });
}

test("a decoder multiplies, adds, bends and clips as the network does", () => {
  assert.equal(decoder("relu", "linear").decode([-0.25])[0], Math.round((0.5 + 0.25) * 255));
  assert.equal(decoder("relu", "linear").decode([5])[783], 255);
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const expected = sigmoid(Math.tanh(2 * 0.3 + 1) + Math.tanh(-0.3)) * 255;
  assert.equal(decoder("tanh", "sigmoid").decode([0.3])[5], Math.round(expected));
});

test("only a decoder of one layer without a sigmoid is linear", () => {
  const single = { weights: bytes([...Array(784).fill(1), ...Array(784).fill(0)]), layers: [[784, 1]] };
  assert.ok(new Decoder({ ...single, activation: "relu", output: "linear" }).linear);
  assert.ok(!new Decoder({ ...single, activation: "relu", output: "sigmoid" }).linear);
  assert.ok(!decoder("relu", "linear").linear);
});

test("weights may begin at any byte of the message", () => {
  const weights = bytes([...Array(784).fill(0.5), ...Array(784).fill(0)]);
  const shifted = new Uint8Array([0, ...weights]).subarray(1);
  assert.equal(new Decoder({ weights: shifted, layers: [[784, 1]], output: "linear" }).decode([1])[0], 128);
});

test("a point of the map is the mean code, moved along components", () => {
  const view = {
    code_size: 3, mean: bytes([1, 2, 3]), components: bytes([1, 0, 0, 0, 0.5, 0.5]),
    axes: [{ unit: null }, { unit: null }],
  };
  assert.deepEqual([...new Plane(view, 0, 1).code(10, 2)], [11, 3, 4]);
});

test("a point of the map is the value of two units, the others at their mean", () => {
  const view = { code_size: 3, mean: bytes([1, 2, 3]), components: bytes([]), axes: [{ unit: 2 }, { unit: 0 }] };
  assert.deepEqual([...new Plane(view, 0, 1).code(10, -2)], [-2, 2, 10]);
});

test("the bounds of the map leave outliers out", () => {
  const values = [...Array.from({ length: 1000 }, (_, i) => i), 1e9, -1e9];
  const [low, high] = boundsOf(Float32Array.from(values));
  assert.ok(low > -100 && low < 20 && high > 980 && high < 1100);
});

test("a frame gives the values of its axes, and knows no others", () => {
  const frame = new Frame(words([1, 10, 2, 20, 3, 30]), [0, 4], [0.5, 2], Uint8Array.of(7, 8, 9));
  const { x, y, labels, count } = frame.positions(4, 0);
  assert.deepEqual([[...x], [...y], [...labels], count], [[20, 40, 60], [0.5, 1, 1.5], [7, 8, 9], 3]);
  assert.deepEqual([frame.knows(4), frame.knows(1), frame.knows(null)], [true, false, true]);
});

test("with one axis each digit lies in the lane of its label", () => {
  const labels = Uint8Array.of(3, 3, 9);
  const { y } = new Frame(words([1, 2, 3]), [0], [1], labels).positions(0, null);
  y.forEach((place, i) => assert.ok(Math.abs(place - labels[i]) < 0.5));
  assert.notEqual(y[0], y[1]);
});

test("a recording is cut into its frames", () => {
  const [first, second] = recordedFrames({
    clouds: words([1, 2, 3, 4]), cloud_axes: [0], cloud_labels: Uint8Array.of(5, 6), cloud_scales: [[1], [10]],
  });
  assert.deepEqual([[...first.values(0)], [...second.values(0)]], [[1, 2], [30, 40]]);
  assert.deepEqual(recordedFrames({}), []);
});
