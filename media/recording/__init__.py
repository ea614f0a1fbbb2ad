"""Recordings that cost next to nothing: encoded frames in, sealed WebM out, nothing decoded.

While a recording runs, each peer's frames go into a journal (`journal`), encrypted in chunks
(`sealed`). Afterwards, or after a crash, `finish` turns journals into WebM files whose sound and
picture are aligned by everything the sender reports said (`timeline`). ADR 0020 says why.
"""
