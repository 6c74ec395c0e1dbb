"""The parts of the Denoising page: runs beside the visitor's own, what is measured on them, how it is shown."""
