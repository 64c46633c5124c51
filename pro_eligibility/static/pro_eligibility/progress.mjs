// Keeps the progress of a test up to date, and says seldom enough how far it is.

const EVERY = 3000; // milliseconds

const progress = document.getElementById("progress");
const spoken = document.getElementById("spoken");

setTimeout(refresh, EVERY);

async function refresh() {
  try {
    const answer = await fetch(progress.dataset.address);
    // It ended, or it was deleted, or its visitor is logged out: the page itself knows what to show.
    if (answer.status === 204 || answer.status === 404 || answer.redirected) {
      return location.reload();
    }
    if (answer.ok) show(await answer.text());
  } catch {
    // The network is away; the next time may do.
  }
  setTimeout(refresh, EVERY);
}

function show(fragment) {
  progress.innerHTML = fragment; // ours, and escaped by its template
  const { spoken: words } = progress.querySelector("[data-spoken]").dataset;
  if (spoken.textContent !== words) spoken.textContent = words;
}
