"""The mediation center: queue, rooms, evidence and logs behind one aiohttp server."""
