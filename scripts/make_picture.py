"""Photograph a finished map for the README.

    python scripts/make_picture.py maps/ha-giang.html maps/ha-giang.png

Needs the extra `test` (Playwright) and a Chromium on the path.
"""

from __future__ import annotations

import argparse
import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

VIEW = {"width": 1240, "height": 820}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
COLOURS = 64
SETTLED_MS = 3000
"""Time for the canvas to be painted after the page has loaded."""


def photograph(page: Path) -> Image.Image:
    """Return the map as it stands when it is first opened, without a network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        tab = browser.new_context(viewport=VIEW, offline=True).new_page()
        tab.goto(page.resolve().as_uri())
        tab.wait_for_timeout(SETTLED_MS)
        shot = tab.screenshot()
        browser.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def main() -> None:
    """Write the picture with few colours, so that it stays light."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    given = parser.parse_args()
    few = photograph(given.page).quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(given.picture, optimize=True)


if __name__ == "__main__":
    main()
