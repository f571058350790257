// Saves answers while they are written. They are kept by the server, sealed to the supplier's link; this browser keeps
// nothing of them. For as long as the tab is open it remembers the link, so that loading the page again loses nothing.
// Without this script the button "Save and continue later" does the same.
(() => {
  "use strict";

  const PAUSE = 1500; // after the last change, in milliseconds
  const TRY_AGAIN = [3000, 10000, 30000, 60000];
  const TRANSIENT = new Set([408, 500, 502, 503, 504]);

  const form = document.querySelector("form[data-save]");
  if (!form) return;
  const { save, number, ownLink, saving, saved, notYet, firstSaved, offline, again, failed } = form.dataset;
  const state = document.querySelector("[data-saving-state]");
  const announcement = document.querySelector("[data-announcement]");
  const language = document.documentElement.lang === "fr" ? "fr-CA" : "en-CA";
  const format = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
  const key = `microacq-draft-${number}`;

  let asked; // what was last saved
  let timer;
  let running = false;
  let attempts = 0;
  let said = false;
  let stopped = false;
  let leaving = false;
  let touched = false;

  const remembered = () => {
    try {
      return window.sessionStorage.getItem(key);
    } catch (error) {
      return null; // storage is forbidden here
    }
  };
  const remember = () => {
    try {
      window.sessionStorage.setItem(key, ownLink);
    } catch (error) {
      // the link can still be mailed
    }
  };

  // What is typed, without what names this window.
  const typed = () => {
    const data = new URLSearchParams();
    new FormData(form).forEach((value, name) => {
      if (!["csrfmiddlewaretoken", "version", "act"].includes(name)) data.append(name, value);
    });
    return data;
  };

  // The same for the form as the server made it, whatever the browser filled in since.
  const asServed = () => {
    const data = new URLSearchParams();
    for (const field of form.elements) {
      if (!field.name || ["csrfmiddlewaretoken", "version", "act"].includes(field.name)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.defaultChecked) data.append(field.name, field.value);
      } else if (field.options) {
        const chosen = [...field.options].filter((option) => option.defaultSelected);
        (chosen.length ? chosen : [...field.options].slice(0, 1)).forEach((option) => data.append(field.name, option.value));
      } else if (field.type !== "submit") {
        data.append(field.name, field.defaultValue);
      }
    }
    return data;
  };

  const show = (sentence, isProblem) => {
    state.textContent = sentence;
    state.classList.toggle("clock__saving--problem", Boolean(isProblem));
  };
  const announce = (sentence) => {
    announcement.textContent = sentence;
  };

  const succeed = (told, body, since) => {
    asked = body;
    form.elements.version.value = told.version;
    const time = format.format(new Date(told.savedAt)).replace(/\b0(\d)(?=\s?h)/, "$1");
    show(saved.replace("{time}", time));
    if (attempts) announce(again.replace("{time}", time));
    else if (!said) announce(firstSaved);
    said = true;
    attempts = 0;
    remember();
    document.dispatchEvent(new CustomEvent("microacq:clock", { detail: { told, since } }));
  };

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };

  const retry = (sentence) => {
    if (!attempts) announce(sentence);
    show(sentence, true);
    later(TRY_AGAIN[Math.min(attempts, TRY_AGAIN.length - 1)]);
    attempts += 1;
  };

  // Refused in words: what is typed stays on the page, and the person decides.
  const refuse = (told) => {
    show(told.sentence, true);
    announce(told.sentence);
    stopped = told.reason !== "large";
    // The button "Save and continue later" then saves this in place of the other.
    if (told.version) form.elements.version.value = told.version;
  };

  const keep = async () => {
    if (running || stopped || leaving) return;
    const body = typed();
    if (body.toString() === asked) {
      show(state.textContent);
      return;
    }
    running = true;
    show(saving);
    const since = Date.now();
    const sent = new URLSearchParams(body);
    sent.append("version", form.elements.version.value);
    try {
      const response = await fetch(save, {
        method: "POST",
        body: sent,
        keepalive: document.visibilityState === "hidden" && sent.toString().length < 60000,
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      });
      if (response.ok) succeed(await response.json(), body.toString(), since);
      else if (response.status === 429) retry((await response.json()).sentence);
      else if (TRANSIENT.has(response.status)) retry(failed);
      else refuse(await response.json());
    } catch (error) {
      if (!leaving) retry(error instanceof SyntaxError ? failed : offline);
    }
    running = false;
    if (!attempts && !stopped && typed().toString() !== asked) {
      show(notYet); // what was typed meanwhile
      later(PAUSE);
    }
  };

  const changed = () => {
    touched = true;
    if (stopped) return;
    if (!attempts) {
      if (!running) show(notYet);
      later(PAUSE);
    }
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    // What was refused, or what the browser brought back, is not saved yet.
    if (typed().toString() !== asked) changed();
  });
  window.addEventListener("online", () => {
    if (attempts) later(0);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && touched && !leaving) keep();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && touched && typed().toString() !== asked) event.preventDefault();
  });

  const earlier = document.querySelector("[data-earlier]");
  const link = remembered();
  if (earlier && link && link !== ownLink && form.elements.version.value === "0" && !document.querySelector(".error-summary")) {
    earlier.querySelector("[data-earlier-link]").href = link;
    earlier.hidden = false;
  }
  asked = "unsaved" in form.dataset ? undefined : asServed().toString();
})();
