"""The mediation center: queue, rooms, evidence and logs behind one aiohttp server."""

from importlib.metadata import version

__version__ = version("jiujin")
