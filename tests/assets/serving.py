"""A server on this machine that gives, cuts off and misbehaves as it is told, and what its files look like."""

import hashlib
import io
import json
import re
import socket
import subprocess
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chatrec.registry import AssetFile

BODY = bytes(range(256)) * 4096  # 1 MiB
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def digest(data):
    return hashlib.sha256(data).hexdigest()


def pinned(path, data):
    return AssetFile(path, digest(data), len(data))


def zipped(entries):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return held.getvalue()


def left_in(folder):
    """Every file below that holds something of a download; lock files are empty and may stay."""
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "locks"]


class Server(ThreadingHTTPServer):
    """Files by path; can cut answers off, ignore Range, or answer it wrongly; notes every request."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.files = {}
        self.repos = {}
        self.etag = '"one"'
        self.cut_after = None
        self.ranges = True
        self.content_range = None
        self.delay = 0.0
        self.asked = []  # (method, path, Range)
        self.sent = 0


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        path = self.path.split("?")[0]
        self.server.asked.append((self.command, path, self.headers.get("Range")))
        time.sleep(self.server.delay)
        if path.startswith("/api/models/"):
            return self.api(path.removeprefix("/api/models/"))
        if match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            data = self.server.repos.get(match[1], {}).get(match[3])
            return self.send(200, data, {"ETag": f'"{digest(data or b"")}"', "X-Repo-Commit": COMMIT}, body)
        data = self.server.files.get(path)
        fresh = self.headers.get("If-Range") in (None, self.server.etag)
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        extra = {"ETag": self.server.etag} if self.server.etag else {}
        if data is None or not (asked and fresh and self.server.ranges):
            return self.send(200, data, extra, body)
        first = int(asked[1])
        if first >= len(data):
            return self.send(416, b"", extra | {"Content-Range": f"bytes */{len(data)}"}, body)
        if self.server.content_range:
            return self.send(206, data[first : first + 10], extra | {"Content-Range": self.server.content_range}, body)
        span = f"bytes {first}-{len(data) - 1}/{len(data)}"
        return self.send(206, data[first:], extra | {"Content-Range": span}, body)

    def api(self, path):
        name = "/".join(path.split("/")[:2])
        files = self.server.repos.get(name)
        if files is None:
            return self.send(
                404, json.dumps({"error": "Repository not found"}).encode(), {"X-Error-Code": "RepoNotFound"}
            )
        if "/tree/" in path:
            listing = [{"type": "file", "path": p, "size": len(d), "oid": "0" * 40} for p, d in files.items()]
        else:
            listing = {"id": name, "sha": COMMIT, "siblings": [{"rfilename": p} for p in files]}
        return self.send(200, json.dumps(listing).encode(), {"Content-Type": "application/json"})

    def send(self, code, data, headers, body=True):
        if data is None:
            code, data = 404, b""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            part = data[: self.server.cut_after]
            self.wfile.write(part)
            self.server.sent += len(part)


@contextmanager
def no_way_out():
    """No process can be started and no socket opened."""

    def refuse(*args, **kwargs):
        raise RuntimeError("reached for the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", refuse)
        patch.setattr(socket, "socket", refuse)
        patch.setattr(socket, "create_connection", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield
