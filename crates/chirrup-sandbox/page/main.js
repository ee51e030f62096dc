// Starts the parts of the page and keeps them current.

import * as apps from "./apps.js";
import { control, hasControl } from "./api.js";
import * as clock from "./clock.js";
import { acting, byId, report } from "./dom.js";
import * as faults from "./faults.js";
import * as journal from "./journal.js";
import * as limits from "./limits.js";
import * as streams from "./streams.js";
import * as timeline from "./timeline.js";

/** Time in milliseconds between two updates without a request. */
const INTERVAL = 2000;
/** Time in milliseconds from a request to the update that it causes. */
const DELAY = 120;

const THEMES = ["auto", "light", "dark"];

function startTheme() {
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    byId("theme").textContent = `Theme: ${theme}`;
  };
  byId("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    localStorage.setItem("theme", next);
    show(next);
  });
  const stored = localStorage.getItem("theme");
  show(THEMES.includes(stored) ? stored : "auto");
}

/** On narrow windows, one view is visible at a time. */
function startViews() {
  const buttons = document.querySelectorAll("nav button");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      document.body.dataset.view = button.dataset.view;
      buttons.forEach((other) => other.toggleAttribute("aria-current", other === button));
      button.setAttribute("aria-current", "true");
    });
  }
}

let pending = null;

async function refreshAll() {
  clearTimeout(pending);
  pending = null;
  if (document.hidden) return;
  try {
    await Promise.all([
      timeline.update(), clock.refresh(), faults.refresh(), limits.refreshLimits(clock.now()), limits.refreshMoney(), streams.refresh(),
    ]);
  } catch (error) {
    report(error);
  }
}

function onRequest() {
  pending ??= setTimeout(refreshAll, DELAY);
}

async function start() {
  startTheme();
  startViews();
  if (!hasControl) throw new Error("This sandbox was started without its control API, which the page needs.");
  limits.start();
  streams.start();
  await Promise.all([clock.start(), faults.start(), journal.start(onRequest)]);
  const { users } = await control("GET", "users?limit=500");
  await timeline.start(users, clock.now, apps.show);
  byId("reset").addEventListener("click", acting(async () => {
    await control("POST", "reset");
    journal.clear();
    await timeline.reload();
    await refreshAll();
  }));
  await refreshAll();
  setInterval(refreshAll, INTERVAL);
}

start().catch(report);
