"""The sealed agreement: what it says can be read and found, and any change of it shows."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image

from center.domain.mediation_words import ClauseWords, MediationWords
from center.services.mediation_ports import AgreementPerson, AgreementRequest, SigningPhoto
from center.store.agreement_pages import SetPage, agreement_pages
from center.store.sealing import PdfSealer
from scanner.seal import verify

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
WAVE = tuple((0.1 + i / 50, 0.5 + 0.3 * float(np.sin(i))) for i in range(40))
CLAUSES = (
    ClauseWords(
        "李四于 2026 年 12 月 31 日前一次还给张三借款人民币壹万元整。",
        "리사는 2026년 12월 31일까지 장삼에게 빌린 돈 만원을 한번에 갚는다.",
    ),
    ClauseWords("双方再无其他争议。", "쌍방은 다른 다툼이 없다."),
)


def agreement(clauses: tuple[ClauseWords, ...] = CLAUSES) -> AgreementRequest:
    parties = (
        AgreementPerson("a", "张三", "party", "公园街道便民大厅"),
        AgreementPerson("b", "李四", "party", "朝阳川镇便民大厅"),
    )
    return AgreementRequest(
        number="TJ-20261122-0001",
        title="张三与李四借款纠纷",
        city="延吉市",
        zone=ZoneInfo("Asia/Shanghai"),
        made_at=AT,
        mediator=AgreementPerson("mediator", "朴成哲", "mediator", "人民调解委员会"),
        parties=parties,
        present=(AgreementPerson("i", "金明淑", "interpreter", "第一律师事务所"),),
        words=MediationWords("m1", clauses=clauses, signatures={"a": (WAVE,), "b": (WAVE[:20],)}),
        confirmed={
            (party.seat_id, number): AT + timedelta(minutes=number)
            for party in parties
            for number in range(1, len(clauses) + 1)
        },
        signed={"a": AT + timedelta(minutes=5), "b": AT + timedelta(minutes=6)},
    )


def ink_in_fields(page: SetPage) -> list[int]:
    """Dark pixels at the right, where the signatures are, page third by page third."""
    grey = np.asarray(Image.open(io.BytesIO(page.jpeg)).convert("L"))
    right = grey[:, 720:1100] < 80
    return [int(part.sum()) for part in np.array_split(right, 3)]


def test_it_says_what_was_agreed_by_whom_and_when() -> None:
    (page,) = agreement_pages(agreement())
    for said in (
        "人民调解协议书",
        "TJ-20261122-0001",
        "朴成哲",
        "金明淑",
        "壹万元整",
        "리사는",
        "쌍방은",
    ):
        assert said in page.text.text
    assert "李四 2026-11-22 09:02:00" in page.text.text, "confirmed, by the clock on the wall"
    assert "签名时间 2026-11-22 09:05:00" in page.text.text
    unsigned = replace(agreement().words, signatures={"a": (), "b": ()})
    (blank,) = agreement_pages(replace(agreement(), words=unsigned))
    assert sum(ink_in_fields(page)) > sum(ink_in_fields(blank)) + 1000


def test_many_clauses_take_more_pages_and_nothing_runs_over_the_edge() -> None:
    long = tuple(ClauseWords("本条约定" * 60, "이 조항은 약속이다 " * 30) for _ in range(6))
    pages = agreement_pages(agreement(long))
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in page.text.text
        for line in page.text.lines:
            assert max(x for x, _ in line.quad) <= page.text.width - 100
            assert max(y for _, y in line.quad) <= page.text.height


async def test_the_seal_covers_it_and_the_text_is_found(tmp_path: Path) -> None:
    sealer = PdfSealer(tmp_path, "secret")
    pdf = await sealer.seal_agreement(agreement())
    trust = [(await sealer.certificate()).encode()]
    assert verify(pdf, trust).ok
    altered = pdf.replace(b"/Title", b"/Titel", 1)
    assert altered != pdf
    assert not verify(altered, trust).ok
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert "壹万元整" in text


def photo(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1280, 720), (shade, 40, 40)).save(out, "JPEG")
    return out.getvalue()


async def test_a_signers_picture_stands_beside_the_signature_and_untouched_behind_the_form(
    tmp_path: Path,
) -> None:
    taken = photo(200)
    photos = {"a": SigningPhoto(taken, AT), "b": SigningPhoto(None, AT)}
    request = replace(agreement(), photos=photos)
    (page,) = agreement_pages(request)
    assert hashlib.sha256(taken).hexdigest() in page.text.text
    assert page.text.text.count("签名人不同意拍照") == 1
    shown = np.asarray(Image.open(io.BytesIO(page.jpeg)))
    red = (shown[:, :, 0] > 150) & (shown[:, :, 1] < 90)
    assert red.sum() > 0.9 * 224 * 168
    sealer = PdfSealer(tmp_path, "secret")
    pdf = await sealer.seal_agreement(request)
    verdict = verify(pdf, [(await sealer.certificate()).encode()])
    assert verdict.ok
    assert verdict.manifest is not None
    assert verdict.manifest.pages[1].sha256 == hashlib.sha256(taken).hexdigest()
