"""The commands of `python -m center`, one module each where they are more than a line."""
