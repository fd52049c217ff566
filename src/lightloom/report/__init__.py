"""Reports: an evaluation as a page a person would rather look at than read."""
