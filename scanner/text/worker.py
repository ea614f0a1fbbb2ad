"""The reading process: pages in on stdin, their text out on stdout, until stdin ends.

A process of its own, so that stopping it really stops the work and its models can never take the
kiosk's memory. It stands back behind calls and cameras (`nice`).
"""

import argparse
import os
import sys
from typing import BinaryIO

import cv2
import numpy as np

from scanner.text.reading import read_text
from scanner.text.wire import PAGE, TEXT

_NICE = 10


def serve(pages: BinaryIO, texts: BinaryIO, threads: int) -> None:
    while header := pages.read(PAGE.size):
        height, width, seconds = PAGE.unpack(header)
        pixels = pages.read(height * width * 3)
        image = np.frombuffer(pixels, np.uint8).reshape(height, width, 3)
        told = read_text(image, seconds, threads).to_json().encode()
        texts.write(TEXT.pack(len(told)) + told)
        texts.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    threads = parser.parse_args().threads
    os.nice(_NICE)
    cv2.setNumThreads(threads)
    serve(sys.stdin.buffer, sys.stdout.buffer, threads)


if __name__ == "__main__":
    main()
