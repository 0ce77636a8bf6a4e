// Before the first paint, so that nothing flashes: the colours this browser chose last time.
(() => {
  let chosen = "system";
  try {
    chosen = localStorage.getItem("t-minus.theme") ?? "system";
  } catch {
    // Storage may be off; the device's choice stands.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
