"""Inside and outside of what a network has learned: strangers, how strange they are, and where its domain ends."""
