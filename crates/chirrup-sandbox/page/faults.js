// Switches for faults that the sandbox injects into the requests of clients.

import { control } from "./api.js";
import { acting, byId, create } from "./dom.js";

/** What each switch injects: label, explanation and fault. */
const SWITCHES = [
  ["503 Service Unavailable", "not processed", { fault: "response", status: 503 }],
  ["Lost answer", "processed, then the connection closes", { fault: "close_after_processing" }],
  ["Lost request", "the connection closes before processing", { fault: "close_before_processing" }],
  ["502 after processing", "the request took effect", { fault: "error_after_processing", status: 502 }],
  ["Half a body", "the connection closes in the middle", { fault: "truncate_body" }],
  ["Two seconds late", "processed, then delayed", { fault: "delay_response", seconds: 2 }],
];

const parts = {};

/** Rule of the server for each switch that is on. */
const rules = new Map();

const describe = (rule) => [
  rule.fault.replaceAll("_", " "), rule.status, rule.endpoint ?? "all endpoints",
  rule.probability < 1 && `${Math.round(rule.probability * 100)} % of the requests`, rule.times && `${rule.times} times`,
].filter(Boolean).join(" · ");

/** Number of the switch that injects the fault of a rule. */
const switchOf = (rule) => SWITCHES.findIndex(([, , fault]) => Object.entries(fault).every(([name, value]) => rule[name] === value));

/** Shows the rules that are active. */
export async function refresh() {
  const active = (await control("GET", "faults")).faults;
  rules.clear();
  const others = active.filter((rule) => {
    const index = switchOf(rule);
    if (index < 0 || rules.has(index)) return true;
    rules.set(index, rule);
    return false;
  });
  parts.switches.forEach((button, index) => button.setAttribute("aria-checked", rules.has(index)));
  parts.others.replaceChildren(...others.map((rule) => create("li", {},
    create("span", {}, describe(rule)),
    create("button.ghost.small", { type: "button", onclick: () => remove(rule) }, "Remove"))));
  parts.count.textContent = active.length ? `${active.length} active` : "none active";
}

const remove = (rule) => acting(async () => {
  await control("DELETE", `faults/${rule.id}`);
  await refresh();
})();

const toggle = (index) => acting(async () => {
  const rule = rules.get(index);
  if (rule) await control("DELETE", `faults/${rule.id}`);
  else {
    const added = { ...SWITCHES[index][2], probability: Number(parts.chance.value) / 100 };
    if (parts.endpoint.value.trim()) added.endpoint = parts.endpoint.value.trim();
    if (parts.times.value) added.times = Number(parts.times.value);
    await control("POST", "faults", added);
  }
  await refresh();
})();

export async function start() {
  parts.count = create("span.meta");
  parts.endpoint = create("input", { list: "endpoints", placeholder: "all endpoints", id: "fault-endpoint" });
  parts.times = create("input", { type: "number", min: 1, placeholder: "always", id: "fault-times" });
  parts.chance = create("input", { type: "number", min: 1, max: 100, value: 100, id: "fault-chance" });
  parts.switches = SWITCHES.map(([label, explanation], index) => create("button.switch", {
    type: "button", role: "switch", "aria-checked": "false", onclick: () => toggle(index),
  }, create("span", {}, label, create("small", {}, explanation))));
  parts.others = create("ul.list");
  const field = (text, input) => create("label.field", {}, text, input);
  byId("faults").append(
    create("h3", { id: "faults-title" }, "Faults", parts.count),
    create("div.fields", {},
      field("Endpoint", parts.endpoint), field("Times", parts.times), field("Percent", parts.chance)),
    create("div", {}, ...parts.switches),
    parts.others);
  await refresh();
}
