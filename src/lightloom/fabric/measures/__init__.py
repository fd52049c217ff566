"""What can be said of any graph: one question, one solver, one file."""
