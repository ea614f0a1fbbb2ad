"""Sockets: who is online, what each must see, and the blind relay between peers of a room."""
