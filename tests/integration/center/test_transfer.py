"""Handing a resident on: who can be asked, and what the others see of it."""

from tests.integration.center.conftest import Call, Center


async def test_a_talk_is_handed_to_a_skill_and_the_queue_says_so(
    center: Center, call: Call
) -> None:
    li = await center.on_duty("li")
    answer = await (await center.sign_in("jin")).get("/api/colleagues")
    assert [(c["staff_id"], c["state"]) for c in answer["colleagues"]] == [("li", "available")]
    assert "labour" in answer["colleagues"][0]["skills"]
    handing_on = {"consultation_id": call.consultation_id, "to_skill": "labour", "reason": "工资"}
    await call.staff.do("consultation.transfer", **handing_on)
    rings = lambda f: bool(f["rows"]) and f["rows"][0]["offered_to"] == "li"  # noqa: E731
    row = (await li.until("queue.state", rings))["rows"][0]
    assert (row["handed_on"], row["wanted_staff_id"], row["wanted_skill"]) == (True, None, "labour")


async def test_a_transfer_names_one_and_only_who_is_there(call: Call) -> None:
    handing_on = {"consultation_id": call.consultation_id, "reason": "?"}
    both = {"to_staff_id": "li", "to_skill": "labour"}
    for to, code in (
        (both, "bad_frame"),
        ({"to_staff_id": "li"}, "conflict"),
        ({"to_skill": "labour"}, "conflict"),
        ({"to_staff_id": "zhao"}, "forbidden"),
    ):
        answer = await call.staff.ask("consultation.transfer", **handing_on, **to)
        assert answer["code"] == code
