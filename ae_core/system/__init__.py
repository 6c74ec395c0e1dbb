"""The machine: its cores, its memory, its processes."""
