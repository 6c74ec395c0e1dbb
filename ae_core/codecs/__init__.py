"""What an image costs in bytes and in error: exact coders, lossy codecs, PCA, and a network with its code quantised."""
