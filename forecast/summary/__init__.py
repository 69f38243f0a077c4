"""From a posterior to the frozen `Summary`: the JSON contract that every view is drawn from."""
