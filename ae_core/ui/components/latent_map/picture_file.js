// The map as a file.

import { set } from "../_shared/elements.js";

/** Save what canvases of one size show above each other, on a ground, as a PNG file. */
export function savePicture(name, ground, ...canvases) {
  const picture = document.createElement("canvas");
  const [{ width, height }] = canvases;
  set(picture, { width, height });
  const context = picture.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  for (const canvas of canvases) context.drawImage(canvas, 0, 0);
  const link = document.createElement("a");
  set(link, { href: picture.toDataURL("image/png"), download: name });
  link.click();
}
