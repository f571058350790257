// After a form of the admin came back with errors: each field is described by its own, and the first has the focus,
// or what is said of the form as a whole.
// Wagtail puts the sentence beside the field and ties it only on screens made of panels.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const fields = document.querySelectorAll("main form [aria-invalid=true]");
  fields.forEach((field, position) => {
    const errors = field.closest(".w-field")?.querySelector("[data-field-errors]");
    if (!errors) return;
    errors.id ||= `field-errors-${position}`;
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    if (!described.includes(errors.id)) field.setAttribute("aria-describedby", [errors.id, ...described].join(" "));
  });
  if (document.activeElement !== document.body) return;
  const first = fields[0] ?? document.querySelector("main .help-critical[role=alert]");
  if (first && first !== fields[0]) first.tabIndex = -1;
  first?.focus();
});
