// The words on a page that have less than AA contrast to what they stand on (WCAG 2.2: 4.5, large ones 3).
() => {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");

  /** Red, green, blue from 0 to 255 and opacity from 0 to 1, of any CSS colour. */
  const parsed = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (upper, lower) => [0, 1, 2].map((i) => upper[i] * upper[3] + lower[i] * (1 - upper[3]));
  const parent = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  const chain = (element) => (element ? [element, ...chain(parent(element))] : []);

  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => (
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
    ));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => chain(element).reverse()
    .reduce((below, each) => over(parsed(getComputedStyle(each).backgroundColor), below), [255, 255, 255]);

  const contrast = (element) => {
    const style = getComputedStyle(element);
    const drawn = element.namespaceURI.endsWith("svg");
    const colour = parsed(drawn ? style.fill : style.color);
    for (const each of chain(element)) colour[3] *= Number(getComputedStyle(each).opacity);
    if (drawn) colour[3] *= Number(style.fillOpacity);
    const below = ground(element);
    const [low, high] = [luminance(over(colour, below)), luminance(below)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const words = (element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent.trim()).join(" ").trim();
  const seen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  // neither icons nor what is switched off; and a slider's value stands above its thumb, not on it
  const others = "[data-testid=stIconMaterial], [data-testid=stSliderThumbValue], [disabled], [aria-disabled=true]";
  const isLetter = (element) => !element.closest(others);

  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      const said = words(element);
      if (!said || !seen(element) || !isLetter(element)) continue;
      const { fontSize, fontWeight } = getComputedStyle(element);
      const large = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
      const ratio = contrast(element);
      if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)}: ${said.slice(0, 40)}`);
    }
  };
  look(document);
  return found;
}
