"""Whether a screen works by the keyboard alone, on a narrow phone, and enlarged to twice the size.

Tab must reach whatever can be operated in the main part, show where it is, and go on from everywhere: WCAG 2.1.1,
2.1.2, 2.4.7. At 200 % nothing may be cut off or end beyond the screen: WCAG 1.4.4.
"""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.axe import ENDED

#: So many keys are pressed at most; what lies in the previews of a review is passed through as well.
MOST_KEYS = 900
#: So many more than what can be reached: fields of several parts, and a frame around a page, take one more each.
MORE = 10

#: Remembers what the keyboard has come to, and where it could not be seen that it was there.
WATCH = """fromTop => {
    const seen = (window.reached = new Set());
    const hidden = (window.unseen = new Set());
    const look = (element) => {
        const style = getComputedStyle(element);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
            style.backgroundColor, style.textDecorationLine, style.color].join();
    };
    const rings = (element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    };
    // What shows the focus may be drawn around the element: by its label, or by what holds it.
    const around = (element) => [element, ...(element.labels || []), element.parentElement,
        element.parentElement.parentElement, element.closest("[class*=Draftail-Editor]")].filter(Boolean);
    let looking = false;
    window.tabbable = () => [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary,"
        + " iframe, [tabindex], [contenteditable=true])")].filter((element) => {
            if (element.disabled || element.tabIndex < 0 || element.type === "hidden") return false;
            const box = element.getBoundingClientRect();
            if (!box.width || !box.height || !element.checkVisibility({ visibilityProperty: true })) return false;
            if (element.closest("details:not([open])") && !element.matches("summary")) return false;
            // Links in a text that is being written are part of the text. Side panels of Wagtail's own are folded away.
            return !element.parentElement.closest("[contenteditable=true]")
                && !element.closest("[aria-hidden=true], .form-side:not(.form-side--open)");
        });
    document.addEventListener("focusin", ({ target }) => {
        seen.add(target);
        if (target.type === "radio") document.querySelectorAll(`[name="${target.name}"]`).forEach((e) => seen.add(e));
        if (looking || !target.closest("main") || ["MAIN", "IFRAME"].includes(target.tagName)) return;
        if (around(target).some(rings)) return;
        const withFocus = around(target).map(look).join("|");
        looking = true;
        target.blur();
        const without = around(target).map(look).join("|");
        target.focus();
        looking = false;
        if (withFocus === without) hidden.add(target);
    });
    const start = fromTop ? document.body : document.querySelector("main");
    start.tabIndex = -1;
    start.focus();
    start.removeAttribute("tabindex");
}"""

MISSED = """() => {
    const active = document.activeElement;
    if (active && active.tagName === "IFRAME") window.reached.add(active);
    return window.tabbable().filter((element) => !window.reached.has(element))
        .map((element) => element.outerHTML.slice(0, 160));
}"""
UNSEEN = "() => [...window.unseen].map((element) => element.outerHTML.slice(0, 160))"
WHERE = """() => {
    const place = (page) => {
        const active = page.activeElement;
        const inside = active && active.tagName === "IFRAME" && active.contentDocument;
        return [[...page.querySelectorAll("*")].indexOf(active), ...(inside ? place(inside) : [])];
    };
    return place(document).join("/");
}"""

#: What ends beyond a narrow screen; a table and whatever else scrolls by itself may be wider.
TOO_WIDE = """() => [...document.querySelectorAll("main :is(p, a, button, input, select, textarea, h1, h2, h3)")]
    .filter((element) => {
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.right <= window.innerWidth + 1) return false;
        if (element.closest("table, header, .w-sr-only, .Draftail-Editor")) return false;
        // Wagtail's own: side panels, the button of comments, the compiled editor of translations.
        if (element.closest(".form-side, .w-field__comment-button, .js-translation-editor")) return false;
        for (let around = element; around.tagName !== "MAIN"; around = around.parentElement) {
            if (["auto", "scroll", "hidden"].includes(getComputedStyle(around).overflowX)) return false;
        }
        return true;
    })
    .map((element) => element.outerHTML.slice(0, 120))"""

#: Text that ends where what holds it is cut off.
CUT = """() => [...document.querySelectorAll("main :is(p, a, button, label, th, td, li, span, h1, h2, h3, dt, dd)")]
    .filter((element) => {
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        if (!box.width || box.width <= 2 || !element.textContent.trim()) return false;
        if (element.closest(".w-sr-only, [aria-hidden=true], .form-side, .js-translation-editor, header")) return false;
        if (element.matches(".w-dropdown__toggle")) return false; // its name is for screen readers alone
        if (style.textOverflow === "ellipsis") return false;
        const cut = (axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
        return (cut("X") && element.scrollWidth > element.clientWidth + 2)
            || (cut("Y") && element.scrollHeight > element.clientHeight + 2);
    })
    .map((element) => element.outerHTML.slice(0, 160))"""


#: Lets one picture be drawn.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


def by_keyboard(page: Page, *, from_top: bool = False) -> list[str]:
    """What Tab does not reach, where it is not seen, and where it stays.

    Args:
        page: Where Tab is pressed.
        from_top: Whether the way to the main part, which is the same on every screen, is gone, too.
    """
    page.evaluate(WATCH, from_top)
    missed: list[str] = page.evaluate(MISSED)
    pressed = 0
    while missed and pressed < MOST_KEYS:
        at_once = len(missed) + MORE
        for _key in range(at_once):
            page.keyboard.press("Tab")
        pressed += at_once
        missed = page.evaluate(MISSED)
    faults = [f"not reached: {element}" for element in missed]
    faults += [f"focus not seen: {element}" for element in page.evaluate(UNSEEN)]
    places = []
    for _key in range(3):
        places.append(page.evaluate(WHERE))
        page.keyboard.press("Tab")
    if len(set(places)) == 1 and not missed:
        faults.append("the keyboard stays where it is")
    return faults


def enlarged(page: Page) -> list[str]:
    """What is cut off or too wide when a window of 1,280 by 900 pixels is enlarged to 200 %, or on a phone."""
    page.set_viewport_size({"width": 640, "height": 450})
    settle(page)  # the side bar slides away
    faults = [
        *(f"wider than the screen: {element}" for element in page.evaluate(TOO_WIDE)),
        *(f"cut off: {element}" for element in page.evaluate(CUT)),
    ]
    page.set_viewport_size({"width": 320, "height": 800})
    settle(page)
    faults += [f"wider than a phone: {element}" for element in page.evaluate(TOO_WIDE)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return faults


def settle(page: Page) -> None:
    """Let what moves since the last change come to its end."""
    for then in (DRAWN, DRAWN, ENDED, DRAWN):
        page.evaluate(then)
