"""What is left of a fabric when some of its switches and cables have failed."""
