/*
 * Tells a reader outside Eastern time what an instant is in their own time, beside the Eastern time that counts.
 * Loaded before the page is drawn, so that the room for it is there from the start and nothing moves.
 */
"use strict";
(() => {
  const root = document.documentElement;
  const describe = (moment, timeZone) =>
    new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeStyle: "short", timeZone }).format(moment);
  // Two days of the year tell zones apart that agree in one season only.
  const days = [new Date(), new Date(Date.UTC(2026, 0, 15)), new Date(Date.UTC(2026, 6, 15))];
  if (days.every((day) => describe(day) === describe(day, "America/Toronto"))) return;

  root.classList.add("has-own-time");
  const words = new Intl.DateTimeFormat(`${root.lang}-CA`, {
    year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short",
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const time of document.querySelectorAll(".own-time > time")) {
      time.textContent = words.format(new Date(time.dateTime)).replace(/\b0(\d)(?=\s?h)/, "$1").replace(/\s?h\s?(?=\d)/, "\u00a0h\u00a0");
    }
  });
})();
