"""Use cases of the center, over the ports that `ports.py` names."""
