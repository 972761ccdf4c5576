"""The taste map with 10,000 made-up items in headless Chromium: bytes sent, time until it stands, time of a redraw.

python tests/benchmarks/big_map.py [PICTURE.png]
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))
from chatrec_ui import app, taste_map
from fakes import FakeRecommender

from chatrec.catalogue.items import Catalogue, Item, Words

COUNT = 10_000
KINDS = "Drama Comedy Action Thriller Romance Adventure Children Crime Sci-Fi Horror War".split()
MOODS = "funny dark sad tense warm silly slow odd grand quiet".split()
REDRAWN = """() => new Promise((done) => {
  const began = performance.now();
  document.querySelector('[name=cr-map-in]').click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""

random = np.random.default_rng(1)
centres, group = random.random((60, 2)), random.integers(0, 60, COUNT)
places = np.clip(centres[group] + random.normal(0, 0.035, (COUNT, 2)), 0, 1).astype(np.float32)
fake = FakeRecommender()
fake.catalogue = Catalogue(
    [
        Item(
            item_id=str(n),
            title=f"Title Number {n}",
            year=1930 + n % 90,
            categories=(KINDS[group[n] % len(KINDS)],),
            moods=(MOODS[group[n] % len(MOODS)],),
        )
        for n in range(COUNT)
    ],
    Words(),
    "Ten thousand",
)
fake.workspace.likes = ((1e5 / (1 + random.permutation(COUNT))).astype(int),) * 2
taste_map._kept = lambda *_: places  # where t-SNE would put them is not the question here
taste = taste_map.TasteMap(fake)
sent = {
    name: len(json.dumps(value)) // 1024
    for name, value in (("items", taste.points()), ("places", taste.layout("taste")))
}
print(f"{COUNT:,} items: {sent['items']} KB, their places in a space: {sent['places']} KB")
blocks = app.serve(fake, "127.0.0.1", 0)
with sync_playwright() as driver:
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    path = next((str(p) for p in map(Path, ("/usr/bin/chromium", "/usr/bin/google-chrome")) if p.exists()), None)
    chrome = driver.chromium.launch(executable_path=path, args=args)
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    page.goto(blocks.local_url)
    page.wait_for_selector(".cr-example")
    page.click("[name=cr-tab][value=map]")
    began = time.monotonic()
    page.wait_for_selector(".cr-kind")
    print(f"the map stands after {time.monotonic() - began:.2f} s")
    page.wait_for_timeout(1500)
    print("a redraw takes", ", ".join(f"{page.evaluate(REDRAWN):.0f} ms" for _ in range(5)))
    page.click("[name=cr-map-all]")
    page.wait_for_timeout(500)
    if len(sys.argv) > 1:
        page.screenshot(path=sys.argv[1])
    chrome.close()
blocks.close(verbose=False)
