// Messages from the server.

/**
 * Unpack what ae_core/ui/components/packing.py packed: a plain object whose blobs are Uint8Arrays.
 *
 * @param {Uint8Array | ArrayBuffer} message
 * @returns {Record<string, any>}
 */
export function unpack(message) {
  const bytes = message instanceof Uint8Array ? message : new Uint8Array(message);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + view.getUint32(0, true);
  const fields = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)));
  let offset = start;
  for (const [name, length] of Object.entries(fields.blobs)) {
    fields[name] = bytes.subarray(offset, offset + length);
    offset += length;
  }
  return fields;
}

/**
 * What zlib compressed, as it was.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
