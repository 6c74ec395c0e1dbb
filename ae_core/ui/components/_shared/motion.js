// What moves on the page.

/** ms between two frames of a moving picture: every other frame of a usual screen is enough for a film. */
export const FRAME_INTERVAL = 28;

/** Whether the visitor has asked her system for less motion. */
export const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
