"""The demo city: believable, made up, and refused outside demo mode."""
