// Apps with their keys, and first programs to copy.

import { control } from "./api.js";
import { byId, copyButton, create } from "./dom.js";
import { snippets } from "./snippets.js";

function secret(label, value) {
  const shown = create("span.mono.secret", {}, value);
  return create("li", {}, create("span.meta", {}, label), copyButton(value, label), shown);
}

function tabs(texts) {
  const names = Object.keys(texts);
  const panel = create("pre", { id: "snippet", role: "tabpanel", tabindex: 0, "aria-labelledby": "snippet-0" });
  const buttons = names.map((name, index) => create("button.ghost.small", {
    type: "button", role: "tab", id: `snippet-${index}`, "aria-controls": "snippet", onclick: () => select(index),
  }, name));
  const copy = create("span", {});
  const select = (index) => {
    buttons.forEach((button, other) => {
      button.setAttribute("aria-selected", other === index);
      button.tabIndex = other === index ? 0 : -1;
    });
    panel.textContent = texts[names[index]];
    panel.setAttribute("aria-labelledby", `snippet-${index}`);
    copy.replaceChildren(copyButton(texts[names[index]], `the program in ${names[index]}`));
  };
  const list = create("div.tabs.grow", { role: "tablist", "aria-label": "Language" }, ...buttons);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    select(next);
    buttons[next].focus();
  });
  select(0);
  return [create("div.row", {}, list, copy), panel];
}

/** Shows the apps, and the program for a user. */
export async function show(user) {
  const { apps } = await control("GET", "apps");
  const { users } = await control("GET", `users?username=${encodeURIComponent(user.username)}`);
  const tokens = users[0]?.tokens ?? {};
  const keys = apps.map((app) => create("details", {},
    create("summary", {}, app.name ?? `App ${app.id}`, create("span.meta", {}, ` · ${app.access_level ?? ""}`)),
    create("ul.list.keys", {},
      secret("Consumer key", app.consumer_key), secret("Consumer secret", app.consumer_secret), secret("Bearer token", app.bearer_token))));
  const owned = [
    ["OAuth 2.0 access token", tokens.oauth2_access_token], ["Access token", tokens.access_token],
    ["Access token secret", tokens.access_token_secret],
  ].filter(([, value]) => value).map(([label, value]) => secret(label, value));
  byId("apps").replaceChildren(
    create("h3", { id: "apps-title" }, "Apps and keys", create("span.meta", {}, `tokens of @${user.username}`)),
    ...keys,
    create("details", {}, create("summary", {}, `Tokens of @${user.username}`), create("ul.list.keys", {}, ...owned)),
    ...tabs(snippets(new URL(".", location.href).href.replace(/\/$/, ""), tokens.oauth2_access_token ?? "")));
}
