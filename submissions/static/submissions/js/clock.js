// Keeps the deadline in view: the time by the server's clock, how long is left, and the deadline in the reader's own
// time. Announces only at a few moments, never every second. Without it the page says what the clock was when loaded.
(() => {
  "use strict";

  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const ASK_AGAIN = 5 * MINUTE;
  const WARN_AT = [60, 30, 15, 10, 5, 2, 1].map((minutes) => minutes * MINUTE);
  const LITTLE = 15 * MINUTE;

  const place = document.querySelector("[data-clock]");
  if (!place) return;
  const language = document.documentElement.lang === "fr" ? "fr-CA" : "en-CA";
  const find = (name) => place.querySelector(`[data-${name}]`);
  const [left, now, own, words, announcement] = [
    "time-left", "time-now", "own-time", "deadline-words", "announcement",
  ].map(find);
  const clockFormat = new Intl.DateTimeFormat(language, { timeZone: "America/Toronto", hour: "numeric", minute: "2-digit" });
  const ownFormat = new Intl.DateTimeFormat(language, {
    month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short",
  });
  // As the server writes it: 9 h 04, never broken between lines.
  const withoutZero = (time) => time.replace(/\b0(\d)(?=\s?h)/, "$1").replace(/(\d)\sh\s(\d)/, "$1\u00a0h\u00a0$2");
  const list = new Intl.ListFormat(language, { type: "conjunction" });

  let deadline = Date.parse(place.dataset.deadline);
  // The server read its clock after it was asked: taking the earlier moment makes the countdown early, never late.
  const [navigation] = performance.getEntriesByType("navigation");
  const asked = navigation ? performance.timeOrigin + navigation.requestStart : Date.now();
  let ahead = Date.parse(place.dataset.now) - asked;
  let heard = Date.now();
  let warned = new Set();
  let lastLeft;

  const amount = (value, unit) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);

  // Rounded down: from a day on in hours, from ten minutes on in minutes, then to the second.
  const inWords = (time) => {
    const units = [["day", 24 * HOUR], ["hour", HOUR], ["minute", MINUTE], ["second", SECOND]];
    const first = Math.max(0, units.findIndex(([, length]) => time >= length));
    const shown = units.slice(first, time >= 10 * MINUTE && time < HOUR ? first + 1 : first + 2);
    let rest = time;
    const said = [];
    for (const [unit, length] of shown) {
      const count = Math.floor(rest / length);
      rest -= count * length;
      if (count) said.push(amount(count, unit));
    }
    return said.length ? list.format(said) : amount(0, "second");
  };

  const announce = (sentence) => {
    announcement.textContent = sentence;
  };

  const warn = (time) => {
    if (lastLeft === undefined || time > lastLeft) warned = new Set(WARN_AT.filter((limit) => limit > time));
    if (time <= 0) {
      if (lastLeft > 0) announce(place.dataset.over);
    } else {
      const due = WARN_AT.filter((limit) => time <= limit && !warned.has(limit));
      if (due.length) {
        due.forEach((limit) => warned.add(limit));
        announce(place.dataset.warning.replace("{time}", inWords(Math.min(...due))));
      }
    }
    lastLeft = time;
  };

  const show = () => {
    const moment = Date.now() + ahead;
    const time = deadline - moment;
    const sentence = time > 0 ? place.dataset.left.replace("{time}", inWords(time)) : place.dataset.over;
    if (left.textContent !== sentence) left.textContent = sentence;
    left.classList.toggle("clock__left--little", time <= LITTLE);
    const clock = place.dataset.time.replace("{time}", withoutZero(clockFormat.format(moment)));
    if (now.textContent !== clock) now.textContent = clock;
    warn(time);
  };

  // Only to a reader whose clock shows another time, and in French without a zero before the hour.
  const showOwn = () => {
    const [here, there] = [undefined, "America/Toronto"].map((timeZone) =>
      new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short", timeZone }).format(deadline));
    if (here === there) {
      own.hidden = true;
      return;
    }
    own.textContent = place.dataset.own.replace("{time}", withoutZero(ownFormat.format(deadline)));
    own.hidden = false;
  };

  // What the server told of its clock, in an answer to this page asked for at the moment `since`.
  const hear = (told, since) => {
    if (!told || !told.now) return;
    heard = Date.now();
    ahead = Date.parse(told.now) - since;
    const moved = Date.parse(told.deadline);
    if (moved !== deadline) {
      deadline = moved;
      words.textContent = told.deadlineInWords;
      words.dateTime = told.deadline;
      showOwn();
      announce(place.dataset.moved.replace("{time}", told.deadlineInWords));
      lastLeft = undefined; // said already
    }
    show();
  };

  const ask = async () => {
    const since = Date.now();
    try {
      const response = await fetch(place.dataset.clock, { cache: "no-store" });
      if (response.ok) hear(await response.json(), since);
    } catch (error) {
      // offline: the clock goes on by itself
    }
  };

  const askWhenOld = () => {
    if (document.visibilityState === "visible" && Date.now() - heard > ASK_AGAIN) ask();
  };

  document.addEventListener("microacq:clock", (event) => hear(event.detail.told, event.detail.since));
  document.addEventListener("visibilitychange", askWhenOld);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) ask();
  });
  // A page that the browser had kept says the time at which it was kept.
  if (!navigation || navigation.type === "back_forward" || navigation.transferSize === 0) ask();
  showOwn();
  show();
  setInterval(show, SECOND);
  setInterval(askWhenOld, MINUTE);
})();
