/* What the page adds once it runs: a countdown that moves, filters, and live updates. Without it all is readable. */

const byId = (id) => document.getElementById(id);
const board = () => byId("board");

/** The session's calendar may be simulated: the countdown starts from the page's own "now". */
let loadedAt = performance.now();

function countDown() {
  const { event, now } = board().dataset;
  const left = Date.parse(event) - (Date.parse(now) + (performance.now() - loadedAt));
  // Far away the page's own day count stands; on the last two days hours matter.
  if (Math.abs(left) > 48 * 3_600_000) return;
  const minutes = Math.floor(Math.abs(left) / 60_000);
  const text = `${left >= 0 ? "T-" : "T+"}${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const place = byId("countdown");
  if (place.textContent !== text) place.textContent = text;
}

function filter() {
  const form = byId("filters");
  if (!form) return;
  const wanted = new FormData(form);
  const rows = [...document.querySelectorAll(".register tbody tr")];
  for (const row of rows) {
    const { level, module, owner, accepted } = row.dataset;
    const fits = (name, value) => (wanted.get(name) ?? "") === "" || wanted.get(name) === value;
    const open = wanted.get("open") === null || accepted === "no";
    row.hidden = !(fits("level", level) && fits("module", module) && fits("owner", owner) && open);
  }
  const shown = rows.filter((row) => !row.hidden).length;
  byId("shown").value = shown === rows.length ? "" : `${shown} of ${rows.length}`;
}

function ready() {
  const form = byId("filters");
  if (form) {
    form.hidden = document.querySelectorAll(".register tbody tr").length < 2;
    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  filter();
  countDown();
}

/** Draws the page anew from the server, and keeps what its reader had opened, chosen and focused. */
async function refresh() {
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!response.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("board");
  if (!next) return;
  const opened = [...document.querySelectorAll("details[open]")].map((item) => item.dataset.claim);
  const form = byId("filters");
  const chosen = form
    ? [...form.elements].map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value])
    : [];
  const focused = document.activeElement;
  const focus = focused?.name
    ? `#filters [name="${focused.name}"]`
    : focused?.closest("details")?.dataset.claim &&
      `details[data-claim="${focused.closest("details").dataset.claim}"] summary`;
  board().replaceWith(document.adoptNode(next));
  loadedAt = performance.now();
  for (const claim of opened) document.querySelector(`details[data-claim="${claim}"]`)?.setAttribute("open", "");
  for (const [name, value] of chosen) {
    const field = name && byId("filters")?.elements.namedItem(name);
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value;
    else if ([...(field.options ?? [])].some((option) => option.value === value)) field.value = value;
  }
  ready();
  if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
  say("Updated");
}

let quiet;
function say(text) {
  byId("live").textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    byId("live").textContent = "";
  }, 4_000);
}

ready();
setInterval(countDown, 15_000);
const live = new EventSource(`${location.pathname}/live`);
live.addEventListener("revision", ({ data }) => {
  if (data !== board().dataset.revision) void refresh();
});
