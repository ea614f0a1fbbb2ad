"""Composition: the only place where settings, store, services, sockets and routes meet."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from center import keys
from center.demo.city import seed
from center.domain.mediation_events import Opened
from center.protocol.base import HELLO_SECONDS
from center.realtime.bus import LocalBus
from center.realtime.engine.desk import EngineDesk
from center.realtime.finish import to_the_end
from center.realtime.hub import Hub
from center.realtime.recorder.child import ChildRecorder
from center.realtime.recorder.desk import RecordingDesk
from center.realtime.services import Services
from center.realtime.timers import LoopTimers
from center.services.agreements import Agreements, Office
from center.services.arrivals import Arrivals
from center.services.audit import Audit
from center.services.calls import Calls
from center.services.clock import SecretCodes, SystemClock
from center.services.doors import Doors
from center.services.duty import DutyDesk
from center.services.evidence import Evidence, Vault
from center.services.fleet import Fleet
from center.services.guesses import Guesses
from center.services.identity import Identity
from center.services.lookup import Lookups
from center.services.mediations import Mediations
from center.services.papers import Papers
from center.services.playback import Playback
from center.services.policy import Policy
from center.services.ports import Bus, Clock, Timers
from center.services.quality import QualityLog
from center.services.recordings import Recordings
from center.services.reels import ReelKeeper
from center.services.reports import Reports
from center.services.retention import Retention
from center.services.screens import Screens
from center.services.texts import Texts
from center.services.transactions import Transactions
from center.store import schema
from center.store.blobs import FileBlobs
from center.store.cipher import Cipher, derive_key
from center.store.engine import open_engine, open_swift, sqlite_url
from center.store.pictures import check_picture, preview
from center.store.reading import ScannerReader
from center.store.sealing import PdfSealer
from center.store.shelf import FileShelf
from center.store.takes import Takes
from center.store.unit_of_work import SqlWorks
from center.web import headers
from center.web.auth import permissions
from center.web.binding import bind
from center.web.problems import problems
from center.web.routes import ENDPOINTS
from center.web.static import bind_front_ends
from config.settings import CenterSettings, MediaSettings, Settings
from media.recording.orders import Setting

log = logging.getLogger(__name__)

RETENTION_SECONDS = 3600.0

RECORDINGS = "recordings"
"""Their folder, and the purpose of their key."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

LOOK_SECONDS = 1.0
"""How late screens may learn that the service has opened or closed."""


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    hello_seconds: float = HELLO_SECONDS,
) -> web.Application:
    """The center, ready to be served.

    Raises:
        PlaceholderSecret: outside demo mode, when a secret still has its default.
    """
    settings.require_secrets()
    app = web.Application(middlewares=[problems, permissions])
    app[keys.SETTINGS] = settings
    app[keys.CLOCK] = clock or SystemClock()
    app[HELLO] = hello_seconds
    app.cleanup_ctx.extend(
        [_store, _services, _sockets, _engine, _texts, _recorder, _doors, _retention]
    )
    headers.install(app)
    bind(app, ENDPOINTS)
    bind_front_ends(app)
    return app


@dataclass(frozen=True)
class Store:
    """The database and the files, open. On the same database `calls` makes the short units of work,
    and `notes` those that nobody waits for."""

    works: SqlWorks
    calls: SqlWorks
    notes: SqlWorks
    blobs: FileBlobs


HELLO = web.AppKey("HELLO", float)
STORE = web.AppKey("STORE", Store)
SCREENS = web.AppKey("SCREENS", Screens)
TIMERS = web.AppKey("TIMERS", LoopTimers)
BUS = web.AppKey("BUS", LocalBus)
REELS = web.AppKey("REELS", ReelKeeper)
RECORDING = web.AppKey("RECORDING", Recordings)
TRANSACTIONS = web.AppKey("TRANSACTIONS", Transactions)


@contextlib.asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Database at its newest shape, and the evidence files, for as long as the block lasts."""
    center = settings.center
    await asyncio.to_thread(center.data.mkdir, parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(center.database or sqlite_url(center.data))
    try:
        await schema.upgrade(engine)
        secret = center.evidence_key.get_secret_value()
        confidences = Cipher(derive_key(secret, "confidences"))
        blobs = FileBlobs(center.data / "evidence", Cipher(derive_key(secret, "evidence")))
        async with open_swift(engine) as swift:
            yield Store(
                SqlWorks(engine, confidences),
                SqlWorks(swift.calls, confidences),
                SqlWorks(swift.notes, confidences),
                blobs,
            )
    finally:
        await engine.dispose()


async def _store(app: web.Application) -> AsyncIterator[None]:
    async with open_store(app[keys.SETTINGS]) as store:
        app[STORE] = store
        yield


async def _services(app: web.Application) -> AsyncIterator[None]:
    clock, store = app[keys.CLOCK], app[STORE]
    app[BUS] = bus = LocalBus()
    app[TIMERS] = timers = LoopTimers(clock)
    policy = Policy.of(app[keys.SETTINGS].center)
    app[TRANSACTIONS] = transactions = _transactions(store, clock, bus, timers, policy)
    app[keys.CALLS] = Calls(transactions, SecretCodes(), policy)
    app[SCREENS] = screens = Screens(store.calls, clock, policy)
    app[keys.VIEWS], app[keys.MEDIATION_VIEWS] = screens.views, screens.mediations
    guesses = Guesses()
    opened = _room_size(app[keys.SETTINGS].media)
    app[keys.MEDIATIONS] = Mediations(
        transactions, SecretCodes(), policy, guesses, store.blobs, opened
    )
    app[keys.QUALITY] = QualityLog(store.notes, clock)
    app[RECORDING] = Recordings(transactions, SecretCodes(), policy)
    _office(app, transactions, guesses)
    timers.bind(app[keys.CALLS].timer_fired)
    if app[keys.SETTINGS].demo:
        identity = app[keys.IDENTITY]
        await seed(app[keys.SETTINGS], store.works, identity, identity, clock.now())
    yield
    await timers.close()
    await transactions.settled()


def _room_size(media: MediaSettings) -> Opened:
    return Opened(media.mesh_people, media.room_people) if media.janus else Opened()


def _transactions(
    store: Store, clock: Clock, bus: Bus, timers: Timers, policy: Policy
) -> Transactions:
    return Transactions(store.calls, clock, bus, timers, policy.rules)


def _office(app: web.Application, transactions: Transactions, guesses: Guesses) -> None:
    settings, clock, store = app[keys.SETTINGS], app[keys.CLOCK], app[STORE]
    center, works = settings.center, store.works
    secret = center.evidence_key.get_secret_value()
    token_key = derive_key(secret, "upload tokens")
    sealer = PdfSealer(center.data / "seal", secret, center.stamp_url)
    vault = Vault(store.blobs, check_picture, preview, sealer)
    app[keys.IDENTITY] = Identity(works, clock, center.auth, token_key, demo=settings.demo)
    app[keys.FLEET] = Fleet(store.calls, store.notes, clock)
    app[keys.ARRIVALS] = Arrivals()
    app[keys.EVIDENCE] = Evidence(works, transactions, clock, vault, center.city)
    office = Office(store.blobs, sealer, center.city, ZoneInfo(center.timezone))
    app[keys.AGREEMENTS] = Agreements(works, transactions, clock, office, guesses)
    app[keys.REPORTS] = Reports(works, ZoneInfo(center.timezone))
    app[keys.AUDIT] = Audit(works, clock)
    app[keys.LOOKUPS] = Lookups(works, clock)
    kept = Takes([s.recordings for s in settings.media.janus if s.recordings is not None])
    shelf = FileShelf(_recordings(center), derive_key(secret, RECORDINGS), sealer.pems, kept)
    app[keys.PLAYBACK] = Playback(works, clock, shelf)
    app[REELS] = ReelKeeper(works, clock, shelf)


def _recordings(center: CenterSettings) -> Path:
    return center.data / RECORDINGS


async def _sockets(app: web.Application) -> AsyncIterator[None]:
    calls, fleet = app[keys.CALLS], app[keys.FLEET]
    services = Services(
        calls=calls,
        screens=app[SCREENS],
        rooms=app[SCREENS].rooms,
        duty=DutyDesk(app[TRANSACTIONS]),
        papers=Papers(app[TRANSACTIONS]),
        recordings=app[RECORDING],
        identity=app[keys.IDENTITY],
        fleet=fleet,
        quality=app[keys.QUALITY],
        mediations=app[keys.MEDIATIONS],
    )
    hub = Hub(app[keys.SETTINGS], services, app[keys.CLOCK], app[BUS], hello_seconds=app[HELLO])
    app[keys.HUB] = hub
    app.on_shutdown.append(_close_sockets)
    await fleet.all_offline()
    async with _running(hub.run()):
        await calls.rearm()
        yield


async def _engine(app: web.Application) -> AsyncIterator[None]:
    media = app[keys.SETTINGS].media
    if not media.janus:
        yield
        return
    desk = EngineDesk(app[keys.HUB], app[BUS], media.janus, media.room_people)
    async with _running(desk.run()):
        yield
    await desk.close()


async def _texts(app: web.Application) -> AsyncIterator[None]:
    if not app[keys.SETTINGS].center.read_pages:
        yield
        return
    store, reader = app[STORE], ScannerReader()
    texts = Texts(store.works, store.blobs, reader)
    async with _running(texts.run(app[BUS].subscribe())):
        yield
    await reader.close()


async def _close_sockets(app: web.Application) -> None:
    await app[keys.HUB].close()


async def _recorder(app: web.Application) -> AsyncIterator[None]:
    center = app[keys.SETTINGS].center
    key = derive_key(center.evidence_key.get_secret_value(), RECORDINGS)
    # Where the center is reached on this machine only, so is its recorder.
    loopback = center.host in LOOPBACK
    setting = Setting(folder=str(_recordings(center)), key=key.hex(), loopback=loopback)
    recorder = ChildRecorder(setting)
    desk = RecordingDesk(app[keys.HUB], app[BUS], recorder, app[RECORDING], app[REELS])
    async with _running(desk.run()):
        yield
    await desk.close()
    await recorder.close()


async def _doors(app: web.Application) -> AsyncIterator[None]:
    hours = Policy.of(app[keys.SETTINGS].center).hours
    doors = Doors(hours, app[keys.CLOCK], app[keys.VIEWS], app[BUS])
    async with _running(_repeat(doors.look, LOOK_SECONDS)):
        yield


async def _retention(app: web.Application) -> AsyncIterator[None]:
    settings, store = app[keys.SETTINGS].center.retention, app[STORE]
    retention = Retention(store.works, app[keys.CLOCK], store.blobs, settings)
    recordings_for = timedelta(days=settings.recordings_days)
    reels = app[REELS]
    async with (
        _running(_repeat(retention.run, RETENTION_SECONDS)),
        _running(_repeat(partial(reels.delete_older, recordings_for), RETENTION_SECONDS)),
    ):
        yield


async def _repeat(work: Callable[[], Coroutine[Any, Any, object]], pause_s: float) -> None:
    while True:
        try:
            await to_the_end(work())
        except Exception:
            log.exception("%s failed; it runs again in %.0f s", work, pause_s)
        await asyncio.sleep(pause_s)


@contextlib.asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """A task that lives as long as the block; its failure is logged, its end awaited."""
    task = asyncio.create_task(work)
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("a task of the center died", exc_info=error)
