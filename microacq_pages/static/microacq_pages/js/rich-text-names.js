// Names the rich text fields of the Wagtail editor to screen readers: Wagtail leaves the typing area without a name.
(() => {
  "use strict";

  let given = 0;

  const name = () => {
    for (const area of document.querySelectorAll(".Draftail-Editor [role=textbox]:not([aria-labelledby])")) {
      const label =
        area.closest(".w-field__wrapper")?.querySelector("label") ??
        area.closest(".w-panel")?.querySelector("[data-panel-heading-text], .w-panel__heading");
      if (!label) continue;
      label.id ||= `rich-text-name-${++given}`;
      area.setAttribute("aria-labelledby", label.id);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    name();
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  });
})();
