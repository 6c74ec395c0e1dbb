// The states of a run: queued, running, finished, stopped, failed.

/**
 * Whether a run has not ended.
 *
 * @type {(view: { status: string }) => boolean}
 */
export const isLive = ({ status }) => status === "queued" || status === "running";
