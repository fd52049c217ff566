"""What lightloom knows about parts, one file a product, every figure with its source."""
