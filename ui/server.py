"""Addresses and ports to serve on."""

import errno
import os
import socket

from chatrec.errors import BadInput


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    host = "localhost" if host in ("0.0.0.0", "::", "") else host.strip("[]")
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def free_port(host: str, port: int) -> int:
    """The port if it can be served on; ``BadInput`` says why not."""
    if not 0 <= port <= 65535:
        raise BadInput(f"cannot serve on port {port}: ports go up to 65535; try --port 7861")
    try:
        found = socket.getaddrinfo(host.strip("[]") or None, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, where = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":  # as the server will do it; on Windows this would hide a port that is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BadInput(f"port {port} on {host} is taken; choose another, for example --port {port + 1}") from None
        raise BadInput(f"cannot serve on {host}:{port}: {error}; try --host 127.0.0.1 --port 7861") from None
