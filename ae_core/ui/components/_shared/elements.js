// Elements of the page.

/**
 * An SVG element with attributes; a `text` attribute becomes its text.
 *
 * @param {string} name
 * @param {Record<string, any>} attributes
 * @param {Element | null} parent
 */
export function svg(name, attributes = {}, parent = null) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  set(element, attributes);
  parent?.append(element);
  return element;
}

/**
 * Set attributes of an element; `text` is its text.
 *
 * @param {Element} element
 * @param {Record<string, any>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else element.setAttribute(name, value);
  }
}

/**
 * Write text only when it changes, so that nothing is laid out again for nothing.
 *
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
