"""YAML, strictly: read as plain data, and written again so that only what must change does."""
