// Adds a button that copies to each text that is ready to send. Without script the text can be selected.
(() => {
  "use strict";

  const offer = (field) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary announcement__copy";
    button.textContent = field.dataset.copy;
    button.setAttribute("aria-label", `${field.dataset.copy} – ${field.labels[0].textContent}`);
    const said = document.createElement("span");
    said.setAttribute("role", "status");

    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // where the page is not served securely
      }
      said.textContent = field.dataset.copied;
      window.setTimeout(() => { said.textContent = ""; }, 4000);
    });
    field.after(button, said);
  };

  document.querySelectorAll("textarea[data-copy]").forEach(offer);
})();
