"""Repositories: rows in, domain objects out. Each works inside the unit of work's session."""
