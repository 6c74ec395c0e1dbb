// Says why the newest file did not reach the server.

const REASONS = { // status of the answer -> why
  403: "uploads need a cookie, and this browser or a proxy on the way keeps it back.",
  413: "it is too large for a proxy on the way.",
  429: "too many files were sent at once. Try again in a minute.",
};
const OTHERWISE = "try again. If that fails too, a proxy on the way lets no files through.";

export default function ({ parentElement }) {
  const place = parentElement.querySelector("p");
  const uploads = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { name, responseStatus } = /** @type {PerformanceResourceTiming} */ (entry);
      if (!name.includes("/_stcore/upload_file/")) continue;
      // a browser that does not tell the status of requests cannot tell a failure either
      place.hidden = responseStatus === undefined || (responseStatus >= 200 && responseStatus < 300);
      place.textContent = place.hidden ? "" : `The file did not arrive: ${REASONS[responseStatus] ?? OTHERWISE}`;
    }
  });
  uploads.observe({ type: "resource" });
  return () => uploads.disconnect();
}
