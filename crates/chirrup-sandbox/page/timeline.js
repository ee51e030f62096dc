// The timeline of a chosen user, and what the user does in it.

import { actAs, readAs } from "./api.js";
import { acting, byId, create } from "./dom.js";
import { FIELDS, Objects, postElement } from "./post.js";

/** Number of posts in the document. */
const MAX_POSTS = 200;

const objects = new Objects();
let viewer = null;
let newest = null;
let thread = null;
let liked = new Set();
let now = () => Date.now();

const isNewer = (a, b) => b === null || a.length > b.length || (a.length === b.length && a > b);

const actions = {
  get liked() { return liked; },
  get embedsParents() { return thread === null; },
  reply(post, element) {
    const open = element.querySelector("form");
    if (open) return open.remove();
    const form = composer(`Reply to @${objects.user(post.author_id).username}`, "Reply", post.id);
    element.querySelector(".body").append(form);
    form.querySelector("textarea").focus();
  },
  repost: toggling("retweets"),
  like: toggling("likes", () => liked),
  thread: (post) => acting(() => showThread(post.conversation_id ?? post.id))(),
};

/** Returns the action of a button that adds a post to a list of the viewer or removes it. */
function toggling(list, known) {
  return (post, _element, button) => acting(async () => {
    const added = button.getAttribute("aria-pressed") !== "true";
    if (added) await actAs(viewer, "POST", `/2/users/${viewer.id}/${list}`, { tweet_id: post.id });
    else await actAs(viewer, "DELETE", `/2/users/${viewer.id}/${list}/${post.id}`);
    if (added) known?.().add(post.id);
    else known?.().delete(post.id);
    const number = button.querySelector("span");
    const total = Number(button.ariaLabel.split(": ")[1]) + (added ? 1 : -1);
    button.ariaLabel = button.ariaLabel.replace(/\d+$/, total);
    number.textContent = total > 0 ? total : "";
    button.setAttribute("aria-pressed", added);
  })();
}

/** Length as X counts it: a link is 23 characters, and a letter outside of the first ranges is two. */
function weightedLength(text) {
  const isLight = (c) => c <= 4351 || (c >= 8192 && c <= 8205) || (c >= 8208 && c <= 8223) || (c >= 8242 && c <= 8247);
  const letters = Array.from(text.replace(/https?:\/\/\S+/g, "-".repeat(23)));
  return letters.reduce((sum, letter) => sum + (isLight(letter.codePointAt(0)) ? 1 : 2), 0);
}

/** Fills a form that writes a post. */
function fillComposer(form, label, action, replyTo) {
  const text = create("textarea", { "aria-label": label, placeholder: label, rows: 2, required: true });
  const left = create("span.meta.number", { "aria-live": "off" }, "280");
  const send = create("button.primary", { type: "submit", disabled: true }, action);
  text.addEventListener("input", () => {
    const rest = 280 - weightedLength(text.value);
    left.textContent = rest;
    left.classList.toggle("bad", rest < 0);
    send.disabled = !text.value.trim();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", acting(async () => {
    const body = { text: text.value };
    if (replyTo) body.reply = { in_reply_to_tweet_id: replyTo };
    await actAs(viewer, "POST", "/2/tweets", body);
    text.value = "";
    text.dispatchEvent(new Event("input"));
    if (replyTo) form.remove();
    await (thread ? showThread(thread) : update());
  }));
  form.append(text, create("div.row", {}, create("span.meta.grow", {}, "Ctrl+Enter sends"), left, send));
  return form;
}

const composer = (...words) => fillComposer(create("form.composer.inner"), ...words);

const query = (parameters) => new URLSearchParams({ ...FIELDS, ...parameters });

const element = (post) => postElement(post, objects, now(), actions);

/** Loads the posts since the last time, and shows them at the top. */
export async function update() {
  if (!viewer || thread) return;
  const parameters = newest ? { since_id: newest, max_results: 100 } : { max_results: 40 };
  const path = `/2/users/${viewer.id}/timelines/reverse_chronological`;
  const user = viewer;
  const response = objects.add(await readAs(user, `${path}?${query(parameters)}`));
  if (user !== viewer || thread) return;
  const feed = byId("feed");
  const isFirst = newest === null;
  const posts = (response.data ?? []).filter((post) => isNewer(post.id, newest));
  const elements = posts.map(element);
  if (!isFirst) elements.forEach((post) => post.classList.add("new"));
  feed.prepend(...elements);
  while (feed.children.length > MAX_POSTS) feed.lastChild.remove();
  for (const post of posts) if (isNewer(post.id, newest)) newest = post.id;
  if (!feed.children.length) feed.append(create("p.empty", {}, `@${viewer.username} follows no users, and has no posts yet.`));
  else feed.querySelector(".empty")?.remove();
}

/** Loads the timeline again. */
export async function reload() {
  newest = null;
  thread = null;
  byId("composer").hidden = false;
  byId("feed").replaceChildren();
  await update();
}

/** Shows a conversation in place of the timeline. */
async function showThread(id) {
  const [root, replies] = await Promise.all([
    readAs(viewer, `/2/tweets?${query({ ids: id })}`),
    readAs(viewer, `/2/tweets/search/recent?${query({ query: `conversation_id:${id}`, max_results: 100 })}`),
  ]);
  [root, replies].forEach((response) => objects.add(response));
  thread = id;
  const depths = new Map();
  const posts = [...(root.data ?? []), ...(replies.data ?? []).filter((post) => post.id !== id)];
  posts.sort((a, b) => (isNewer(a.id, b.id) ? 1 : -1));
  const elements = posts.map((post) => {
    const parent = post.referenced_tweets?.find((found) => found.type === "replied_to")?.id;
    const depth = parent ? (depths.get(parent) ?? 0) + 1 : 0;
    depths.set(post.id, depth);
    const shown = element(post);
    shown.style.setProperty("--depth", Math.min(depth, 4));
    return shown;
  });
  const back = create("button.ghost.back", { type: "button", onclick: acting(reload) }, "← Back to the timeline");
  byId("composer").hidden = true;
  byId("feed").replaceChildren(back, ...elements);
  byId("timeline-scroll").scrollTop = 0;
}

/** Shows the timeline of the chosen user. `onViewer` is called with each of them. */
export async function start(users, clock, onViewer) {
  now = clock;
  const select = byId("viewer");
  select.replaceChildren(...users.map((user) => create("option", {
    value: user.username, selected: user.username === "ada",
  }, `${user.name} (@${user.username})`)));
  const show = acting(async () => {
    viewer = users.find((user) => user.username === select.value) ?? users[0];
    if (!viewer) return;
    const likes = await readAs(viewer, `/2/users/${viewer.id}/liked_tweets?max_results=100`);
    liked = new Set((likes.data ?? []).map((post) => post.id));
    byId("composer").replaceChildren();
    fillComposer(byId("composer"), "Write a post", "Post");
    await Promise.all([reload(), onViewer(viewer)]);
  });
  select.onchange = show;
  await show();
}
