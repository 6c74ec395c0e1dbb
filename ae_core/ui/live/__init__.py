"""How a page learns what is new: components and fragments that ask again, and the channel that answers."""
