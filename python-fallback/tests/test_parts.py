"""Parts of the worker that can be looked at alone."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from drape_worker.assembly import Assemblies
from drape_worker.deflate import deflate, inflate
from drape_worker.limits import Limits
from drape_worker.messages import MessageError


class Privacy(unittest.TestCase):
    def test_a_crash_leaves_no_dump(self) -> None:
        script = (
            "import ctypes, resource; from drape_worker.privacy import forbid_dumps;"
            "forbid_dumps();"
            "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))"
        )
        out = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        self.assertEqual(out.stdout.strip(), "(0, 0) 0")


class Stdio(unittest.TestCase):
    def test_prints_do_not_reach_stdout(self) -> None:
        script = (
            "import os; from drape_worker.stdio import take_stdio; _, out = take_stdio();"
            "print('stray', flush=True); os.write(1, b'stray'); os.system('echo stray');"
            "os.write(out, b'protocol')"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        self.assertEqual(done.stdout, b"protocol")
        self.assertEqual(done.stderr.count(b"stray"), 3)


class Lifeline(unittest.TestCase):
    def test_it_does_not_start_under_another_parent(self) -> None:
        script = (
            "from drape_worker.lifeline import follow_parent; follow_parent(1); print('alive')"
        )
        out = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        self.assertEqual(out.stdout, b"")
        self.assertNotEqual(os.getpid(), 1)


class Deflate(unittest.TestCase):
    def test_only_where_it_pays(self) -> None:
        self.assertIsNone(deflate(memoryview(os.urandom(100_000))))
        self.assertIsNone(deflate(memoryview(b"x" * 100)))
        packed = deflate(memoryview(bytes(100_000)))
        assert packed is not None
        self.assertEqual(inflate(packed, 100_000), bytes(100_000))

    @settings(max_examples=100, deadline=None, database=None)
    @given(st.binary(max_size=300), st.integers(1, 400))
    def test_a_lie_about_the_size_is_refused(self, data: bytes, size: int) -> None:
        packer = zlib.compressobj(1, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
        if size == len(data):
            self.assertEqual(inflate(packed, size), data)
        else:
            self.assertRaises(ValueError, inflate, packed, size)

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.binary(max_size=300))
    def test_garbage_is_a_value_error(self, data: bytes) -> None:
        try:
            inflate(data, 100)
        except ValueError:
            pass


class Parts(unittest.TestCase):
    @settings(max_examples=200, deadline=None, database=None)
    @given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=8), st.integers(-3, 3))
    def test_they_add_up_or_fail(self, pieces: list[bytes], off: int) -> None:
        whole = b"".join(pieces)
        total = max(1, len(whole) + off)
        assemblies = Assemblies(Limits())
        first = {"t": "call", "id": 1, "totalBytes": total}
        got = None
        try:
            got = assemblies.begin(first, bytearray(pieces[0]))
            for piece in pieces[1:]:
                got = assemblies.add({"t": "part", "of": "call", "id": 1}, bytearray(piece))
        except MessageError:
            self.assertNotEqual(total, len(whole))
            return
        if total == len(whole):
            assert got is not None
            self.assertEqual(bytes(got[1]), whole)
        else:
            self.assertIsNone(got)


if __name__ == "__main__":
    unittest.main()
