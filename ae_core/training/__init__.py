"""Training: one generator that yields all that a visitor sees of it."""
