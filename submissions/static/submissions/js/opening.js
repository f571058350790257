// Shows how far an opening is while it goes on. Without this script the page loads itself again.
(() => {
  "use strict";

  const PAUSE = 500; // between two questions, in milliseconds
  const AFTER_FAILURE = 5000;
  const SPOKEN_EVERY = 5000; // a screen reader hears the numbers no more often

  const place = document.querySelector("[data-opening]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const sentence = place.querySelector("[data-sentence]");
  const spoken = place.querySelector("[data-spoken]");
  let last = Date.now();

  const look = async () => {
    try {
      const response = await fetch(place.dataset.opening, {
        credentials: "same-origin",
        redirect: "error",
        headers: { Accept: "application/json" },
      });
      if (!response.ok) throw new Error(String(response.status));
      const told = await response.json();
      if (told.over) {
        window.location.reload();
        return;
      }
      if (told.begun) {
        bar.max = told.total || 1;
        bar.value = told.done;
      }
      sentence.textContent = told.sentence;
      if (Date.now() - last >= SPOKEN_EVERY) {
        spoken.textContent = told.sentence;
        last = Date.now();
      }
      setTimeout(look, PAUSE);
    } catch {
      setTimeout(look, AFTER_FAILURE);
    }
  };

  setTimeout(look, PAUSE);
})();
