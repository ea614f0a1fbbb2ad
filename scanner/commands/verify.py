"""Check a sealed PDF, without any server."""

import argparse
from pathlib import Path

from scanner.commands import Commands
from scanner.commands.writing import whole_file
from scanner.contents import read_originals
from scanner.seal import Problem, Verdict, verify

_WORDS = {
    Problem.NOT_A_PDF: "this is not a readable PDF",
    Problem.NOT_SEALED: "it carries no readable seal",
    Problem.ALTERED: "something in it was changed after it was sealed",
    Problem.ADDED_TO: "something was added to it after it was sealed",
    Problem.NO_MANIFEST: "the list of its pages is missing or unreadable",
    Problem.PAGE_MISSING: "was removed",
    Problem.PAGE_ADDED: "was not among the pages that were sealed",
    Problem.PAGE_MOVED: "is not in its place",
    Problem.PAGE_CHANGED: "is not the one that was sealed in that place",
    Problem.ORIGINAL_CHANGED: "its original photograph is missing or another",
    Problem.TEXT_CHANGED: "its text is not the text that was sealed",
    Problem.TIME_MOVED: "it does not tell one time of sealing",
    Problem.STAMP_BROKEN: "its time stamp belongs to something else",
    Problem.SIGNER_UNKNOWN: "signer unknown: none of the given certificates vouches for the signer",
}


def add(commands: Commands) -> None:
    parser = commands.add_parser("verify", help="check a sealed PDF")
    parser.add_argument("file", type=Path)
    parser.add_argument("--trust", type=Path, action="append", default=[], metavar="CERT.pem")
    parser.add_argument("--originals", type=Path, metavar="DIR", help="take the originals out")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    verdict = verify(arguments.file, [file.read_bytes() for file in arguments.trust])
    _tell(arguments.file, verdict)
    if arguments.originals and verdict.intact:
        _take_out(arguments.file, arguments.originals)
    return 0 if verdict.ok else 1


def _tell(file: Path, verdict: Verdict) -> None:
    print(f"{file}: {'accepted' if verdict.ok else 'REFUSED'}")
    if verdict.signer_fingerprint and verdict.intact:
        print("  intact: nothing was changed since it was sealed")
    for finding in verdict.findings:
        page = "" if finding.page is None else f"page {finding.page} "
        print(f"  {finding.problem}: {page}{_WORDS[finding.problem]}")
    if verdict.signer_fingerprint:
        print(f"  signer: {verdict.signer_fingerprint}")
    if verdict.manifest and verdict.intact:
        told = verdict.manifest
        print(f"  {told.number}, {len(told.pages)} pages, sealed {told.sealed_at.isoformat()}")
    if verdict.stamped_at:
        print(f"  time stamp: {verdict.stamped_at.isoformat()}")


def _take_out(document: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in read_originals(document):
        with whole_file(folder / name) as file:
            file.write(data)
        print(f"  {folder / name}")
