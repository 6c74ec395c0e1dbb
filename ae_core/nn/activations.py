"""Activations of the hidden layers: the name that an experiment has for each, and its class in torch.nn.

The map of the latent space draws in the browser: `ACTIVATIONS` in its `decoder.js` has the same names.
"""

ACTIVATIONS = {"relu": "ReLU", "silu": "SiLU", "tanh": "Tanh", "sigmoid": "Sigmoid"}
