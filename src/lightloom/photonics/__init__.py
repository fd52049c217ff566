"""Physics of one link: does the light, or the current, arrive; how late, at what watts, price and failure rate."""
