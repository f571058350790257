// Keeps the panel of findings and the price estimate in step with what is typed in the editor. Without it they show the
// state as last saved. Sends the form as it stands, saves nothing.
(() => {
  "use strict";

  const PAUSE = 1200; // after the last change, in milliseconds
  const QUIET = 8000; // between two announcements to screen readers

  const start = () => {
    const panel = document.querySelector("[data-microacq-findings]");
    const form = panel && panel.closest("form");
    if (!form || !panel.dataset.address) return;

    const estimate = document.querySelector("[data-microacq-estimate]");
    const list = panel.querySelector("[data-findings]");
    const around = panel.querySelector("[data-around]");
    const summary = panel.querySelector("[data-summary]");
    const announcement = panel.querySelector("[data-announcement]");
    const link = linkInFooter(panel, summary.textContent);
    let asked = typed(form);
    let pause;
    let request;
    let spoken = summary.textContent;
    let speech;
    let lastSpoken = 0;

    const announce = () => {
      clearTimeout(speech);
      if (summary.textContent === spoken) return;
      speech = setTimeout(() => {
        if (summary.textContent === spoken) return;
        spoken = summary.textContent;
        announcement.textContent = spoken;
        lastSpoken = Date.now();
      }, Math.max(0, lastSpoken + QUIET - Date.now()));
    };

    const show = (answer) => {
      panel.querySelector("[data-saved-only]").hidden = true;
      summary.textContent = answer.summary;
      if (link) link.textContent = answer.summary;
      replace(list, answer.findings);
      replace(around, answer.around);
      if (estimate) replace(estimate, answer.estimate);
      announce();
    };

    const ask = async () => {
      const body = typed(form);
      if (body === asked) return;
      asked = body;
      if (request) request.abort();
      request = new AbortController();
      try {
        const response = await fetch(addressFor(panel), {
          method: "POST",
          body,
          signal: request.signal,
          headers: {
            "Content-Type": "application/x-www-form-urlencoded",
            Accept: "application/json",
            "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
          },
        });
        if (response.ok) show(await response.json());
        else asked = "";
      } catch (error) {
        asked = ""; // aborted or offline: what is shown stays, and the next change asks again
      }
    };

    const later = () => {
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE);
    };
    // Rich text fields tell of themselves by keys; rows are added and taken away by clicks.
    ["input", "change", "keyup", "click"].forEach((name) => form.addEventListener(name, later));
    panel.addEventListener("click", goToField);
  };

  // A new page that Wagtail has saved meanwhile is an existing one.
  const addressFor = (panel) => {
    const saved = window.location.pathname.match(/\/pages\/(\d+)\/edit\//);
    return saved
      ? panel.dataset.address.replace(/(?:page|new)\/\d+\/$/, `page/${saved[1]}/`)
      : panel.dataset.address;
  };

  const typed = (form) => {
    const data = new URLSearchParams();
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") data.append(name, value);
    });
    return data.toString();
  };

  // Whoever is reading in the list with the keyboard is not thrown out of it, and what was unfolded stays so.
  const replace = (place, html) => {
    const write = () => {
      const open = place.querySelector("details[open]") !== null;
      place.innerHTML = html;
      const details = place.querySelector("details");
      if (details) details.open = open;
    };
    if (!place.contains(document.activeElement)) {
      write();
      return;
    }
    place.addEventListener("focusout", () => setTimeout(() => replace(place, html)), { once: true });
  };

  const linkInFooter = (panel, text) => {
    const footer = document.querySelector("footer.footer .footer__container, footer.footer nav, footer.footer");
    if (!footer) return null;
    const link = document.createElement("a");
    link.className = "microacq-findings-link";
    link.href = `#${panel.id}`;
    link.textContent = text;
    footer.append(link);
    return link;
  };

  const goToField = (event) => {
    const link = event.target.closest("a[href^='#field-']");
    if (!link) return;
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.querySelectorAll("button[data-panel-toggle][aria-expanded=false]").forEach((button) => button.click());
    const section = field.closest("section[data-panel]");
    const closed = section && section.querySelector("button[data-panel-toggle][aria-expanded=false]");
    if (closed) closed.click();
    const control = [...field.querySelectorAll("input, textarea, select, [contenteditable=true], button")].find(
      (candidate) => candidate.offsetParent !== null && candidate.type !== "hidden" && !candidate.closest("[data-panel-toggle]"),
    );
    field.scrollIntoView({ block: "center" });
    if (control) control.focus({ preventScroll: true });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
