"""The images: bundled ones, their loaders, and further sets to download."""
