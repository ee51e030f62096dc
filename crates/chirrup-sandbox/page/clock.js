// The clock of the sandbox: a display, a slider to advance it, and a switch to freeze it.

import { control } from "./api.js";
import { acting, byId, create } from "./dom.js";
import { date, duration, timeOfDay } from "./format.js";

/** Steps of the slider in seconds. */
const STEPS = [1, 10, 60, 300, 900, 1800, 3600, 7200, 21600, 43200, 86400, 3 * 86400, 7 * 86400, 30 * 86400];
const FIRST_STEP = STEPS.indexOf(900);

let offset = 0;
let frozenAt = null;
const parts = {};

/** Returns the time of the sandbox in milliseconds. */
export const now = () => frozenAt ?? Date.now() + offset;

function show(state) {
  const time = Date.parse(state.now);
  frozenAt = state.frozen ? time : null;
  offset = time - Date.now();
  parts.freeze.textContent = state.frozen ? "Resume" : "Freeze";
  parts.freeze.setAttribute("aria-pressed", Boolean(state.frozen));
  parts.time.classList.toggle("frozen", Boolean(state.frozen));
  tick();
}

/** Shows the current time. */
export function tick() {
  const time = now();
  parts.time.textContent = timeOfDay(time);
  parts.date.textContent = `${date(time)}, UTC${frozenAt === null ? "" : " · frozen"}`;
  byId("figure-clock").textContent = timeOfDay(time);
}

const advance = (seconds) => acting(async () => show(await control("POST", "clock/advance", { seconds })));

export async function refresh() {
  show(await control("GET", "clock"));
}

export async function start() {
  parts.time = create("p.time", { role: "timer", "aria-label": "Time of the sandbox" });
  parts.date = create("p.meta");
  parts.freeze = create("button.ghost", { type: "button", id: "freeze" }, "Freeze");
  parts.freeze.onclick = acting(async () => show(await control("PUT", "clock", { frozen: frozenAt === null })));
  const slider = create("input.grow", {
    type: "range", id: "advance-by", min: 0, max: STEPS.length - 1, value: FIRST_STEP, "aria-label": "Time to advance the clock by",
  });
  const button = create("button.primary", { type: "button", id: "advance" });
  const showStep = () => {
    const text = duration(STEPS[slider.value]);
    slider.setAttribute("aria-valuetext", text);
    button.textContent = `Advance ${text}`;
  };
  slider.oninput = showStep;
  button.onclick = () => advance(STEPS[slider.value])();
  showStep();
  byId("clock").append(
    create("h3", { id: "clock-title" }, "Clock"),
    create("div.row", {}, create("div.grow", {}, parts.time, parts.date), parts.freeze),
    create("div.row", {}, slider, button));
  await refresh();
  setInterval(tick, 250);
}
