"""Synthetic callers at a real center; and what they say when it cannot be."""

import json
import os
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest
from pydantic import SecretStr

from media.__main__ import main
from media.callers.caller import Caller, Fare
from media.callers.errors import LostError, RefusedError, SeatsError, UnreachedError
from media.callers.load import run
from media.callers.own import own_center
from media.callers.plan import Plan
from media.callers.remote import remote
from media.callers.seats import Login, Seats
from tests.integration.center.conftest import PASSWORD, Center

LIGHT = Plan(count=3, seconds=0.5, ramp=10, alone=1, ring_s=0.2, fare=Fare(fps=10, sound_ms=60))
ONE = replace(LIGHT, count=1, alone=1)


def _login(name: str) -> Login:
    return Login(username=name, password=SecretStr(PASSWORD))


async def _seats(center: Center, *lawyers: str) -> Seats:
    admin = await center.sign_in("admin")
    codes = [
        await admin.post(f"/api/kiosks/K{n:02}/code", {}, status=201)
        for n in range(1, len(lawyers) + 1)
    ]
    return Seats(
        kiosks=tuple(SecretStr(code["code"]) for code in codes),
        lawyers=tuple(map(_login, lawyers)),
        supervisor=_login("zhao"),
    )


async def test_three_pairs_call_each_other_and_leave_whole_logs(center: Center) -> None:
    seats = await _seats(center, "jin", "li", "wang")
    figures = await run(center.origin, seats, LIGHT, os.getpid())
    assert (figures.failed, figures.reasons, figures.torn_logs) == (0, (), 0)
    assert (figures.calls, figures.at_once, figures.lost) == (3, 3, 0)
    assert figures.packets > 6 * 0.5 * (10 + 16)  # both ends of three calls, half a second
    assert figures.ratio
    assert figures.cost
    assert figures.cost.cpu_s > 0
    told = json.loads(json.dumps(figures.json()))
    assert told["set_up"]["most"] >= told["set_up"]["median"] > 0
    rows = dict(figures.rows())
    assert (rows["calls, at once"], rows["logs with a hole"]) == ("3, 3", "0")


async def test_a_call_without_picture_is_counted_said_and_let_go(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Caller, "speak", lambda _: None)
    monkeypatch.setattr("media.callers.room.PATIENCE_S", 0.3)
    figures = await run(center.origin, await _seats(center, "jin"), ONE)
    assert (figures.failed, figures.at_once, figures.torn_logs) == (1, 0, 1)
    assert "no picture" in figures.reasons[0]
    assert (figures.alone, figures.set_up, figures.ratio, figures.cost) == (None, None, None, None)
    assert dict(figures.rows())["slowest against alone"] == "unknown"


async def test_two_processes_call_each_other(center: Center) -> None:
    """The first lawyer answers alone, and is the last to be rung for again: the resident of the
    first process talks with the lawyer of the second."""
    seats = await _seats(center, "jin", "li")
    plan = replace(LIGHT, count=2, processes=2, nice=1)
    figures = await run(center.origin, seats, plan)
    assert (figures.failed, figures.reasons, figures.torn_logs) == (0, (), 0)
    assert (figures.processes, figures.at_once, figures.lost) == (2, 2, 0)
    assert figures.nice == min(19, os.nice(0) + plan.nice)
    assert figures.packets > 4 * 0.5 * (10 + 16)
    assert figures.set_up
    assert figures.late
    assert not active_children()


async def test_a_process_of_the_callers_that_dies_is_said(center: Center) -> None:
    seats = await _seats(center, "jin")
    with remote(center.origin, seats, range(1), ONE) as team:
        (process,) = active_children()
        process.kill()
        with pytest.raises(LostError):
            await team.ready()
        with pytest.raises(LostError):
            await team.serve()
    assert not active_children()


async def test_what_another_process_is_refused_is_said(center: Center) -> None:
    seats = await _seats(center, "jin", "li")
    used = seats.model_copy(update={"kiosks": (SecretStr("ABCD-EFGH-IJKL"),) * 2})
    with pytest.raises(RefusedError, match="/api/kiosks/enrol"):
        await run(center.origin, used, replace(LIGHT, count=2, processes=2))
    assert not active_children()


async def test_what_cannot_be_tried_is_said(center: Center) -> None:
    seats = await _seats(center, "jin")
    with pytest.raises(SeatsError, match="3 calls need"):
        await run(center.origin, seats, LIGHT)
    used = seats.model_copy(update={"kiosks": (SecretStr("ABCD-EFGH-IJKL"),)})
    with pytest.raises(RefusedError, match="/api/kiosks/enrol"):
        await run(center.origin, used, ONE)
    with pytest.raises(RefusedError, match="duty"):
        await run(center.origin, seats.model_copy(update={"lawyers": (_login("zhao"),)}), ONE)
    with pytest.raises(UnreachedError):
        await run("http://127.0.0.1:9", seats, ONE)


async def test_a_center_of_its_own_that_cannot_start_is_said(tmp_path: Path) -> None:
    (tmp_path / "center").write_text("no folder")
    with pytest.raises(UnreachedError, match="File exists"):
        async with own_center(tmp_path, 1):
            pass


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seats = tmp_path / "seats.json"
    assert main(["callers", "--center", "http://127.0.0.1:9"]) == 2
    assert main(["callers", "--center", "http://127.0.0.1:9", "--seats", str(seats)]) == 2
    seats.write_text('{"kiosks": ["secret-code"], "lawyers": [{"username": "jin"}]}')
    assert main(["callers", "--center", "http://127.0.0.1:9", "--seats", str(seats)]) == 2
    told = capsys.readouterr().err
    assert "needs --seats" in told
    assert "lawyers.0.password" in told
    assert "secret-code" not in told
    with pytest.raises(SystemExit):
        main(["callers", "--own", "--count", "0"])
