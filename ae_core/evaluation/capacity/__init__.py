"""Too much power: how near a network is to a mere copy, what its code is worth, what it has learned by heart."""
