// Shows how many words an answer has while it is written. The server counts again: see submissions/proposals/words.py,
// whose two character classes are repeated here.
(() => {
  "use strict";

  const run = /[^\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/gu;
  const letterOrDigit = /[\p{L}\p{N}]/u;

  const countWords = (text) => (text.match(run) || []).filter((word) => letterOrDigit.test(word)).length;

  const watch = (field) => {
    const counter = document.getElementById(`${field.id}_count`);
    const limit = Number(field.dataset.wordLimit);
    const { countWithin, countOver } = field.form.dataset;
    let waiting;

    const show = () => {
      const count = countWords(field.value);
      const sentence = count > limit ? countOver : countWithin;
      counter.textContent = sentence.replace("{count}", count).replace("{limit}", limit);
      counter.classList.toggle("limit--over", count > limit);
    };

    show();
    counter.setAttribute("aria-live", "polite");
    field.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(show, 500);
    });
  };

  document.querySelectorAll("textarea[data-word-limit]").forEach(watch);
})();
