"""A room of five through real Janus: who receives whom is the center's doing, on any server."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from center.app import STORE
from center.commands.verify_log import verify
from center.domain.rules import Rules
from config.settings import MediaSettings, Settings
from tests.integration.center.conftest import Center, Socket, settings_for
from tests.integration.center.hearing import Hearing, Resident, come, convened
from tests.support.janus import JanusProcess, janus
from tests.support.patience import PATIENCE
from tests.support.room_page import RoomPage

DESK, SOUND, FACE = "desk.video", "face.audio", "face.video"
SETTLED = 3
"""Packets of a slot after which it counts as arriving."""
MOVED_WITHIN_S = 5.0
WITHHELD = {"sound": "withheld", "picture": "withheld"}
REPORT = {"hears": "sound", "sees": "picture", "grade": "good"} | WITHHELD
"""A page's, on a link on which it only receives."""

Heard = dict[str, set[tuple[str, str]]]
"""By receiving page: peers and slots."""


@dataclass
class Five:
    """Mediator, interpreter, three parties; only the second of these speaks Korean."""

    hearing: Hearing
    servers: tuple[JanusProcess, ...]
    parties: dict[str, Resident] = field(default_factory=dict)
    pages: dict[str, RoomPage] = field(default_factory=dict)

    async def flows(self, wanted: Heard) -> None:
        """Each page comes to receive all of this, and nothing else beside it."""
        async with asyncio.timeout(PATIENCE):
            while await self._grown(wanted) != wanted:
                pass

    async def _grown(self, wanted: Heard) -> Heard:
        """What each page received while all of this came."""
        before = {peer: page.packets() for peer, page in self.pages.items()}
        await self._arrives(wanted)
        return {
            peer: {what for what, n in page.packets().items() if n > before[peer][what]}
            for peer, page in self.pages.items()
        }

    async def _arrives(self, wanted: Heard) -> None:
        before = {peer: page.packets() for peer, page in self.pages.items()}
        async with asyncio.timeout(PATIENCE):
            for peer, page in self.pages.items():
                await page.until(more(page, wanted[peer], before[peer]))

    def all(self) -> Heard:
        """What the rule says as long as nobody has asked for anything."""
        deaf = {("kiosk:K01", SOUND), ("kiosk:K03", SOUND)}
        return {
            to: {
                (peer, slot)
                for peer in self.pages
                for slot in (SOUND, FACE)
                if peer != to and not (peer == "staff:jin" and (to, slot) in deaf)
            }
            for to in self.pages
        }

    async def sends(self, peer: str, *slots: str) -> None:
        """The page was told to send this; what it sends beside it was cut off before."""
        async with asyncio.timeout(PATIENCE):
            await self.pages[peer].until(lambda page: page.may_send == list(slots))

    def all_but(self, to: str, what: tuple[str, str]) -> Heard:
        return self.all() | {to: self.all()[to] - {what}}

    def without(self, silent: str, slot: str) -> Heard:
        return {to: what - {(silent, slot)} for to, what in self.all().items()}


def more(
    page: RoomPage, wanted: set[tuple[str, str]], before: Mapping[tuple[str, str], int]
) -> Callable[[RoomPage], bool]:
    def fits(_: RoomPage) -> bool:
        now = page.packets()
        return all(now[what] - before.get(what, 0) >= SETTLED for what in wanted)

    return fits


@pytest.fixture
async def five(data: Path, tmp_path: Path) -> AsyncIterator[Five]:
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(janus(tmp_path, 2))
        center = await stack.enter_async_context(Center(engine_settings(data, servers)))
        five = Five(await convened(center), servers)
        sockets = await _admitted(five)
        for peer, socket in sockets.items():
            page = RoomPage(socket, five.hearing.mediation_id, peer)
            five.pages[peer] = await stack.enter_async_context(page)
        yield five


def engine_settings(
    data: Path, servers: tuple[JanusProcess, ...], mesh_people: int = 4
) -> Settings:
    known = tuple(server.settings() for server in servers)
    carried = MediaSettings(janus=known, mesh_people=mesh_people)
    return settings_for(data).model_copy(update={"media": carried})


async def _admitted(five: Five) -> dict[str, Socket]:
    """Everybody is in the room; their sockets, for their pages."""
    hearing, sockets = five.hearing, {}
    await hearing.act("open")
    for kiosk, language in (("K01", "zh"), ("K02", "ko"), ("K03", "zh")):
        resident = await come(hearing, kiosk, f"party at {kiosk}", language=language)
        five.parties[kiosk], sockets[f"kiosk:{kiosk}"] = resident, resident.socket
        await hearing.act("admit", seat_id=resident.seat["seat_id"])
    seat = await hearing.invite("interpreter", role="interpreter", staff_id="jin")
    sockets["staff:jin"] = await (await hearing.center.sign_in("jin")).connect()
    await sockets["staff:jin"].do("mediation.act", **hearing.of("arrive"))
    await hearing.act("admit", seat_id=seat["seat_id"])
    sockets["staff:piao"] = await (await hearing.center.sign_in("piao")).connect()
    return sockets


async def each_receives_whom_the_rule_says(five: Five) -> None:
    await five.flows(five.all())


async def a_muted_page_that_goes_on_sending_is_not_heard(five: Five) -> None:
    seat = five.parties["K01"].seat["seat_id"]
    await five.hearing.act("mute_seat", seat_id=seat)
    await five.sends("kiosk:K01", DESK, FACE)
    await five.flows(five.without("kiosk:K01", SOUND))
    act = five.hearing.of("unmute")
    await five.parties["K01"].socket.post("mediation.act", **act)


async def one_who_is_only_heard_is_not_seen(five: Five) -> None:
    seat = five.parties["K03"].seat["seat_id"]
    await five.hearing.act("protect", seat_id=seat, protection="heard_only")
    await five.sends("kiosk:K03", SOUND)
    await five.flows(five.without("kiosk:K03", FACE))
    await five.hearing.act("protect", seat_id=seat, protection="none")


async def a_private_talk_excludes_the_others(five: Five) -> None:
    seat, curious = five.parties["K01"].seat["seat_id"], five.pages["kiosk:K02"]
    curious.clings = True
    await five.hearing.act("open_side", seat_id=seat)
    await five.sends("staff:jin", SOUND, FACE)
    inside, whole = {"staff:piao", "kiosk:K01"}, five.all()
    together = {
        to: {(peer, slot) for peer, slot in what if (peer in inside) is (to in inside)}
        for to, what in whole.items()
    }
    await five.flows(together)
    curious.clings = False
    await curious.let_go()
    await five.hearing.act("close_side")
    await five.flows(whole)


async def a_weak_line_gets_small_pictures_and_lowers_nobody_else(
    five: Five, told: pytest.LogCaptureFixture
) -> None:
    weak, tellers = five.pages["kiosk:K02"].links["kiosk:K01"], "center.realtime.engine.talks"
    with told.at_level(logging.INFO, tellers):
        async with asyncio.timeout(PATIENCE):
            lost = 0
            while not (stepped := [who for name, _, who in told.record_tuples if name == tellers]):
                lost += 20
                await weak.report_losses(lost)
                await asyncio.sleep(0.2)
    assert [message.split()[0] for message in stepped] == ["kiosk:K02"]
    await five.flows(five.all())


async def what_pages_say_of_lines_is_passed_on(five: Five) -> None:
    """Who sends and who receives hear of each other as in a mesh."""
    sender, engine = five.pages["kiosk:K02"], f"engine:{five.hearing.mediation_id}"
    sender.links[engine].tell(REPORT | {"sound": "silent", "picture": "paused"})
    receiver = five.pages["kiosk:K01"]
    receiver.links["kiosk:K02"].tell(REPORT | {"hears": "nothing", "grade": "weak"})
    sender.links["kiosk:K01"].tell(REPORT | {"sees": "black"})
    of_room = {"hears": "nothing", "sees": "picture", "grade": None} | WITHHELD
    of_sender = REPORT | {"sees": "black", "sound": "silent", "picture": "paused"}
    async with asyncio.timeout(PATIENCE):
        await sender.until(lambda page: page.links[engine].told == of_room)
        await receiver.until(lambda page: page.links["kiosk:K02"].told == of_sender)


async def what_nobody_watches_is_not_sent(five: Five) -> None:
    """Papers not to the server; of a face that one does not watch, nothing to that one."""
    engine = f"engine:{five.hearing.mediation_id}"
    sender, looks = five.pages["kiosk:K01"], five.pages["staff:piao"].links["kiosk:K01"]
    for slots, wanted, gets in (
        ([SOUND], [SOUND, FACE], five.all_but("staff:piao", ("kiosk:K01", FACE))),
        ([DESK, SOUND, FACE], [DESK, SOUND, FACE], five.all()),
        ([SOUND, FACE], [SOUND, FACE], five.all()),
    ):
        looks.watch(*slots)
        await _asked_for(sender, engine, wanted)
        await five.flows(gets)


async def _asked_for(sender: RoomPage, engine: str, wanted: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        await sender.until(lambda page: page.links[engine].watched == wanted)


async def strangers_are_refused(five: Five) -> None:
    room = {"room_id": five.hearing.mediation_id}
    stranger = await (await five.hearing.center.device("K04")).connect()
    for to in (f"engine:{five.hearing.mediation_id}", "kiosk:K01"):
        refused = await stranger.ask("room.signal", **room, to=to, payload="let me in")
        assert refused["code"] == "not_in_room"


async def a_lost_server_is_replaced(five: Five) -> None:
    page, server = five.pages["kiosk:K01"], five.servers[0]
    before = {peer["page_session"] for peer in page.room["peers"]}
    await server.kill()

    def moved(page: RoomPage) -> bool:
        now = {peer["page_session"] for peer in page.room["peers"]}
        return bool(now) and None not in now and not now & before

    async with asyncio.timeout(MOVED_WITHIN_S):
        for each in five.pages.values():
            await each.until(moved)
    await five.flows(five.all())


async def the_log_tells_of_it(five: Five) -> None:
    works = five.hearing.center.app[STORE].works
    async with works() as uow:
        events = await uow.events.of(f"mediation:{five.hearing.mediation_id}")
    told = [(e.type, e.data) for e in events if e.type.startswith("carrie")]
    first, second = (str(server.settings().url) for server in five.servers)
    assert told == [
        ("carried", {"server": first}),
        ("carrier_lost", {}),
        ("carried", {"server": second}),
    ]
    _, faults = await verify(works, Rules())
    assert faults == []


async def test_five_talk_through_a_server_and_go_on_through_another(
    five: Five, caplog: pytest.LogCaptureFixture
) -> None:
    """One city and one set of connections for all of it: making them takes longest."""
    await each_receives_whom_the_rule_says(five)
    await what_pages_say_of_lines_is_passed_on(five)
    await what_nobody_watches_is_not_sent(five)
    await strangers_are_refused(five)
    await a_muted_page_that_goes_on_sending_is_not_heard(five)
    await one_who_is_only_heard_is_not_seen(five)
    await a_weak_line_gets_small_pictures_and_lowers_nobody_else(five, caplog)
    await a_private_talk_excludes_the_others(five)
    await a_lost_server_is_replaced(five)
    await the_log_tells_of_it(five)


async def test_a_room_goes_on_without_the_center_and_is_taken_over_by_the_next(
    data: Path, tmp_path: Path
) -> None:
    async with (
        janus(tmp_path, 1) as servers,
        Center(engine_settings(data, servers, mesh_people=1)) as center,
    ):
        hearing = await convened(center)
        await hearing.act("open")
        resident = await come(hearing, "K01", "party")
        await hearing.act("admit", seat_id=resident.seat["seat_id"])
        await hearing.staff.until("room.state", lambda f: len(f["room"]["peers"]) == 2)
        async with pair(hearing, hearing.staff, resident.socket) as (mediator, party):
            await center.stop()
            for page, peer in ((mediator, "kiosk:K01"), (party, "staff:piao")):
                before = page.packets()
                await page.until(more(page, {(peer, SOUND), (peer, FACE)}, before))
            await center.start()
            socket = await (await center.sign_in("piao")).connect()
            device = await center.device("K01")
            async with pair(hearing, socket, await device.connect()) as (_, newcomer):
                before, peer = mediator.packets(), "staff:piao"
                wanted = {(peer, SOUND), (peer, FACE)}
                await newcomer.until(more(newcomer, wanted, newcomer.packets()))
                assert mediator.packets() == before, "the room before is over"


@asynccontextmanager
async def pair(
    hearing: Hearing, staff: Socket, kiosk: Socket
) -> AsyncIterator[tuple[RoomPage, RoomPage]]:
    """Mediator and party who see and hear each other."""
    async with (
        asyncio.timeout(PATIENCE),
        RoomPage(staff, hearing.mediation_id, "piao") as mediator,
        RoomPage(kiosk, hearing.mediation_id, "K01") as party,
    ):
        for page, peer in ((mediator, "kiosk:K01"), (party, "staff:piao")):
            await page.until(more(page, {(peer, SOUND), (peer, FACE)}, {}))
        yield mediator, party
