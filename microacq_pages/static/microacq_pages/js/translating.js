// Improves the screens of translators; every one of them works without it.
(() => {
    "use strict";

    // "Start from the earlier translation" copies it into the field instead of asking the server for it.
    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-start]");
        if (!button) {
            return;
        }
        const key = button.dataset.start;
        const field = document.getElementById(`text-${key}`);
        const earlier = document.querySelector(`[data-earlier="${key}"]`);
        if (field && earlier && !field.value.trim()) {
            event.preventDefault();
            field.value = earlier.textContent;
            field.focus();
        }
    });

    // The compiled editor names its texts only by their words.
    const find = (editor, text) =>
        [...editor.querySelectorAll("li > p")].find((source) => source.textContent === text)?.closest("li");

    const show = (editor, text) => {
        const item = find(editor, text);
        if (!item) {
            return;
        }
        const panel = item.closest("[role=tabpanel], .w-tabs__panel");
        if (panel?.hidden) {
            editor.querySelector(`[aria-controls="${panel.id}"], a[href="#${panel.id}"]`)?.click();
        }
        item.scrollIntoView({ block: "center" });
        item.querySelector("button")?.focus({ preventScroll: true });
    };

    document.addEventListener("DOMContentLoaded", () => {
        const editor = document.querySelector(".js-translation-editor");
        if (!editor) {
            return;
        }
        // Its field for a file has no label, and its headings skip a level.
        const label = document.getElementById("translation-aside")?.dataset.fileLabel ?? "";
        const mend = () => {
            editor.querySelectorAll("input[type=file]:not([aria-label])").forEach((field) => {
                field.setAttribute("aria-label", label);
            });
            editor.querySelectorAll("h3:not([aria-level]), h4:not([aria-level])").forEach((heading) => {
                heading.setAttribute("aria-level", heading.tagName === "H3" ? "2" : "3");
            });
        };
        new MutationObserver(mend).observe(editor, { childList: true, subtree: true });
        mend();
        document.querySelectorAll("[data-show-in-editor]").forEach((button) => {
            button.hidden = false;
            button.addEventListener("click", () => show(editor, button.dataset.showInEditor));
        });
    });
})();
