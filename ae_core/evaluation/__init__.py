"""Measurements of a trained network, and of what it has to beat."""
