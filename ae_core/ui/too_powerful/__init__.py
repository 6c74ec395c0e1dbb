"""The parts of the page Too powerful: sweeps of networks, what is measured on them, how it is shown."""
