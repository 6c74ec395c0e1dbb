// How Streamlit calls a component: again and again for the same place, with new data and new functions to answer with.

/**
 * A component's default export. What is drawn at a place is made once, updated at each call, and put to sleep when it
 * is taken away.
 *
 * selector : its element among the component's HTML
 * create(element) : makes what is drawn, an object with this element as its `root`
 * update(made, data, streamlit) : called each time; `streamlit` has `setTriggerValue` and `setStateValue`
 */
export function mounted(selector, create, update) {
  const places = new WeakMap(); // the component's place -> what is drawn there
  return function ({ data, parentElement, ...streamlit }) {
    const root = parentElement.querySelector(selector);
    if (!root || !data) return undefined;
    let place = places.get(parentElement);
    if (place?.made.root !== root) {
      place?.made.sleep();
      place = { made: create(root), calls: 0 };
      places.set(parentElement, place);
    }
    const call = ++place.calls;
    update(place.made, data, streamlit);
    // Streamlit may call the cleanup of a call that a newer one has overtaken: only the newest counts
    return () => {
      if (place.calls === call) place.made.sleep();
    };
  };
}
