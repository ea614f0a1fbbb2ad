"""Rooms of many: their media goes through a server of Janus, driven from here in the pages' own
words."""
