"""The whole way of a page, by the library and from the command line."""

import hashlib
import os
import pickle
import resource
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
import segno

from scanner.__main__ import main
from scanner.errors import ImageError
from scanner.geometry import page_iou
from scanner.image import encode_jpeg, inspect
from scanner.pipeline import scan
from scanner.seal import Signer, verify
from scanner.simulated import Pose, SimulatedCamera, rest
from scanner.text.page import Language, PageText, TextLine
from tests.integration.scanner.pages import box


@pytest.fixture(scope="module")
def photo() -> tuple[bytes, np.ndarray]:
    camera = SimulatedCamera(script=rest(2, Pose(220, 165, 2), 1))
    frame = camera.read()
    assert frame.jpeg is not None
    assert camera.truth is not None
    return frame.jpeg, camera.truth


def test_scan_makes_everything_of_a_page(photo: tuple[bytes, np.ndarray]) -> None:
    jpeg, truth = photo
    page = scan(jpeg)
    assert page.original == jpeg
    assert page.sha256 == hashlib.sha256(jpeg).hexdigest()
    assert page.quad is not None
    assert page_iou(np.array(page.quad), truth) > 0.99
    assert page.quality.good
    clean, thumb = inspect(page.clean_jpeg), inspect(page.thumb_jpeg)
    assert clean.height > 1600
    assert clean.width / clean.height == pytest.approx(0.761, abs=0.01)  # US letter, trimmed
    assert max(thumb.width, thumb.height) == 360
    assert pickle.loads(pickle.dumps(page)) == page


def test_scan_works_in_a_process_pool(photo: tuple[bytes, np.ndarray]) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(scan, photo[0]).result(60).quad is not None


def test_without_a_page_the_whole_picture_is_kept() -> None:
    blank = encode_jpeg(np.full((600, 800, 3), 190, np.uint8))
    page = scan(blank)
    assert page.quad is None
    assert inspect(page.clean_jpeg).width == pytest.approx(800, abs=20)


def test_a_code_on_a_page_is_read() -> None:
    paper = np.full((1200, 850, 3), 240, np.uint8)
    rows = [
        [255 * (1 - module) for module in row] for row in segno.make_qr("YJ-20261121-0007").matrix
    ]
    code = np.kron(np.array(rows, np.uint8), np.ones((9, 9), np.uint8))
    paper[700 : 700 + len(code), 300 : 300 + len(code)] = code[..., None]
    desk = np.full((1500, 1400, 3), 50, np.uint8)
    desk[150:1350, 250:1100] = paper
    page = scan(encode_jpeg(desk))
    assert page.quad is not None
    assert [code.text for code in page.codes] == ["YJ-20261121-0007"]


@pytest.mark.parametrize(
    "data", [b"", b"hello", encode_jpeg(np.zeros((99, 99, 3), np.uint8))[:200]]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError):
        scan(data)


def test_scan_and_verify_from_the_command_line(
    tmp_path: Path, photo: tuple[bytes, np.ndarray], capsys: pytest.CaptureFixture[str]
) -> None:
    picture, pdf = tmp_path / "page.jpg", tmp_path / "out.pdf"
    picture.write_bytes(photo[0])
    assert main(["scan", str(picture), str(picture), "-o", str(pdf), "--no-text"]) == 0
    certificate = tmp_path / "out.cert.pem"
    assert main(["verify", str(pdf), "--trust", str(certificate)]) == 0
    assert "accepted" in capsys.readouterr().out
    assert main(["verify", str(pdf)]) == 1
    told = capsys.readouterr().out
    assert "signer unknown" in told
    assert "intact" in told
    taken_out = tmp_path / "originals"
    assert main(["verify", str(pdf), "--originals", str(taken_out)]) == 1
    assert (taken_out / "original-002.jpeg").read_bytes() == photo[0]
    tampered = bytearray(pdf.read_bytes())
    tampered[tampered.rindex(photo[0]) + len(photo[0]) // 2] ^= 1
    pdf.write_bytes(tampered)
    assert main(["verify", str(pdf), "--trust", str(certificate)]) == 1
    told = capsys.readouterr().out
    assert "changed after it was sealed" in told
    assert "page 2 its original photograph is missing or another" in told


def test_scan_with_a_given_key(tmp_path: Path, photo: tuple[bytes, np.ndarray]) -> None:
    signer = Signer.create("K01")
    key, certificate, picture = (tmp_path / name for name in ("key.pem", "cert.pem", "page.jpg"))
    key.write_bytes(signer.key_pem)
    certificate.write_bytes(signer.cert_pem)
    picture.write_bytes(photo[0])
    pdf = tmp_path / "out.pdf"
    given = ["--key", str(key), "--cert", str(certificate), "--no-text"]
    assert main(["scan", str(picture), "-o", str(pdf), *given]) == 0
    assert verify(pdf, [signer.cert_pem]).ok
    assert not (tmp_path / "out.cert.pem").exists()


@pytest.mark.parametrize(
    "argv",
    [
        ["scan", "absent.jpg", "-o", "x.pdf"],
        ["scan", "text.jpg", "-o", "x.pdf"],
        ["scan", "text.jpg", "-o", "x.pdf", "--key", "absent.pem", "--cert", "absent.pem"],
        ["verify", "absent.pdf"],
    ],
)
def test_cannot_is_exit_2(
    argv: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.jpg").write_text("no picture")
    assert main(argv) == 2
    assert capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["text.jpg"]


def test_live_prints_what_the_resident_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    camera = SimulatedCamera(script=rest(2, Pose(220, 165, 2), 1))
    frame = camera.read()
    small = cv2.resize(frame.image, (1024, 768), interpolation=cv2.INTER_AREA)
    (tmp_path / "0.jpg").write_bytes(encode_jpeg(np.asarray(small, np.uint8)))
    assert main(["live", "--camera", f"film:{tmp_path}", "--frames", "30"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[:4] == ["moving", "hold_still", "captured *", "captured"]


def test_cameras_lists_the_simulated_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cameras"]) == 0
    assert "simulated" in capsys.readouterr().out


def printed_page(tmp_path: Path) -> Path:
    """A letter in large print that fills the picture."""
    paper = np.full((700, 1000, 3), 235, np.uint8)
    for row, text in enumerate(("Agreement of both parties", "on mediation")):
        at = (60, 200 + 200 * row)
        cv2.putText(paper, text, at, cv2.FONT_HERSHEY_SIMPLEX, 2, (30, 30, 30), 4, cv2.LINE_AA)
    file = tmp_path / "page.jpg"
    file.write_bytes(encode_jpeg(paper))
    return file


def test_text_can_be_searched_and_the_sheet_shows_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, pdf, sheets = printed_page(tmp_path), tmp_path / "out.pdf", tmp_path / "sheets"
    argv = ["scan", str(picture), "-o", str(pdf), "--bw", "--dpi", "150", "--explain", str(sheets)]
    assert main(argv) == 0
    assert "2 lines of text" in capsys.readouterr().out
    document = pypdfium2.PdfDocument(pdf)
    assert "mediation" in document[0].get_textpage().get_text_bounded()
    picture_shown = document[0].render(scale=150 / 72).to_numpy()
    assert ((picture_shown < 40) | (picture_shown > 215)).mean() > 0.97  # black or white
    width, _ = document[0].get_size()
    assert width == pytest.approx(1000 * 72 / 150, rel=0.05)
    (sheet,) = sheets.iterdir()
    assert sheet.name == "001-page.jpg"
    assert inspect(sheet.read_bytes()).height == 1044


def test_lines_in_other_languages_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        TextLine(language, box(0, 30 * row, 90, 9), 1, language, ())
        for row, language in enumerate(Language)
    ]
    text = PageText(100, 100, tuple(lines), complete=True)
    monkeypatch.setattr("scanner.commands.scan.read_text", lambda *_, **__: text)
    picture, pdf = printed_page(tmp_path), tmp_path / "out.pdf"
    argv = ["scan", str(picture), "-o", str(pdf), "--language", "ko", "--language", "zh"]
    assert main(argv) == 0
    assert "2 lines of text" in capsys.readouterr().out
    read = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert sorted(read.split()) == ["ko", "zh"]


def test_a_full_disk_leaves_no_broken_file_and_the_old_one_as_it_was(tmp_path: Path) -> None:
    """The kernel refuses to let any file grow beyond 20 kB, in the middle of the document."""
    printed_page(tmp_path)
    (tmp_path / "out.pdf").write_bytes(b"from yesterday")
    ended = subprocess.run(
        [sys.executable, "-m", "scanner", "scan", *["page.jpg"] * 2, "-o", "out.pdf", "--no-text"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("disk_full: no room for out.pdf")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out.pdf", "page.jpg"]
    assert (tmp_path / "out.pdf").read_bytes() == b"from yesterday"
