"""The naive worker: a frame in, a frame out, until the input ends."""

import sys

size = int(sys.argv[1])
while len(frame := sys.stdin.buffer.read(size)) == size:
    sys.stdout.buffer.write(frame)
    sys.stdout.buffer.flush()
