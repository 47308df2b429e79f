"""Where a network is straight."""
