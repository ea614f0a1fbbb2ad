"""Flat-bed and feeder scanners, through SANE's own program `scanimage`.

The program is driven as a process, so nothing has to be compiled (ADR 0015), a driver that crashes
takes nothing with it, and one that hangs can be ended. Its exit status is SANE's status.
"""

import selectors
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scanner.errors import (
    CameraError,
    CameraMissing,
    CameraStalled,
    CoverOpen,
    NoPaper,
    OptionRefused,
    PaperJammed,
    ScannerBusy,
    ScannerFailed,
)
from scanner.frame import Frame
from scanner.image import decode

_STATUS: dict[int, type[CameraError]] = {  # SANE standard 1.06, section 4.2.7
    3: ScannerBusy,
    6: PaperJammed,
    7: NoPaper,
    8: CoverOpen,
}
_SAID: dict[str, type[CameraError]] = {  # by scanimage itself, whose status is 1 then
    "open of device": CameraMissing,
    "setting of option": OptionRefused,
    "unrecognized option": OptionRefused,
}
_FEEDERS = ("feeder", "adf")


@dataclass(frozen=True)
class SaneOptions:
    """`source`: as the device calls it, such as `Flatbed`; None is the device's own choice.
    `silence`: seconds without a finished sheet after which the scanner counts as stalled.
    `more`: other options of the device, by long name."""

    dpi: int = 300
    mode: str = "Color"
    source: str | None = None
    silence: float = 60.0
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def feeds(self) -> bool:
        """Sheets come until the feeder is empty."""
        return self.source is not None and any(name in self.source.lower() for name in _FEEDERS)


class SaneScanner:
    """A `Camera` whose frames are sheets. `device` as `scanimage -L` names it, such as `test:0`."""

    def __init__(self, device: str, options: SaneOptions = SaneOptions()) -> None:  # frozen
        """Raises CameraMissing where SANE is not installed."""
        program = shutil.which("scanimage")
        if program is None:
            raise CameraMissing("scanimage is not installed")
        if not device:  # scanimage would take any scanner it finds
            raise CameraMissing("a scanner without a name")
        self.identity = f"sane:{device}"
        self._options = options
        self._command = [program, f"--device-name={device}", *_arguments(options)]
        self._sheets: Generator[bytes] | None = None

    def read(self) -> Frame:
        """The next sheet as pixels. When the feeder is empty NoPaper is raised, and the call after
        that starts on new paper. Raises any CameraError."""
        self._sheets = self._sheets or self.sheets()
        try:
            return Frame(None, decode(next(self._sheets)), time.monotonic())
        except StopIteration:
            self.close()
        except CameraError:
            self.close()
            raise
        if self._options.feeds:
            raise NoPaper(self.identity)
        return self.read()

    def sheets(self) -> Generator[bytes]:
        """One PNG a sheet: all that lie in the feeder, or the one on the glass.

        What was scanned before something went wrong comes first, then the error.
        Raises any CameraError.
        """
        with tempfile.TemporaryDirectory(prefix="sheets-") as folder:
            yield from self._run(Path(folder))

    def close(self) -> None:
        """Ends the program, if it runs."""
        if self._sheets is not None:
            self._sheets.close()
        self._sheets = None

    def _run(self, folder: Path) -> Generator[bytes]:
        complaints = folder / "complaints"
        with complaints.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603  # no shell, our own arguments
                [*self._command, f"--batch={folder}/%d.png"],
                bufsize=0,  # so that what is waiting is seen by `select`
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        try:
            yield from self._finished(process, folder)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._judge(process.returncode, complaints.read_text("utf-8", "replace"))

    def _finished(self, process: subprocess.Popen[bytes], folder: Path) -> Generator[bytes]:
        """Sheets as the program names them, until it ends."""
        for line in self._lines(process):
            sheet = folder / Path(line.strip()).name
            yield sheet.read_bytes()
            sheet.unlink()
        process.wait()

    def _lines(self, process: subprocess.Popen[bytes]) -> Generator[str]:
        """Raises CameraStalled when none comes for too long."""
        if process.stdout is None:
            return
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            while waiting.select(self._options.silence):
                line = process.stdout.readline()
                if not line:
                    return
                yield line.decode("utf-8", "replace")
        raise CameraStalled(f"{self.identity} is silent")

    def _judge(self, status: int, complaints: str) -> None:
        """An empty feeder is the good end of a batch: scanimage makes it 0 where sheets came."""
        if status == 0:
            return
        said = next((error for words, error in _SAID.items() if words in complaints), ScannerFailed)
        told = [line for line in complaints.splitlines() if line.startswith("scanimage: ")]
        detail = told[0].removeprefix("scanimage: ") if told else f"status {status}"
        raise _STATUS.get(status, said)(f"{self.identity}: {detail}")


def _arguments(options: SaneOptions) -> list[str]:
    chosen = {"mode": options.mode, "resolution": str(options.dpi), **options.more}
    if options.source is not None:
        chosen["source"] = options.source
    count = [] if options.feeds else ["--batch-count=1"]
    return ["--format=png", "--batch-print", *count, *(f"--{k}={v}" for k, v in chosen.items())]


def list_sane_scanners() -> list[str]:
    """Names of devices as `scanimage` gives them; none where SANE is not installed."""
    program = shutil.which("scanimage")
    if program is None:
        return []
    listed = subprocess.run(  # noqa: S603  # no shell, our own arguments
        [program, "--formatted-device-list=%d%n"], capture_output=True, timeout=60, check=False
    )
    return listed.stdout.decode("utf-8", "replace").splitlines()
