"""What is trained and how: model shapes, recipes, operations, memory. Knows nothing of networks."""
