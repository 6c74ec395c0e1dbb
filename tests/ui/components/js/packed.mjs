// Messages as ae_core/ui/components/packing.py packs them.

/** Fields as one message: Uint8Arrays follow the others, which are JSON. */
export function packed(fields) {
  const blobs = Object.entries(fields).filter(([, value]) => value instanceof Uint8Array);
  const others = Object.entries(fields).filter(([, value]) => !(value instanceof Uint8Array));
  const lengths = Object.fromEntries(blobs.map(([name, { length }]) => [name, length]));
  const text = new TextEncoder().encode(JSON.stringify({ ...Object.fromEntries(others), blobs: lengths }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return Buffer.concat([length, text, ...blobs.map(([, value]) => value)]);
}
