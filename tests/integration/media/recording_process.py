"""Records a synthetic caller until it is killed: `python -m … FOLDER [keys]`. For crash tests.

`keys`: a hundred pictures a second, all key frames, so that a disk fills soon.
"""

import asyncio
import sys
from pathlib import Path

from media.recording.manifest import Consent
from media.recording.recorder import Recording
from tests.support import clips
from tests.support.talker import ClipTrack, Talker

KEY = b"k" * 32
KIM = Consent(peer="kiosk-7", who="Kim Minji", at="2026-11-22T01:02:03Z")


async def main(folder: Path, keys: bool) -> None:
    """Say how many pictures were sent, once a frame, and the states in between."""
    clip = clips.pictures(640, 480, 20)
    face = ClipTrack("video", clip[:1] * 2, 0.01) if keys else ClipTrack("video", clip, 0.04)
    voice = ClipTrack("audio", clips.sound(), 0.02)
    recording = Recording(folder, KEY, "room", lambda _, state: print(state.value, flush=True))
    async with Talker(face, voice) as talker:
        await talker.take(await recording.answer(KIM, await talker.offer(), talker.mids()))
        while True:
            await face.until_sent(1)
            print(face.sent, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), "keys" in sys.argv))
