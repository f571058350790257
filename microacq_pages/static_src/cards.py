"""Draws the pictures that other sites show for a link to this one, in both languages, into ``static/``.

Run by hand after a change, with the browser of the tests; what it writes is committed:
``python microacq_pages/static_src/cards.py``. No page loads the pictures, so they weigh on no reader.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "static" / "microacq_pages"
SIZE: ViewportSize = {"width": 1200, "height": 630}
WORDS = {
    "en": (
        "Micro-acquisition",
        "Small, fixed-price, open-source work",
        "Apply with one short form. No account.",
    ),
    "fr": (
        "Micro-acquisition",
        "De petits travaux à prix fixe, en code source ouvert",
        "Un court formulaire suffit. Aucun compte à créer.",
    ),
}
PAGE = """<!DOCTYPE html><html lang="{language}"><style>
@font-face {{ font-family: Lato; font-weight: 700; src: url("{fonts}/lato-bold.woff2"); }}
@font-face {{ font-family: Noto; src: url("{fonts}/noto-sans-regular.woff2"); }}
body {{ margin: 0; box-sizing: border-box; width: 1200px; height: 630px; padding: 110px 90px;
        border-left: 36px solid #33a06f; background: #26374a; color: #fff; font: 40px/1.4 Noto; }}
h1 {{ margin: 0 0 44px; font: 700 96px/1.1 Lato; }}
p {{ margin: 0 0 20px; }} .lead {{ font-size: 52px; }}
</style><h1>{0}</h1><p class="lead">{1}</p><p>{2}</p></html>"""


def main() -> None:
    """Draw each card."""
    sys.path.insert(0, str(HERE.parent.parent))
    from tests.support.browser import LAUNCH_ARGUMENTS, provide

    target = STATIC / "share"
    target.mkdir(exist_ok=True)
    os.environ.pop("DISPLAY", None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=provide(fetch=False).path, args=LAUNCH_ARGUMENTS)
        page = browser.new_page(viewport=SIZE)
        sketch = target / "sketch.html"
        for language, words in WORDS.items():
            fonts = (STATIC / "fonts").as_uri()
            sketch.write_text(PAGE.format(*words, language=language, fonts=fonts), encoding="utf-8")
            page.goto(sketch.as_uri())
            page.evaluate("document.fonts.ready")
            page.screenshot(path=str(target / f"card-{language}.png"))
        sketch.unlink()
        browser.close()


if __name__ == "__main__":
    main()
