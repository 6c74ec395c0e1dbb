"""The network: model, losses, noise, optimisers, and the file that holds its weights."""
