"""Runs: networks that train for visitors, in threads, in processes or on a Ray cluster."""
