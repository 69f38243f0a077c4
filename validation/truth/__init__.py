"""What is true of a model, by methods that share nothing with the engine but the exact sums."""
