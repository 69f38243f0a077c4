"""From a network to a posterior: one signature, several engines, found by name and imported late."""
