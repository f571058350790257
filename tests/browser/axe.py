"""What axe is asked, and how it is asked without looking at the same thing a hundred times.

More than half of its time goes to contrast, which it measures for every piece of text, though the cells of a column
and the items of a menu look alike. Of pieces that look alike it measures two; every other rule sees the whole page.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "resultTypes": ["violations"],  # what passes is not described, which takes longer than looking
    "preload": False,
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}

#: Lets axe measure the contrast of so many of each look. Alike are two of the same kind and class, in parents and
#: grandparents of the same, whose text has the same colour, size and weight, and lies on the same grounds: whatever
#: their ancestors paint, and how these are placed and cut off.
SOME_OF_EACH_LOOK = """most => {
    const named = (element) => element ? `${element.tagName}.${element.getAttribute("class")}` : "";
    const grounds = new Map([[null, ""]]);
    const groundOf = (element) => {
        if (!grounds.has(element)) {
            const style = getComputedStyle(element);
            const paint = [style.backgroundColor, style.backgroundImage, style.opacity, style.position, style.zIndex,
                style.overflow, style.visibility, style.clipPath, style.filter, style.mixBlendMode].join();
            const around = groundOf(element.parentElement);
            grounds.set(element, around.endsWith(`|${paint}`) ? around : `${around}|${paint}`);
        }
        return grounds.get(element);
    };
    const lookOf = (element) => {
        const style = getComputedStyle(element);
        const parent = element.parentElement;
        return [named(element), named(parent), named(parent?.parentElement), groundOf(element), element.type,
            style.color, style.fontSize, style.fontWeight, style.textShadow].join("#");
    };
    const rule = axe._audit.rules.find(({ id }) => id === "color-contrast");
    const wants = rule.matches;
    const measured = new Map();
    rule.matches = (element, ...more) => {
        if (!wants.call(rule, element, ...more)) return false;
        const look = lookOf(element);
        measured.set(look, (measured.get(look) || 0) + 1);
        return measured.get(look) <= most;
    };
}"""
OF_EACH_LOOK = 2

#: What fades in is looked at when it is there.
ENDED = """() => document.getAnimations().forEach((animation) => {
    if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
})"""

#: What Wagtail puts around every screen of its admin: half of a screen's elements, the same on each of them.
FURNITURE = ["#wagtail-sidebar", "#keyboard-shortcuts-dialog", "[data-sprite]"]

_AXE = Axe()


def barriers(page: Page, rules: list[str] | None = None, *, furniture: bool = False) -> list[str]:
    """List the barriers on a page, one line for each element.

    Args:
        page: Where it is looked.
        rules: These alone, if they are named.
        furniture: Whether to look at what stands around every screen of the admin, too.
    """
    only: dict[str, Any] = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    page.evaluate(ENDED)
    page.evaluate(_AXE.axe_script)
    if not rules:
        page.evaluate(SOME_OF_EACH_LOOK, OF_EACH_LOOK)
    ask = """([left_out, options]) => axe.run({ include: document, exclude: left_out }, options)
        .then(({ violations }) => violations)"""
    left_out = [] if furniture else [[part] for part in FURNITURE]
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:200]}"
        for violation in page.evaluate(ask, [left_out, {**OPTIONS, **only}])
        for node in violation["nodes"]
    ]
