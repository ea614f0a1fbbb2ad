"""Implements the ports of `center.services` on SQLModel (SQLite or PostgreSQL) and local files."""
