// Rate limits as bars, and the money that clients spent.

import { control } from "./api.js";
import { acting, bar, byId, create } from "./dom.js";
import { duration } from "./format.js";

/** Number of windows and of endpoints that are shown. */
const SHOWN = 8;

const dollars = (text) => Number(String(text).replace(/[^0-9.]/g, "")) || 0;

const tone = (used) => (used >= 1 ? "full" : used >= 0.8 ? "warm" : "");

/** Shows the windows that clients have used, the fullest first. */
export async function refreshLimits(now) {
  const { limits } = await control("GET", "limits");
  const share = (limit) => 1 - limit.remaining / limit.limit;
  const used = limits.filter((limit) => limit.remaining < limit.limit).sort((a, b) => share(b) - share(a));
  const rows = used.slice(0, SHOWN).map((limit) => {
    const owner = limit.username ? `@${limit.username}` : "the app";
    const left = `${limit.remaining} of ${limit.limit} left`;
    return create("li", {},
      create("span.mono", { title: limit.endpoint }, limit.endpoint),
      create("span.number.meta", {}, left),
      bar(share(limit), `${limit.endpoint} of ${owner}: ${left}`, tone(share(limit))),
      create("span.meta", {}, owner),
      create("span.meta.number", {}, `resets in ${duration(limit.reset - now / 1000)}`));
  });
  byId("limits").replaceChildren(
    create("h3", { id: "limits-title" }, "Rate limits", create("span.meta", {}, `${used.length} in use`)),
    rows.length ? create("ul.list", {}, ...rows) : create("p.meta", {}, "No window has begun."));
}

/** Shows the total, and the endpoints that cost the most. */
export async function refreshMoney() {
  const bill = await control("GET", "bill");
  const costs = Object.entries(bill.by_endpoint).map(([name, cost]) => [name, dollars(cost), cost]).sort((a, b) => b[1] - a[1]);
  const most = costs[0]?.[1] || 1;
  const rows = costs.filter(([, amount]) => amount > 0).slice(0, SHOWN).map(([name, amount, cost]) => create("li", {},
    create("span.mono", { title: name }, name),
    create("span.number", {}, cost),
    bar(amount / most, `${name}: ${cost}`, "quiet")));
  byId("figure-spent").textContent = bill.total;
  byId("spent").textContent = bill.total;
  byId("costs").replaceChildren(...rows);
  if (document.activeElement?.id !== "credits") byId("credits").value = bill.credits == null ? "" : dollars(bill.credits);
}

export function start() {
  const credits = create("input", { type: "number", id: "credits", min: 0, step: "0.01", placeholder: "no limit" });
  const form = create("form.row", {},
    create("label.field.grow", {}, "Credits in dollars", credits),
    create("button.ghost", { type: "submit" }, "Set"));
  form.addEventListener("submit", acting(async () => {
    await control("PUT", "credits", { credits: credits.value === "" ? null : Number(credits.value) });
    credits.blur();
    await refreshMoney();
  }));
  byId("money").append(
    create("h3", { id: "money-title" }, "Money", create("span.meta", { id: "spent" })),
    create("ul.list", { id: "costs" }),
    form);
}
