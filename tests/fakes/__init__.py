"""Fakes that implement the ports as faithfully as the real things, in memory."""
