"""How long tests wait for what must come."""

PATIENCE = 60.0
"""Seconds a busy machine may take until what a test waits for has come; what never comes still
fails. Nobody waits so long on a machine with time to spare: tests wait on events."""
