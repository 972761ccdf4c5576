"""Addresses and ports."""

import socket

import pytest
from fakes import FakeRecommender

from chatrec.errors import BadInput, ChatrecError

pytest.importorskip("gradio")
from chatrec_ui import app, server


def test_a_taken_port_is_said_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"port {port} on 127\.0\.0\.1 is taken.*--port {port + 1}"):
            app.launch(FakeRecommender(), "127.0.0.1", port)
    for host, wrong in (("127.0.0.1", 70_000), ("127.0.0.1", -1), ("no such host", 0)):
        with pytest.raises(ChatrecError, match="cannot serve on"):
            server.free_port(host, wrong)
    assert server.free_port("127.0.0.1", 0) > 0


def test_address():
    assert server.address("0.0.0.0", 80) == "http://localhost:80"
    assert server.address("::1", 7860) == "http://[::1]:7860"
    assert server.address("127.0.0.1", 7861) == "http://127.0.0.1:7861"
