"""The work from both signatures to its acceptance, or to another end of the contract; ``payment`` is what follows."""
