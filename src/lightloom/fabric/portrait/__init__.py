"""What can be said of one network of a built fabric: how far, how many ways, how wide."""
