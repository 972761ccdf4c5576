"""What the page costs and how long one waits for it: weight, start, interactions of one and of ten people, memory.

    python tests/benchmarks/page.py [--workspace DIR] [--people 10] [--turns 6] [--json FILE]

Starts ``chatrec ui`` on a copy of the workspace, in a process of its own, and uses the page in headless Chromium as
people do, each in a browser context of their own, all typing at once. Beside every figure stands the same for the
plainest page that Gradio can make, a ``ChatInterface`` that repeats what it is told, measured in the same way on the
same machine: the ratio is what one can compare across machines. Browsers and server share the machine, so the figures
of ten people hold the work of ten browsers too.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import psutil
from playwright.async_api import Browser, Page, async_playwright

LINES = (
    "I loved Pulp Fiction and Fargo. What should I watch?",
    "Something before 1980, and no horror please",
    "seen the first one. more",
    "something lighter with Bill Murray",
    "five westerns",
    "a film about a weatherman who lives the same day again",
    "Something like Blade Runner?",
    "surprise me",
)
CODE = {
    "chatrec": "from chatrec.cli import main; main()",
    "plain": """
import sys, gradio as gr
gr.ChatInterface(lambda text, past: text).launch(server_port=int(sys.argv[1]), share=False, quiet=True, ssr_mode=False)
""",
}
BOX = {"chatrec": "#cr-box textarea", "plain": "[data-testid=textbox]"}
USABLE = {"chatrec": ".cr-example", "plain": BOX["plain"]}

# What is waited for after a message is sent or a button pressed; each is tried after every change of the page, and
# its time noted in the frame that follows. `before` is how many messages there were.
SENT = {
    "chatrec": {
        "first change": "document.querySelectorAll('.cr-said').length > before",
        "cards": "document.querySelectorAll('.cr-said').length > before && last().querySelector('.cr-card')",
        "first words": "document.querySelectorAll('.cr-said').length > before && last().querySelector('.cr-reply')",
        "whole answer": "document.querySelectorAll('.cr-said').length > before && !document.querySelector('.cr-live') "
        "&& last().querySelector('[id^=cr-copy-]')",
    },
    "plain": {
        "first change": "document.querySelectorAll('[data-testid=user]').length > before",
        "whole answer": "document.querySelectorAll('[data-testid=bot]').length > before",
    },
}
LIKED = {"like to its mark": "document.querySelectorAll('.cr-act.cr-on').length > before"}
COUNT = {"chatrec": ".cr-said", "plain": "[data-testid=user]"}
WATCH = """([kind, checks, counted]) => {
  const before = document.querySelectorAll(counted).length, last = () => [...document.querySelectorAll('[data-testid=bot]')].at(-1);
  const tests = Object.entries(checks).map(([name, code]) => [name, new Function('before', 'last', `return ${code}`)]);
  const times = window.times = {};
  addEventListener(kind, () => {
    const began = performance.now(), noted = new Set();
    const look = () => {
      for (const [name, test] of tests) if (!noted.has(name) && test(before, last)) {
        noted.add(name);
        requestAnimationFrame(() => { times[name] = (performance.now() - began) / 1000; });
      }
      if (noted.size === tests.length) watcher.disconnect();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true});
    look();
  }, {capture: true, once: true});
}"""


@contextmanager
def served(command: list[str], port: int) -> Iterator[psutil.Process]:
    """A server in a process of its own, from the moment it is started; it need not answer yet."""
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


async def answering(process: psutil.Process, port: int) -> None:
    """Wait until the server takes connections."""
    while True:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            raise SystemExit("the server ended before it could answer; start it by hand to see why")
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        await asyncio.sleep(0.05)


def free_port() -> int:
    """Any port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory(process: psutil.Process) -> float:
    """Resident memory of the server and its children, in MB."""
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True))) / 1e6


async def opened(browser: Browser, kind: str, port: int, traffic: Counter[tuple[str, str]] | None = None) -> Page:
    """The page in a context of its own, usable; what went over the wire is added to ``traffic``."""
    page = await (await browser.new_context(viewport={"width": 1280, "height": 860})).new_page()
    page.set_default_timeout(300_000)
    if traffic is not None:
        wire = await page.context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        await wire.send("Network.enable")

        def answer(event: Any) -> None:
            kinds[event["requestId"]] = event["type"]
            host = urlsplit(event["response"]["url"]).hostname
            traffic["to another host", "requests"] += host not in ("127.0.0.1", "localhost", None)

        def finished(event: Any) -> None:
            kind_ = kinds.get(event["requestId"], "Other")
            traffic[kind_, "requests"] += 1
            traffic[kind_, "bytes"] += int(event["encodedDataLength"])

        wire.on("Network.responseReceived", answer)
        wire.on("Network.loadingFinished", finished)
    await page.goto(f"http://127.0.0.1:{port}")
    await page.wait_for_selector(USABLE[kind])
    return page


async def timed(page: Page, kind: str, checks: dict[str, str], counted: str, act: Any) -> dict[str, float]:
    """Seconds from the key or the click to each of the checks."""
    await page.evaluate(WATCH, [kind, checks, counted])
    await act
    await page.wait_for_function("count => Object.keys(window.times).length === count", arg=len(checks))
    return dict(await page.evaluate("window.times"))


async def converse(page: Page, kind: str, turns: int, first: int = 0) -> list[dict[str, float]]:
    """So many messages, each with its times; on our page a Like after each answer with cards."""
    found = []
    for turn in range(turns):
        line = LINES[(first + turn) % len(LINES)]
        await page.fill(BOX[kind], line)
        press = page.press(BOX[kind], "Enter")
        checks = SENT[kind]
        found.append(await timed(page, "keydown", checks, COUNT[kind], press))
        like = page.locator("[name=cr-mark-liked]").last
        if kind == "chatrec" and await like.count():
            await like.scroll_into_view_if_needed()
            found.append(await timed(page, "click", LIKED, ".cr-act.cr-on", like.click()))
    return found


def spread(found: list[dict[str, float]]) -> dict[str, tuple[int, float, float]]:
    """How many, p50 and p95 of each time."""
    names = dict.fromkeys(name for one in found for name in one)
    values = {name: [one[name] for one in found if name in one] for name in names}
    return {name: (len(v), float(np.percentile(v, 50)), float(np.percentile(v, 95))) for name, v in values.items()}


async def measure(
    browser: Browser, kind: str, command: list[str], port: int, people: int, turns: int
) -> dict[str, Any]:
    """All figures of one server."""
    traffic: Counter[tuple[str, str]] = Counter()
    began = time.monotonic()
    with served(command, port) as process:
        await answering(process, port)
        ready = time.monotonic() - began
        page = await opened(browser, kind, port, traffic)
        usable = time.monotonic() - began
        await page.wait_for_timeout(2000)  # what is fetched after the page is usable counts for its weight
        result: dict[str, Any] = {"server answers": ready, "first usable page": usable, "memory, idle": memory(process)}
        again = time.monotonic()
        await (await opened(browser, kind, port)).close()
        result["another visitor's page"] = time.monotonic() - again
        await converse(page, kind, 1)  # the first answer warms the model up
        result["alone"] = spread(await converse(page, kind, turns, 1))
        result["memory, after one person"] = memory(process)
        pages = [await opened(browser, kind, port) for _ in range(people)]
        work = (converse(one, kind, max(turns // 3, 1), number) for number, one in enumerate(pages))
        result["together"] = spread([one for each in await asyncio.gather(*work) for one in each])
        result["memory, after all"] = memory(process)
        result["traffic"] = {}
        for (what, unit), count in sorted(traffic.items()):
            result["traffic"].setdefault(what, {})[unit] = count
        return result


def show(result: dict[str, dict[str, Any]], people: int) -> None:
    """Print the tables; the last column is ours divided by the plain page's."""
    ours, plain = result["chatrec"], result["plain"]

    def row(label: str, mine: float, other: float | None, unit: str, digits: int = 2) -> None:
        beside = f"{other:12,.{digits}f} {mine / other:8.1f}x" if other else f"{'–':>12} {'–':>9}"
        print(f"{label:44} {mine:12,.{digits}f} {beside}  {unit}")

    print(f"{'':44} {'chatrec':>12} {'plain page':>12} {'ratio':>9}")
    for what in sorted({*ours["traffic"], *plain["traffic"]}):
        mine, other = (side["traffic"].get(what, {}) for side in (ours, plain))
        count = f" ({mine.get('requests', 0)} requests, plain {other.get('requests', 0)})"
        if what == "to another host":
            row("requests to another host", mine["requests"], None, "requests", 0)
        else:
            row(what + count, mine.get("bytes", 0) / 1e3, other.get("bytes", 0) / 1e3, "kB over the wire", 0)
    for what in ("server answers", "first usable page", "another visitor's page"):
        row(what, ours[what], plain[what], "s")
    for who, number in (("alone", 1), ("together", people)):
        for name, (count, middle, high) in ours[who].items():
            other = plain[who].get(name, (0, 0, 0))
            row(f"{name}, {number} at once, p50 of {count}", middle, other[1], "s", 3)
            row(f"{name}, {number} at once, p95", high, other[2], "s", 3)
    for what in ("memory, idle", "memory, after one person", "memory, after all"):
        row(what, ours[what], plain[what], "MB", 0)


async def main() -> None:
    """Measure both pages and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", help="a workspace to copy; without it the default one")
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--turns", type=int, default=6, help="messages of one person alone; together a third of them")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    path = Path(asked.workspace) if asked.workspace else None
    if path is None:
        from chatrec.sources import open_workspace

        path = open_workspace(None, print).path
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    chrome = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    result = {}
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(path, Path(scratch) / "workspace", ignore=shutil.ignore_patterns("sessions.db*"))
        async with async_playwright() as driver:
            for kind in ("plain", "chatrec"):
                browser = await driver.chromium.launch(
                    executable_path=chrome, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
                )
                port = free_port()
                own = ("ui", "--port", str(port), "--workspace", f"{scratch}/workspace")
                command = [sys.executable, "-c", CODE[kind], *(own if kind == "chatrec" else (str(port),))]
                result[kind] = await measure(browser, kind, command, port, asked.people, asked.turns)
                await browser.close()  # pages that lose their server would try to reach it, and cost time
    show(result, asked.people)
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
