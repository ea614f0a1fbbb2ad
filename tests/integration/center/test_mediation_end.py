"""How a mediation ends: signed, sealed, left, and forgotten in time."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from center.app import STORE
from center.protocol.mediation_acts import PHOTO_LIMIT
from center.services.clock import SystemClock
from center.services.guesses import TRIES
from tests.integration.center.conftest import Center
from tests.integration.center.hearing import Together, gathered
from tests.integration.store.test_evidence import name_of, picture


@pytest.fixture
async def together(center: Center) -> Together:
    return await gathered(center)


async def the_end_empties_the_room(together: Together) -> None:
    await together.hearing.act("end")
    await together.li.socket.until("mediation.state", lambda f: f["mediation"] is None)
    refused = await together.li.socket.ask(
        "room.join", room_id=together.hearing.mediation_id, page_session="late"
    )
    assert refused["code"] == "not_in_room"
    await together.interpreter.do("duty.set", state="available")
    person = await together.hearing.center.sign_in("piao")
    past = await person.get("/api/mediations")
    assert [m["state"] for m in past["mediations"]] == ["ended"]


async def a_revoked_kiosk_is_out(together: Together) -> None:
    admin = await together.hearing.center.sign_in("admin")
    await admin.post("/api/kiosks/K01/revoke", {})
    await together.hearing.view(
        lambda m: [s["state"] for s in m["seats"]] == ["admitted", "left", "admitted", "admitted"]
    )


async def words_are_forgotten_in_time(together: Together) -> None:
    work = together.hearing.center.app[STORE].works
    later = SystemClock().now() + timedelta(days=1)
    async with work() as uow:
        assert await uow.mediations.delete_words(later) == 1
        await uow.commit()
        assert (await uow.mediations.words(together.hearing.mediation_id)).names == {}


def strokes(seed: int) -> dict[str, Any]:
    """A signature, another for each seed."""
    return {"lines": [[[i / 40, (i * seed % 17) / 17] for i in range(30)]]}


async def nothing_is_sealed_before_all_have_signed(together: Together) -> None:
    hearing, zhang, li = together.hearing, together.zhang, together.li
    piao = await hearing.center.sign_in("piao")
    seal = f"/api/mediations/{hearing.mediation_id}/seal"
    clauses = [{"first": "还款一万元。", "second": "만원을 갚는다."}, {"first": "再无争议。"}]
    await hearing.act("propose", clauses=clauses)
    told = await li.until(lambda m: m["agreement"] is not None)
    assert [c["second"] for c in told["agreement"]["clauses"]] == ["만원을 갚는다.", None]
    edition = told["agreement"]["edition"]
    early = await zhang.act("sign", edition=edition, strokes=strokes(3))
    assert early["code"] == "illegal_transition"
    for party in (zhang, li):
        for clause in (1, 2):
            answer = await party.act("confirm", edition=edition, clause=clause)
            assert answer["type"] == "ack"
    assert (await zhang.act("sign", edition=edition, strokes=strokes(3)))["type"] == "ack"
    assert (await li.act("sign", edition=edition, strokes=strokes(3)))["code"] == "conflict"
    assert (await li.act("sign", edition=edition, strokes={"lines": []}))["code"] == "bad_frame"
    await piao.post(seal, {}, status=409)
    assert (await li.act("sign", edition=edition, strokes=strokes(5)))["type"] == "ack"
    await a_signer_is_photographed_only_if_they_will(together, edition)
    # Who has signed stays a party, even if they are sent back to wait before the document is made.
    await hearing.act("dismiss", seat_id=li.seat["seat_id"])
    await piao.post(seal, {})
    sealed = await zhang.until(lambda m: bool(m["agreement"] and m["agreement"]["sealed_at"]))
    assert sealed["agreement"]["sha256"]
    await hearing.act("admit", seat_id=li.seat["seat_id"])


async def a_signer_is_photographed_only_if_they_will(together: Together, edition: int) -> None:
    hearing, zhang, li = together.hearing, together.zhang, together.li
    center, device = hearing.center, zhang.device
    small, large = picture(64), picture(64) + bytes(PHOTO_LIMIT) + b"\xff\xd9"
    for data in (small, large):
        blob = f"/api/blobs/{name_of(data)}"
        async with center.http.put(blob, data=data, headers=device.bearer) as answer:
            assert answer.status == 200
    for sha256, code in (("0" * 64, "blob_missing"), (name_of(large), "image_too_large")):
        refused = await zhang.act("photograph", edition=edition, sha256=sha256)
        assert refused["code"] == code
    taken = await zhang.act("photograph", edition=edition, sha256=name_of(small))
    assert taken["type"] == "ack"
    again = await li.act("photograph", edition=edition, sha256=name_of(small))
    assert again["code"] == "conflict", "another signer, another picture"
    assert (await li.act("refuse_photo", edition=edition))["type"] == "ack"
    told = await li.until(lambda m: len(m["agreement"]["photos"]) == 2)
    assert [photo["taken"] for photo in told["agreement"]["photos"]] == [True, False]
    async with center.app[STORE].works() as uow:
        events = await uow.events.of(f"mediation:{hearing.mediation_id}")
        assert await uow.retention.unnamed([name_of(small)]) == ()
    assert [e.type for e in events[-2:]] == ["photographed", "photo_refused"]


async def copies_go_to_those_of_it_only(together: Together) -> None:
    hearing = together.hearing
    center, path = hearing.center, f"/api/mediations/{hearing.mediation_id}/agreement.pdf"
    for name, status in (("piao", 200), ("jin", 200), ("li", 403)):
        person = await center.sign_in(name)
        async with center.http.get(path, headers=person.headers) as answer:
            assert answer.status == status
            pdf = await answer.read()
            assert pdf.startswith(b"%PDF") is (status == 200)
        if status == 200:
            document = pypdfium2.PdfDocument(pdf)
            assert len(document) == 2, "the picture as it was taken is behind the form"
            text = document[0].get_textpage().get_text_bounded()
            assert ("张三" in text, "李四" in text) == (True, True)
    kiosk = await center.device("K03")
    await (await kiosk.connect()).ws.close()
    right, wrong = together.li.seat["code"], "000000"
    for code, status in ((right, 200), *[(wrong, 404)] * TRIES, (wrong, 429), (right, 429)):
        ask = {"number": hearing.number, "code": code}
        async with center.http.post("/api/agreements", json=ask, headers=kiosk.bearer) as answer:
            assert answer.status == status


async def test_how_a_hearing_ends(together: Together) -> None:
    await nothing_is_sealed_before_all_have_signed(together)
    await copies_go_to_those_of_it_only(together)
    await a_revoked_kiosk_is_out(together)
    await the_end_empties_the_room(together)
    await words_are_forgotten_in_time(together)
