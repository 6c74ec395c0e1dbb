"""The visitor: her settings, her run, and what she asked for."""
