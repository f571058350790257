// Keeps each verdict while it is chosen and typed. Without this script the button at the end of the page does the same.
(() => {
  "use strict";

  const PAUSE = 800; // after the last change, in milliseconds
  const TRY_AGAIN = 10000;

  const form = document.querySelector("form[data-evaluation]");
  if (!form) return;
  const { save, saving, failed } = form.dataset;
  const waiting = new Set();
  const running = new Set(); // what is on its way to the server
  let isLeaving = false;

  const fields = (verdict) => {
    const data = new URLSearchParams();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("candidate", verdict.dataset.candidate);
    data.set("item", verdict.dataset.item);
    for (const field of verdict.querySelectorAll("input, textarea")) {
      if (field.type !== "radio" || field.checked) data.set(field.name, field.value);
    }
    return data;
  };

  const say = (verdict, sentence, isProblem) => {
    const status = verdict.querySelector("[data-status]");
    status.textContent = sentence;
    status.toggleAttribute("data-problem", Boolean(isProblem));
    if (isProblem) status.setAttribute("role", "alert");
    else status.removeAttribute("role");
  };

  const watch = (verdict) => {
    let timer;
    let isRunning = false;
    let again = false;

    const later = (pause) => {
      waiting.add(verdict);
      clearTimeout(timer);
      timer = setTimeout(run, pause);
    };

    const run = () => {
      if (isLeaving) return;
      if (isRunning) {
        again = true;
        return;
      }
      const keeping = keep();
      running.add(keeping);
      keeping.finally(() => running.delete(keeping));
    };

    // Whether it was kept.
    const keep = async () => {
      let isKept = false;
      isRunning = true;
      again = false;
      say(verdict, saving);
      try {
        const response = await fetch(save, {
          method: "POST",
          body: fields(verdict),
          credentials: "same-origin",
          redirect: "error",
          headers: { Accept: "application/json" },
        });
        const told = await response.json();
        const version = verdict.querySelector("input[type=hidden][name$=version]");
        if (response.ok) {
          version.value = told.version;
          waiting.delete(verdict);
          isKept = true;
          say(verdict, told.sentence);
        } else if (response.status === 409) {
          // Typing on, or saving once more, keeps what stands here in place of the other.
          version.value = told.version;
          say(verdict, `${told.sentence} ${told.stored}`, true);
        } else {
          say(verdict, told.sentence || failed, true);
          if (response.status >= 500) later(TRY_AGAIN);
        }
      } catch (error) {
        say(verdict, failed, true);
        later(TRY_AGAIN);
      } finally {
        isRunning = false;
      }
      if (again) later(PAUSE);
      return isKept;
    };

    verdict.addEventListener("input", (event) => later(event.target.type === "radio" ? 0 : PAUSE));
  };

  form.querySelectorAll("[data-verdict]").forEach(watch);
  form.addEventListener("submit", async (event) => {
    if (running.size) {
      // What is on its way is not “another window”: the form goes once it has arrived, with what it became.
      event.preventDefault();
      const kept = await Promise.all(running);
      if (kept.every(Boolean)) form.requestSubmit(event.submitter);
      return;
    }
    isLeaving = true;
    waiting.clear();
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
})();
