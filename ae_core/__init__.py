"""Train small autoencoders on MNIST, fast, and measure what they can and cannot do."""
