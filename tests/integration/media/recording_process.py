"""Records a synthetic caller until it is killed: `python -m … FOLDER`. For the crash tests."""

import asyncio
import sys
from pathlib import Path

from media.callers import clips
from media.callers.tracks import ClipTrack
from media.recording.manifest import Consent
from media.recording.recorder import Recording
from tests.support.talker import Talker

KEY = b"k" * 32
KIM = Consent(peer="kiosk-7", who="Kim Minji", at="2026-11-22T01:02:03Z")


async def main(folder: Path) -> None:
    """Say how many pictures were sent, with each of them."""
    face = ClipTrack("video", clips.pictures(), 0.04)
    voice = ClipTrack("audio", clips.sound(), 0.02)
    recording = Recording(folder, KEY, "room", lambda *_: None)
    async with Talker(face, voice) as talker:
        await talker.take(await recording.answer(KIM, await talker.offer(), talker.mids()))
        while True:
            await face.until_sent(1)
            print(face.sent, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
