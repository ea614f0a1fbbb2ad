"""The agent's socket to the center: connects, proves who it is, and never gives up.

    CONNECTING ──welcome──► ONLINE ──line lost──► OFFLINE ──backoff──► CONNECTING …
         └──────revoked, at any time──────► REVOKED ──(accepted again)──► ONLINE

Requests are kept until the center acknowledged or refused them, and sent again in their order
after each reconnect; all of them are idempotent. Everything else (heartbeats, presence,
signalling) is said only while online: it would be stale by the next time.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientSession,
    ClientWebSocketResponse,
    ClientWSTimeout,
    WSMsgType,
)
from pydantic import ValidationError

from center.protocol.base import FRAME_LIMIT, HELLO_SECONDS, PROTOCOL_VERSION
from center.protocol.frames import Ack, Push, Refusal, Request, Welcome
from center.protocol.kiosk_wire import (
    CenterToKiosk,
    Challenge,
    Heartbeat,
    KioskHello,
    Revoked,
    TokenPush,
    center_to_kiosk,
)
from center.protocol.views import KioskHealth
from center.protocol.words import ErrorCode
from config.settings import KioskSettings
from kiosk.addresses import is_ours
from kiosk.backoff import Backoff
from kiosk.clock import KioskClock
from kiosk.dial import dial
from kiosk.identity import Identity
from kiosk.requests import Requests
from kiosk.words import LinkState

log = logging.getLogger(__name__)

OUTBOX = 256
STEADY = timedelta(seconds=10)
"""A line that was up for so long is a good one; a center that welcomes and then fails, over and
over, is not to be asked ten times a second."""
SEEK_S = 0.5
"""Longest wait before a center that nobody answers for is looked for again: to ask costs a packet,
and who is in a talk must not wait for the line once it is back."""
GOODBYE_S = 0.3
"""How long a center that may be gone gets to answer a goodbye."""
Make = Callable[[int], Request]


class LineLostError(Exception):
    """The socket is of no use any more; another one will be made."""


class UnreachedError(Exception):
    """Nobody answers at the center's address."""


class CutOffError(Exception):
    """The center will not have this kiosk."""


def _ignore(*_: object) -> None:
    return None


@dataclass(slots=True)
class Listeners:
    """Who is told what; called on the event loop, must not block."""

    state: Callable[[LinkState], None] = _ignore
    frame: Callable[[CenterToKiosk], None] = _ignore
    answer: Callable[[Request, Refusal | None], None] = _ignore


class Link:
    """`run()` is the life of the link; cancel it to close."""

    def __init__(
        self,
        http: ClientSession,
        identity: Identity,
        settings: KioskSettings,
        clock: KioskClock,
        health: Callable[[], KioskHealth],
    ) -> None:
        self._http, self._identity, self._settings = http, identity, settings
        self._clock, self._health = clock, health
        self.listeners = Listeners()
        self.state = LinkState.CONNECTING
        self.token: str | None = None
        self._last_seq = 0
        self._last_id = 0
        self._outbox: asyncio.Queue[str] | None = None
        self._requests = Requests(self._say, settings.heartbeat_s)
        self._backoff = Backoff(settings.backoff_first_s, settings.backoff_most_s)
        self._seek = Backoff(SEEK_S, SEEK_S)
        self._conversation = asyncio.timeout(None)
        self._address: str | None = None

    async def run(self) -> None:
        """Connect, serve, and connect again, until cancelled."""
        while True:
            self._become(LinkState.CONNECTING)
            pause = self._backoff
            try:
                await self._connect()
            except CutOffError:
                self.token = None
                self._last_seq = 0
                self._requests.clear()
                self._become(LinkState.REVOKED)
            except (UnreachedError, TimeoutError) as error:
                log.info("no way to the center: %s", error)
                pause = self._seek
                self._become(LinkState.OFFLINE)
            except (LineLostError, ClientError, OSError, ValidationError) as error:
                log.info("line to the center lost: %s", error)
                self._become(LinkState.OFFLINE)
            await asyncio.sleep(pause.next())

    def addresses_changed(self) -> None:
        """A connection whose own address is gone is dead, though nobody says so."""
        if self._address is not None and not is_ours(self._address):
            log.info("the address %s is gone", self._address)
            self._address = None  # said once: a deadline that is over cannot be moved again
            self._conversation.reschedule(asyncio.get_running_loop().time())

    # --- what others want said ----------------------------------------------------------------

    def ask(self, make: Make, *, insist: bool = False) -> None:
        """A request that must arrive; one that already waits is not made twice.

        `insist`: also when the center had it and failed at it.
        """
        self._requests.add(self._numbered(make), insist=insist)

    def tell(self, make: Make) -> bool:
        """A frame for now or never; false when the line is down."""
        return self._say(self._numbered(make))

    def withdraw(self, match: Callable[[Request], bool]) -> bool:
        """Unsay a waiting request; false when it may already have been heard, or was not there."""
        return self._requests.withdraw(match)

    def forget(self, request: Request) -> None:
        """Stop asking, whether it was heard or not."""
        self._requests.forget(request)

    def amend(self, change: Callable[[Request], Request]) -> None:
        """Change what waits, so that nothing personal is kept for the next time."""
        self._requests.amend(change)

    def waiting(self) -> tuple[Request, ...]:
        """Requests that the center has not answered."""
        return self._requests.waiting()

    # --- one connection -----------------------------------------------------------------------

    async def _connect(self) -> None:
        async with await self._reach() as socket, asyncio.timeout(None) as self._conversation:
            self._address = (socket.get_extra_info("sockname") or [None])[0]
            try:
                async with asyncio.timeout(HELLO_SECONDS):
                    welcome = await self._greet(socket)
                self._welcomed(welcome)
                await self._serve(socket)
            finally:
                self._address = None

    async def _reach(self) -> ClientWebSocketResponse:
        try:
            return await dial(self._open, ClientWebSocketResponse.close)
        except (ClientConnectionError, OSError, TimeoutError) as error:
            raise UnreachedError(error) from error

    async def _open(self) -> ClientWebSocketResponse:
        return await self._http.ws_connect(
            f"{self._settings.center}/ws/kiosk",
            heartbeat=self._settings.heartbeat_s,
            max_msg_size=FRAME_LIMIT,
            timeout=ClientWSTimeout(ws_close=GOODBYE_S),
        )

    async def _greet(self, socket: ClientWebSocketResponse) -> Welcome:
        challenge = await _receive(socket)
        if not isinstance(challenge, Challenge) or challenge.protocol != PROTOCOL_VERSION:
            raise LineLostError("the center speaks another protocol")
        hello = KioskHello(
            protocol=PROTOCOL_VERSION,
            kiosk_id=self._identity.kiosk_id,
            signature=self._identity.sign(challenge.nonce),
            last_seq=self._last_seq,
            kiosk_time=self._clock.wall(),
        )
        await socket.send_str(hello.model_dump_json())
        answer = await _receive(socket)
        if isinstance(answer, Refusal) and answer.code in _CUT_OFF:
            raise CutOffError(answer.detail)
        if isinstance(answer, Revoked):
            raise CutOffError("revoked")
        if not isinstance(answer, Welcome):
            raise LineLostError(f"no welcome but {answer.type}")
        return answer

    def _welcomed(self, welcome: Welcome) -> None:
        self._clock.center_says(welcome.center_time)
        self.token = welcome.upload_token
        if not welcome.resumed:
            self._last_seq = 0

    async def _serve(self, socket: ClientWebSocketResponse) -> None:
        self._outbox = asyncio.Queue(OUTBOX)
        self._requests.again()
        self._become(LinkState.ONLINE)
        begun = self._clock.now()
        helpers = [asyncio.create_task(self._write(socket)), asyncio.create_task(self._beat())]
        try:
            await self._read(socket)
        finally:
            self._outbox = None
            if self._clock.now() - begun >= STEADY:
                self._backoff.failures = 0
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        while True:
            frame = await _receive(socket)
            if isinstance(frame, Revoked):
                raise CutOffError("revoked")
            self._take(frame)

    def _take(self, frame: CenterToKiosk) -> None:
        if isinstance(frame, Push):
            self._last_seq = max(self._last_seq, frame.seq)
        if isinstance(frame, TokenPush):
            self.token = frame.upload_token
        elif isinstance(frame, Ack | Refusal):
            self._answered(frame)
        else:
            self.listeners.frame(frame)

    def _answered(self, frame: Ack | Refusal) -> None:
        refusal = frame if isinstance(frame, Refusal) else None
        if refusal:
            log.warning("center refused %s: %s %s", frame.re, refusal.code, refusal.detail)
        request = self._requests.answered(frame)
        if request is not None:
            self.listeners.answer(request, refusal)

    async def _write(self, socket: ClientWebSocketResponse) -> None:
        outbox = self._outbox
        while outbox is not None:
            try:
                await socket.send_str(await outbox.get())
            except (ClientError, OSError):
                await socket.close()
                return

    async def _beat(self) -> None:
        while True:
            self.tell(self._heartbeat)
            await asyncio.sleep(self._settings.heartbeat_s)

    def _heartbeat(self, number: int) -> Heartbeat:
        return Heartbeat(id=number, kiosk_time=self._clock.wall(), health=self._health())

    def _numbered(self, make: Make) -> Request:
        self._last_id += 1
        return make(self._last_id)

    def _say(self, request: Request) -> bool:
        """A full outbox means a dead line: what must arrive is sent again on the next one."""
        if self._outbox is None:
            return False
        if not self._outbox.full():
            self._outbox.put_nowait(request.model_dump_json())
        return True

    def _become(self, state: LinkState) -> None:
        if state is self.state:
            return
        if self.state is LinkState.REVOKED and state is not LinkState.ONLINE:
            return
        self.state = state
        self.listeners.state(state)


_CUT_OFF = frozenset({ErrorCode.KIOSK_REVOKED, ErrorCode.BAD_SIGNATURE})


async def _receive(socket: ClientWebSocketResponse) -> CenterToKiosk:
    message = await socket.receive()
    if message.type is not WSMsgType.TEXT:
        raise LineLostError(f"closed: {message.extra or message.data or socket.close_code}")
    return center_to_kiosk.validate_json(message.data)
