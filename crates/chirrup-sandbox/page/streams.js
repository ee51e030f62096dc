// Live streams and webhooks: who listens, what was delivered, and events to trigger.

import { control } from "./api.js";
import { acting, byId, create } from "./dom.js";
import { timeOfDay } from "./format.js";

/** Events that can be triggered at a webhook. */
const EVENTS = ["post.create", "post.mention.create", "post.delete", "follow.follow", "like.create", "dm.received", "profile.update.bio"];

/** Number of deliveries that are shown. */
const SHOWN = 4;

const disconnect = (stream) => acting(async () => {
  await control("POST", `streams/${stream.id}/disconnect`);
  await refresh();
})();

const chip = (tone, text) => create(`span.chip.${tone}`, {}, text);

/** Shows the connections of streams, the webhooks and their latest deliveries. */
export async function refresh() {
  const [{ streams }, { webhooks, deliveries }] = await Promise.all([
    control("GET", "streams"), control("GET", `webhooks?limit=${SHOWN}`),
  ]);
  const lines = streams.map((stream) => create("li", {},
    create("span", {},
      create("span.mono", {}, stream.endpoint), create("br"),
      create("span.meta", {}, `${stream.username ? `@${stream.username}` : "the app"} · since ${timeOfDay(stream.since)}`)),
    create("button.ghost.small", {
      type: "button", onclick: () => disconnect(stream), "aria-label": `Disconnect ${stream.endpoint}`,
    }, "Disconnect")));
  const hooks = webhooks.map((webhook) => create("li", {},
    create("span.mono", { title: webhook.url }, webhook.url),
    chip(webhook.valid ? "good" : "bad", webhook.valid ? "valid" : "invalid")));
  const sent = deliveries.slice(-SHOWN).reverse().map((delivery) => create("li", {},
    create("span.meta", {}, `${timeOfDay(delivery.at)} ${delivery.kind}`),
    chip(delivery.status < 300 ? "good" : "bad", String(delivery.status ?? "lost"))));
  byId("listeners").textContent = `${streams.length} open · ${webhooks.length} registered`;
  byId("connections").replaceChildren(...lines, ...hooks, ...sent);
}

export function start() {
  const event = create("select", {}, ...EVENTS.map((name) => create("option", {}, name)));
  const to = create("input", { type: "url", placeholder: "all subscribed webhooks" });
  const form = create("form.row", {},
    create("label.field", {}, "Event", event), create("label.field.grow", {}, "To", to),
    create("button.ghost", { type: "submit" }, "Trigger"));
  form.addEventListener("submit", acting(async () => {
    await control("POST", "webhooks/trigger", { event: event.value, ...(to.value && { to: to.value }) });
    await refresh();
  }));
  byId("streams").append(
    create("h3", { id: "streams-title" }, "Streams and webhooks", create("span.meta", { id: "listeners" })),
    create("ul.list", { id: "connections" }),
    form);
}
