"""Handlers by subject: each reads its request, calls one service and gives a model back."""
