// The request journal, live: each request opens to show everything that the sandbox knows about it.

import { control, listen } from "./api.js";
import { acting, byId, copyButton, create } from "./dom.js";
import { duration, timeOfDay } from "./format.js";

/** Number of requests in the document. */
const MAX_REQUESTS = 300;
/** Time in milliseconds in which the same request counts as a retry of one that failed. */
const RETRY_WINDOW = 15 * 60_000;

const waiting = [];
const recent = [];
let last = 0;
let paused = true;

const failed = (entry) => !entry.status || entry.status >= 429 || !entry.response_intact;

/** Returns the number of the failed request that this one repeats. A request that was not processed has no user. */
function retried(entry) {
  const isSame = (other) => other.method === entry.method && other.path === entry.path && other.query === entry.query
    && (other.user ?? entry.user) === (entry.user ?? other.user);
  const earlier = recent.findLast(isSame);
  const isRecent = earlier && Date.parse(entry.at) - Date.parse(earlier.at) < RETRY_WINDOW;
  return isRecent && failed(earlier) ? earlier.number : null;
}

const tone = (entry) => {
  if (!entry.response_intact || !entry.status || entry.status >= 500) return "bad";
  return entry.status >= 400 ? "warm" : "good";
};

function table(caption, pairs) {
  if (!pairs.length) return null;
  const rows = pairs.map(([name, value]) => create("tr", {}, create("th", { scope: "row" }, name), create("td.mono", {}, String(value))));
  return create("table", {}, create("caption", {}, caption), create("tbody", {}, ...rows));
}

function block(title, text, label) {
  if (!text) return null;
  return create("figure", {},
    create("figcaption.row", {}, create("span.grow", {}, title), copyButton(text, label ?? title)),
    create("pre", { tabindex: 0 }, text));
}

function pretty(text) {
  try { return JSON.stringify(typeof text === "string" ? JSON.parse(text) : text, null, 2); } catch { return text; }
}

/** Returns what the journal knows about a request. */
function details(entry) {
  const headers = entry.response_headers;
  const limits = headers.filter(([name]) => /^x-(rate|app|user)-limit/.test(name));
  const facts = [
    ["Endpoint", entry.endpoint], ["User", entry.user], ["Authentication", entry.auth], ["Cost", entry.cost],
    ["Fault", entry.fault], ["Response sent whole", entry.response_intact ? "yes" : "no"], ["Created", entry.created_id],
  ];
  return create("div.details", {},
    table("Request", facts.filter(([, value]) => value)),
    block("Signature base string", entry.signature_base_string),
    table("Rate limits", limits),
    block("Request body", pretty(entry.request_body), "the request body"),
    block("Response body", pretty(entry.response_body), "the response body"),
    table("Request headers", entry.request_headers),
    table("Response headers", headers.filter((header) => !limits.includes(header))));
}

function row(entry) {
  const repeated = retried(entry);
  const name = entry.username ?? entry.user;
  const item = create("details.request", {},
    create("summary", {},
      create("time.mono.meta", { datetime: entry.at }, timeOfDay(entry.at)),
      create("b.method.mono", {}, entry.method),
      create("span.path.mono", {}, entry.path + (entry.query ? `?${entry.query}` : "")),
      repeated && create("span.chip.warm", {}, `retry of ${repeated}`),
      entry.fault && create("span.chip.bad", {}, entry.fault.replaceAll("_", " ")),
      name && create("span.chip", {}, `@${name}`),
      create(`span.chip.status.${tone(entry)}`, {}, String(entry.status ?? "lost"))));
  item.addEventListener("toggle", acting(async () => {
    if (!item.open || item.querySelector(".details")) return;
    item.append(details(await control("GET", `journal/${entry.number}`)));
  }));
  const words = [entry.method, entry.path, entry.query, entry.status, name, entry.fault, entry.endpoint, repeated && "retry"];
  return create("li", { "data-words": words.filter(Boolean).join(" ").toLowerCase() }, item);
}

function show(entries) {
  const list = byId("requests");
  for (const entry of entries.filter((entry) => entry.number > last)) {
    last = entry.number;
    list.prepend(filtered(row(entry)));
    offer(entry.endpoint);
    recent.push(entry);
    if (recent.length > MAX_REQUESTS) recent.shift();
  }
  while (list.children.length > MAX_REQUESTS) list.lastChild.remove();
  byId("figure-requests").textContent = last;
  byId("journal-empty").hidden = list.children.length > 0;
}

function filtered(item) {
  const words = byId("journal-filter").value.toLowerCase().split(/\s+/);
  item.hidden = !words.every((word) => item.dataset.words.includes(word));
  return item;
}

/** Offers an endpoint as the target of a fault. */
function offer(name) {
  const list = byId("endpoints");
  if (name && !list.querySelector(`[value="${CSS.escape(name)}"]`)) list.append(create("option", { value: name }));
}

/** Removes all requests from the document. */
export function clear() {
  recent.length = 0;
  last = 0;
  byId("requests").replaceChildren();
  show([]);
}

/** Shows the journal and follows it. `onChange` is called after each request. */
export async function start(onChange) {
  byId("journal-filter").addEventListener("input", () => [...byId("requests").children].forEach(filtered));
  byId("journal-pause").addEventListener("click", (event) => {
    paused = !paused;
    event.currentTarget.setAttribute("aria-pressed", paused);
    event.currentTarget.textContent = paused ? "Continue" : "Pause";
    if (!paused) show(waiting.splice(0));
  });
  // Entries that arrive before the earlier ones are shown wait for them.
  listen("journal/live", (entry) => {
    if (paused) waiting.push(entry);
    else show([entry]);
    onChange();
  });
  show((await control("GET", `journal?limit=${MAX_REQUESTS}`)).entries);
  paused = false;
  show(waiting.splice(0));
}
