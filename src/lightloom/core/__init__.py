"""What every layer stands on: units, errors, documents, registries, provenance, random streams."""
