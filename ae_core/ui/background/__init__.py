"""Measurements beside the script, and the part of a page that waits for them."""
