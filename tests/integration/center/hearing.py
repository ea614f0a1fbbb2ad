"""A mediation over the wire: the mediator's socket, parties at kiosks, everybody together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.center.conftest import Center, Device, Frame, Socket

TITLE = "张三与李四借款纠纷"


@dataclass
class Hearing:
    """The mediator's socket and the mediation it leads."""

    center: Center
    staff: Socket
    mediation_id: str
    number: str

    async def act(self, do: str, **fields: Any) -> None:
        await self.staff.do("mediation.act", **self.of(do, **fields))

    def of(self, do: str, **fields: Any) -> dict[str, Any]:
        return {"mediation_id": self.mediation_id, "act": {"do": do, **fields}}

    async def view(self, fits: Callable[[Frame], bool] = bool) -> Frame:
        """As the mediator sees it, as soon as it fits."""
        told = [f for f in self.staff.seen if f["type"] == "mediations.state"]
        newest = told[-1] if told else {"mediations": []}
        if not _fits(newest, fits):
            newest = await self.staff.until("mediations.state", lambda f: _fits(f, fits))
        view: Frame = newest["mediations"][0]
        return view

    async def invite(self, name: str, role: str = "party", **more: Any) -> Frame:
        """The seat's view, with its code."""
        await self.act("invite", **{"role": role, "name": name, "language": "zh", **more})
        view = await self.view(lambda m: m["seats"][-1]["name"] == name)
        seat: Frame = view["seats"][-1]
        return seat


def _fits(frame: Frame, fits: Callable[[Frame], bool]) -> bool:
    return bool(frame["mediations"]) and fits(frame["mediations"][0])


@dataclass
class Resident:
    """A kiosk with somebody who has a seat."""

    hearing: Hearing
    device: Device
    socket: Socket
    seat: Frame

    async def act(self, do: str, **fields: Any) -> Frame:
        return await self.socket.ask("mediation.act", **self.hearing.of(do, **fields))

    async def until(self, fits: Callable[[Frame], bool]) -> Frame:
        """The mediation as it is seen here, as soon as it fits."""
        told = [f for f in self.socket.seen if f["type"] == "mediation.state"]
        newest: Frame = told[-1] if told else {"mediation": None}
        if not (newest["mediation"] and fits(newest["mediation"])):
            newest = await self.socket.until(
                "mediation.state", lambda f: bool(f["mediation"]) and fits(f["mediation"])
            )
        view: Frame = newest["mediation"]
        return view


async def convened(center: Center) -> Hearing:
    person = await center.sign_in("piao")
    staff = await person.connect()
    body = {"title": TITLE, "matter": "debt", "language": "zh", "second_language": "ko"}
    made = await person.post("/api/mediations", body, status=201)
    return Hearing(center, staff, made["mediation_id"], made["number"])


async def come(hearing: Hearing, kiosk_id: str, name: str, **more: Any) -> Resident:
    """Invited, at the kiosk, waiting."""
    seat = await hearing.invite(name, **more)
    device = await hearing.center.device(kiosk_id)
    socket = await device.connect()
    await socket.do("mediation.join", number=hearing.number, code=seat["code"])
    return Resident(hearing, device, socket, seat)


async def enter(resident: Resident, kiosk_id: str) -> None:
    """Admitted, with its page in the room."""
    await resident.hearing.act("admit", seat_id=resident.seat["seat_id"])
    room = {"room_id": resident.hearing.mediation_id}
    await resident.socket.do("room.join", **room, page_session=f"page-{kiosk_id}")


@dataclass
class Together:
    """Mediator, two parties, and an interpreter in one room."""

    hearing: Hearing
    zhang: Resident
    li: Resident
    interpreter: Socket


async def gathered(center: Center) -> Together:
    """All of them, each with a page."""
    hearing = await convened(center)
    zhang = await come(hearing, "K01", "张三")
    li = await come(hearing, "K02", "李四", language="ko")
    seat = await hearing.invite("金明淑", role="interpreter", staff_id="jin")
    interpreter = await (await center.sign_in("jin")).connect()
    await interpreter.do("mediation.act", **hearing.of("arrive"))
    await hearing.act("open")
    await enter(zhang, "K01")
    await enter(li, "K02")
    await hearing.act("admit", seat_id=seat["seat_id"])
    room = {"room_id": hearing.mediation_id}
    await interpreter.do("room.join", **room, page_session="page-jin")
    await hearing.staff.do("room.join", **room, page_session="page-piao")
    return Together(hearing, zhang, li, interpreter)


def peers(frame: Frame) -> dict[str, list[str]]:
    """Whom a room.state names, and what may be sent to them."""
    return {peer["peer_id"]: peer["send"] for peer in frame["room"]["peers"]}


async def room_of(socket: Socket, *expected: str) -> dict[str, list[str]]:
    """The room once it names exactly these peers, whose pages are all there."""
    names = {f"{'kiosk' if who.startswith('K') else 'staff'}:{who}" for who in expected}

    def fits(frame: Frame) -> bool:
        return set(peers(frame)) == names and all(p["online"] for p in frame["room"]["peers"])

    return peers(await socket.until("room.state", fits))
