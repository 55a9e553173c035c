"""Takes the picture of a report's first screen for the README.

`python docs/make_picture.py reports/latest/report.html docs/images/report.png`; needs playwright and a Chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

WIDTH, HEIGHT = 1280, 840
ARGUMENTS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def take_picture(report: Path, out: Path, *, scheme: str = "light") -> None:
    """Open the report in a Chromium of this machine and save what fits one screen, at twice the density."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if chromium is None:
        sys.exit("there is no Chromium on this machine; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=2,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page.goto(report.resolve().as_uri())
        out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) not in {3, 4}:
        sys.exit("usage: python docs/make_picture.py REPORT.html PICTURE.png [light|dark]")
    take_picture(Path(sys.argv[1]), Path(sys.argv[2]), scheme=(sys.argv[3:] or ["light"])[0])
