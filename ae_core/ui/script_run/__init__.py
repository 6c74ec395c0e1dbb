"""What every run of a script and of a fragment does: it waits for its turn, and ends in a sentence."""
