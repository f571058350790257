// Shows how many words a text has while it is written. The server counts again: see submissions/proposals/words.py,
// whose two character classes are repeated here.
(() => {
  "use strict";

  const run = /[^\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/gu;
  const letterOrDigit = /[\p{L}\p{N}]/u;

  const countWords = (text) => (text.match(run) || []).filter((word) => letterOrDigit.test(word)).length;

  const watch = (counter) => {
    const field = document.getElementById(counter.dataset.wordCountFor);
    const limit = Number(counter.dataset.wordLimit);
    let waiting;

    const show = () => {
      const count = countWords(field.value);
      const sentence = count > limit ? counter.dataset.over : counter.dataset.within;
      counter.textContent = sentence.replace("{count}", count).replace("{limit}", limit);
      counter.classList.toggle("word-count--over", count > limit);
    };

    field.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(show, 400);
    });
    show();
  };

  document.querySelectorAll("[data-word-count-for]").forEach(watch);
})();
