"""Networks drawn by hand or exported from elsewhere, read from files that nobody has to trust."""
