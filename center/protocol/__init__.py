"""The wire contract between the center and its clients: frames, bodies, views, error codes.

Nothing here knows a database, a socket or a clock; only pydantic is imported.
"""
