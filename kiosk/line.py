"""What the page measures of its line: through the agent, since it speaks to nobody else and holds
no token."""

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from center.protocol.quality import QualityReport, RoomQualityReport
from kiosk.bodies import read_body
from kiosk.health import HealthProbe
from kiosk.link import Link
from kiosk.messages import PageLineCheck, PageQuality, PageRoomQuality

LINE_LIMIT = 512 * 1024
"""Most bytes of one transfer; the center takes and gives no more."""

PATH = "/api/line/data"
TIMEOUT = ClientTimeout(total=5)


class Line:
    """Hands bytes on to the center and back, and what the page found to whom it concerns."""

    def __init__(self, http: ClientSession, center: str, link: Link, health: HealthProbe) -> None:
        self._http, self._url, self._link, self._health = http, center + PATH, link, health

    def hear(self, frame: PageQuality | PageRoomQuality | PageLineCheck) -> None:
        """A record of a talk must arrive; the check goes with the next heartbeat."""
        if isinstance(frame, PageLineCheck):
            self._health.line = frame.check
        elif isinstance(frame, PageRoomQuality):
            record, link = dict(frame.record), frame.model_dump(include={"mediation_id", "peer_id"})
            self._link.ask(lambda n: RoomQualityReport(id=n, **link, **record))
        else:
            record, consultation = dict(frame.record), frame.consultation_id
            self._link.ask(lambda n: QualityReport(id=n, consultation_id=consultation, **record))

    async def relay(self, request: web.Request) -> web.StreamResponse:
        """One transfer; 413 for a body that is too long, 502 when the center does not answer."""
        body = await read_body(request, LINE_LIMIT)
        headers = {"Authorization": f"Bearer {self._link.token or ''}"}
        try:
            async with self._http.request(
                request.method,
                self._url,
                params=request.query,
                data=body,
                headers=headers,
                timeout=TIMEOUT,
            ) as reply:
                given = await reply.read()
                return web.Response(body=given, status=reply.status, headers=_UNKEPT)
        except (ClientError, TimeoutError) as error:
            raise web.HTTPBadGateway(text="the center does not answer") from error


_UNKEPT = {"Cache-Control": "no-store", "Content-Type": "application/octet-stream"}
