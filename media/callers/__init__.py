"""Synthetic callers: residents and lawyers who call each other through a real center.

They speak the wire as PROTOCOL.md says it, and send clips that were encoded beforehand, so that two
cores carry hundreds of them. Nothing here imports the center: what tries it shares no code with it.
"""
