"""What the center decides, as pure functions of state, event and time.

No clock, no asyncio, no SQL and no pydantic here; `center.services` carries the decisions out.
"""
