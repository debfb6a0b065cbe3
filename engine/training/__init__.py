"""What trains: networks, costs, the step in the graph, optimizers and their update terms, schedules, growing."""
