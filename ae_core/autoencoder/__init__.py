"""The autoencoder: built from a Spec, and its file of weights."""
