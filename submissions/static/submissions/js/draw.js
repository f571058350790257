// Repeats a draw in the reader's browser, from what stands on the page: the commitment, the frozen list, the order by
// OCTO-41. Without it the page offers a program and command lines.
(() => {
  "use strict";

  const place = document.querySelector("[data-repeat]");
  const data = document.getElementById("draw-data");
  if (!place || !data) return;
  const published = JSON.parse(data.textContent);
  const outcome = place.querySelector("[data-repeat-outcome]");
  const hexadecimal = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const bytesOf = (text) => new TextEncoder().encode(text);

  async function sha256(text) {
    return hexadecimal(new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text))));
  }

  async function drawAgain() {
    const { candidates } = JSON.parse(published.list);
    const ranked = await Promise.all(
      candidates.map(async (name) => [await sha256(hexadecimal(bytesOf(`${name}/${published.publicText}`))), name]),
    );
    ranked.sort((one, other) => (one[0] < other[0] ? 1 : -1));
    return ranked.map(([, name]) => name);
  }

  const say = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };

  async function repeat() {
    outcome.replaceChildren();
    if (!window.crypto || !crypto.subtle) {
      outcome.append(say("p", place.dataset.missing));
      return;
    }
    const order = await drawAgain();
    const parts = published.publicText.split("/");
    const checks = [
      [place.dataset.secret, (await sha256(published.secret)) === published.commitment && parts[3] === published.secret],
      [place.dataset.list, (await sha256(published.list)) === published.listDigest && parts[2] === published.listDigest],
      [place.dataset.order, order.join() === published.order.join()],
    ];
    const all = checks.every(([, holds]) => holds);
    const list = document.createElement("ul");
    for (const [sentence, holds] of checks) {
      list.append(say("li", `${holds ? place.dataset.holds : place.dataset.fails} ${sentence}`));
    }
    const drawn = document.createElement("ol");
    for (const name of order) drawn.append(say("li", name));
    outcome.append(say("p", all ? place.dataset.good : place.dataset.bad), list, drawn);
  }

  place.hidden = false;
  place.querySelector("[data-repeat-now]").addEventListener("click", repeat);
})();
