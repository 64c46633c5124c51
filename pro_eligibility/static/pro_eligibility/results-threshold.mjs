/* Shows what another least score would make of the rows, before it is saved. */

const form = document.getElementById("threshold");
const range = form.querySelector("[type=range]");
const number = form.elements.score_threshold;
const told = form.querySelector("[role=status]");
const PAUSE = 150; // ms without a move
let timer, request;

range.hidden = false;
range.value = number.value;
range.addEventListener("input", () => {
  number.value = range.value;
  countSoon();
});
number.addEventListener("input", () => {
  range.value = number.value;
  if (number.value && number.checkValidity()) countSoon();
});

function countSoon() {
  clearTimeout(timer);
  timer = setTimeout(count, PAUSE);
}

/* An answer that comes late must not replace a newer one. */
async function count() {
  request?.abort();
  request = new AbortController();
  try {
    const address = `${form.dataset.counts}?threshold=${number.value}`;
    const response = await fetch(address, {signal: request.signal});
    if (response.ok) show((await response.json()).outcomes);
  } catch (error) {
    if (error.name !== "AbortError") console.error(error);
  }
}

function show(outcomes) {
  const figures = [...document.querySelectorAll("[data-outcome]")];
  for (const figure of figures) {
    figure.textContent = outcomes[figure.dataset.outcome]
      .toLocaleString(document.documentElement.lang);
  }
  told.textContent = figures.slice(0, 2)
    .map(({parentElement}) => parentElement.textContent.trim()).join(", ");
}
