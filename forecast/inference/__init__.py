"""From a network to a posterior: one signature, two engines, found by name, imported late."""
