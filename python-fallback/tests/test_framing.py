"""Packets and messages: golden vectors, and whatever hypothesis finds."""

from __future__ import annotations

import json
import unittest
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drape_worker.framing import FramingError, PacketReader, encode_head
from drape_worker.messages import MessageError, parse_message

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/protocol.json").read_text("utf-8"))

quick = settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))


class Stream:
    """Bytes that come in pieces of given sizes."""

    def __init__(self, data: bytes, sizes: list[int] | None = None) -> None:
        self._data = memoryview(data)
        self._sizes = sizes or []

    def read_into(self, view: memoryview) -> int:
        most = self._sizes.pop() if self._sizes else len(view)
        count = min(most, len(view), len(self._data))
        view[:count] = self._data[:count]
        self._data = self._data[count:]
        return count


def read_all(data: bytes, sizes: list[int] | None = None) -> list[tuple[Any, bytes]]:
    reader = PacketReader(Stream(data, sizes).read_into)
    packets = []
    while (packet := reader.read()) is not None:
        packets.append((packet[0], bytes(packet[1])))
    return packets


def failure_of(data: bytes) -> str:
    try:
        for header, _payload in read_all(data):
            parse_message(header)
    except FramingError as error:
        return error.reason
    except MessageError:
        return "message"
    return "none"


class GoldenVectors(unittest.TestCase):
    def test_good(self) -> None:
        for vector in VECTORS["good"]:
            with self.subTest(vector["name"]):
                payload = bytes.fromhex(vector["payloadHex"])
                data = encode_head(vector["message"], len(payload)) + payload
                self.assertEqual(data.hex(), vector["hex"])
                ((header, got),) = read_all(data)
                self.assertEqual(parse_message(header), vector["message"])
                self.assertEqual(got, payload)

    def test_bad(self) -> None:
        for vector in VECTORS["bad"]:
            with self.subTest(vector["name"]):
                self.assertIn(failure_of(bytes.fromhex(vector["hex"])), vector["error"].split(" or "))


class Fuzz(unittest.TestCase):
    @quick
    @given(
        st.lists(st.tuples(st.dictionaries(st.text(), st.text()), st.binary(max_size=300))),
        st.lists(st.integers(1, 64), max_size=200),
    )
    def test_any_cut_gives_the_same_packets(
        self, packets: list[tuple[dict[str, str], bytes]], sizes: list[int]
    ) -> None:
        data = b"".join(encode_head(header, len(body)) + body for header, body in packets)
        self.assertEqual(read_all(data, sizes), packets)

    @quick
    @given(
        st.sampled_from([vector["hex"] for vector in VECTORS["good"]]),
        st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
        st.binary(max_size=200),
    )
    def test_nothing_else_is_raised(
        self, hex_bytes: str, changes: list[tuple[int, int]], tail: bytes
    ) -> None:
        data = bytearray(bytes.fromhex(hex_bytes) + tail)
        for at, to in changes:
            data[at % len(data)] = to
        self.assertRegex(failure_of(bytes(data)), "^[a-z-]+$")

    @quick
    @given(
        st.sampled_from([vector["message"] for vector in VECTORS["good"]]),
        st.data(),
    )
    def test_any_field_may_be_anything(self, message: dict[str, Any], data: Any) -> None:
        anything = st.recursive(
            st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        )
        name = data.draw(st.sampled_from(sorted(message)))
        changed = {**message, name: data.draw(anything)}
        self.assertIn(failure_of(encode_head(changed)), ("none", "message"))

    def test_a_cut_packet_is_told_from_an_end(self) -> None:
        whole = bytes.fromhex(VECTORS["good"][0]["hex"])
        for end in range(1, len(whole)):
            with self.assertRaises(FramingError):
                read_all(whole[:end])
        self.assertEqual(len(read_all(whole)), 1)


if __name__ == "__main__":
    unittest.main()
