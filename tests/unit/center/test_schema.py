"""A start asks alembic for nothing when the database is at the newest revision."""

import subprocess
import sys

from alembic.script import ScriptDirectory

from center.store.migrating import configuration
from center.store.schema import HEAD

HEAVY = ("alembic", "cv2", "numpy", "openpyxl", "PIL", "pikepdf", "pyhanko", "scanner")


def test_the_newest_revision_is_known_without_alembic() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_the_center_starts_without_what_it_may_never_need() -> None:
    ask = f"import sys, center.__main__; print(*sorted(sys.modules.keys() & set({HEAVY})))"
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
