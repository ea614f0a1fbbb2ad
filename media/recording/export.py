"""From a journal to a sealed WebM file: read twice, once for clocks and codecs, once for frames."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from media.recording import timeline
from media.recording.journal import Kind, Record, read_journal
from media.recording.rtp import Codec
from media.recording.sealed import SealedReader, SealedWriter
from media.recording.sealed_file import SealedFile
from media.recording.timeline import Report
from media.recording.webm import Moment, Source, readable, write_webm

RATES = {Codec.OPUS: 48_000, Codec.VP8: 90_000, Codec.VP9: 90_000}


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """One stream of a finished file; `name` is the track's (W3C `mid`, or what it shows)."""

    name: str
    codec: str
    frames: int


@dataclass(slots=True)
class Survey:
    """What a journal holds, frames aside; `whole`: its end was written, with a `cause`."""

    facts: list[dict[str, object]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    codecs: dict[int, Codec] = field(default_factory=dict)
    reports: dict[int, list[Report]] = field(default_factory=dict)
    samples: dict[tuple[str, Codec], Source] = field(default_factory=dict)
    since: float = 0.0
    until: float = 0.0
    whole: bool = False
    cause: str = "crashed"


def survey(path: Path, key: bytes, name: str) -> Survey:
    """Read a journal once.

    Raises:
        TamperedError: it is not a journal of this name and key.
    """
    found = Survey()
    for record in read_journal(path, key, name):
        if not found.facts:
            found.since = record.arrival
        found.until = max(found.until, record.arrival)
        _note(found, record)
    return found


def export(
    journal: Path, target: Path, key: bytes, names: tuple[str, str], found: Survey
) -> "Export":
    """Write what `found` has of a journal into the new sealed WebM file `target`, and read it back.
    `names` are what the two are sealed under.

    Raises:
        DiskFullError: there is no room for it.
        OSError: the file exists.
    """
    file = SealedFile(SealedWriter(target, key, names[1], each_chunk=False))
    streams = {which: n for n, which in enumerate(found.samples)}
    try:
        moments = _moments(read_journal(journal, key, names[0]), found, streams)
        counts = write_webm(cast("BinaryIO", file), list(found.samples.values()), moments)
        file.finish()
    except BaseException:
        file.writer.abandon()
        target.unlink()
        raise
    summaries = [StreamSummary(which[0], which[1], counts[n]) for which, n in streams.items()]
    return Export(summaries, *_check(target, key, names[1]))


@dataclass(frozen=True, slots=True)
class Export:
    """A finished file: its streams, its plain bytes and their SHA-256, hex."""

    streams: list[StreamSummary]
    size: int
    sha256: str


def _note(found: Survey, record: Record) -> None:
    number = record.track
    if record.kind is Kind.FACT:
        _fact(found, record.fact)
    elif record.kind is Kind.REPORT:
        report = Report(record.time, record.ntp, record.arrival)
        found.reports.setdefault(number, []).append(report)
    elif number in found.codecs:
        which = found.names[number], found.codecs[number]
        if which not in found.samples and record.kind is Kind.KEY_FRAME:
            source = Source(which[1], record.data)
            if which[1] is Codec.OPUS or readable(source):
                found.samples[which] = source


def _fact(found: Survey, fact: dict[str, object]) -> None:
    found.facts.append(fact)
    if fact.get("fact") == "track":
        number = int(str(fact["number"]))
        found.names[number] = str(fact["name"])
        found.codecs[number] = Codec(str(fact["codec"]))
    if fact.get("fact") == "ended":
        found.whole, found.cause = True, str(fact["cause"])


def _moments(
    records: Iterator[Record], found: Survey, streams: dict[tuple[str, Codec], int]
) -> Iterator[Moment]:
    clocks = timeline.tracks(
        found.reports, {number: RATES[codec] for number, codec in found.codecs.items()}
    )
    begun: set[int] = set()
    for record in records:
        if record.kind not in {Kind.FRAME, Kind.KEY_FRAME} or record.track not in found.codecs:
            continue
        number, key = record.track, record.kind is Kind.KEY_FRAME
        stream = streams.get((found.names[number], found.codecs[number]))
        if stream is None or not (key or stream in begun):
            continue
        begun.add(stream)
        yield Moment(stream, clocks[number].taken(record.time, record.arrival), key, record.data)


def _check(path: Path, key: bytes, name: str) -> tuple[int, str]:
    """Size and hash of what is really on the disk."""
    digest = hashlib.sha256()
    with SealedReader(path, key, name) as reader:
        for chunk in reader.chunks():
            digest.update(chunk)
        if not reader.whole:
            raise OSError(f"{path.name} cannot be read back")
        return reader.size, digest.hexdigest()
