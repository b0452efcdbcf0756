"use strict";
// Light and dark: the system's choice until the button is pressed. Whoever draws hears of it by the event "theme".
(() => {
  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const changed = () => document.dispatchEvent(new Event("theme"));
  const remember = (theme) => { try { localStorage.setItem("hft-report-theme", theme); } catch (_) { /* a file may not */ } };
  try {
    const theme = localStorage.getItem("hft-report-theme");
    if (theme) root.dataset.theme = theme;
  } catch (_) { /* a file may not */ }
  if (location.hash === "#dark" || location.hash === "#light") root.dataset.theme = location.hash.slice(1);
  dark.addEventListener("change", changed);
  document.getElementById("theme").addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    remember(root.dataset.theme);
    changed();
  });
})();
