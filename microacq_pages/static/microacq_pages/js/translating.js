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
    const editor = document.querySelector(".js-translation-editor");
    const find = (text) =>
        [...editor.querySelectorAll("li > p")].find((source) => source.textContent === text)?.closest("li");

    if (editor) {
        document.querySelectorAll("[data-show-in-editor]").forEach((button) => {
            button.hidden = false;
            button.addEventListener("click", () => {
                const item = find(button.dataset.showInEditor);
                if (!item) {
                    return;
                }
                const panel = item.closest("[role=tabpanel], .w-tabs__panel");
                if (panel?.hidden) {
                    editor.querySelector(`[aria-controls="${panel.id}"], a[href="#${panel.id}"]`)?.click();
                }
                item.scrollIntoView({ block: "center" });
                item.querySelector("button")?.focus({ preventScroll: true });
            });
        });
    }
})();
