"""Pods of cubes behind circuit switches: slices of them, where they go, and what every switch joins for them."""
