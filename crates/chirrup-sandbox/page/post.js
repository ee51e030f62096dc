// A post as a person sees it.

import { bar, create, icon } from "./dom.js";
import { age, count, duration } from "./format.js";

/** Fields that a post is shown with, as parameters of every request that returns posts. */
export const FIELDS = {
  "tweet.fields": "attachments,author_id,conversation_id,created_at,entities,note_tweet,possibly_sensitive,public_metrics,"
    + "referenced_tweets",
  expansions: "attachments.media_keys,attachments.poll_ids,author_id,geo.place_id,referenced_tweets.id,"
    + "referenced_tweets.id.author_id,referenced_tweets.id.attachments.media_keys",
  "media.fields": "alt_text,duration_ms,height,preview_image_url,type,url,width",
  "poll.fields": "end_datetime,options,voting_status",
  "user.fields": "name,profile_image_url,username,verified",
};

/** Looks up what posts refer to, in the `includes` of all responses so far. */
export class Objects {
  #maps = { users: new Map(), tweets: new Map(), media: new Map(), polls: new Map(), places: new Map() };

  add(response) {
    for (const [kind, map] of Object.entries(this.#maps)) {
      for (const object of response.includes?.[kind] ?? []) map.set(object.id ?? object.media_key, object);
    }
    return response;
  }

  user(id) {
    return this.#maps.users.get(id) ?? { id, name: "Unknown user", username: "unknown" };
  }
  post(id) { return this.#maps.tweets.get(id); }
  media(key) { return this.#maps.media.get(key); }
  poll(id) { return this.#maps.polls.get(id); }
  place(id) { return this.#maps.places.get(id); }
}

/** Returns the address of a picture on this server, in place of that at `pbs.twimg.com`. */
const picture = (url) => `_page${new URL(url).pathname}`;

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const reference = (post, type) => post.referenced_tweets?.find((found) => found.type === type)?.id;

/** Returns the text with its links, hashtags and mentions as elements. */
function richText(post) {
  const source = post.note_tweet ?? post;
  const letters = Array.from(source.text);
  const quoted = reference(post, "quoted");
  const marks = Object.entries(source.entities ?? {})
    .flatMap(([kind, found]) => (Array.isArray(found) ? found.map((entity) => ({ kind, ...entity })) : []))
    .filter((entity) => entity.kind !== "annotations")
    .sort((a, b) => a.start - b.start);
  const parts = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.start < at) continue;
    parts.push(unescape(letters.slice(at, mark.start).join("")));
    at = mark.end;
    const text = unescape(letters.slice(mark.start, mark.end).join(""));
    const target = mark.expanded_url ?? "";
    if (mark.kind !== "urls") parts.push(create("span.tag", {}, text));
    else if (mark.media_key || (quoted && target.endsWith(`/status/${quoted}`))) continue;
    else if (/^https?:/.test(target)) {
      parts.push(create("a", { href: target, rel: "noopener noreferrer", target: "_blank" }, mark.display_url ?? text));
    } else parts.push(text);
  }
  parts.push(unescape(letters.slice(at).join("")));
  return create("p.text", {}, ...parts);
}

function mediaGrid(post, objects) {
  const found = (post.attachments?.media_keys ?? []).map((key) => objects.media(key)).filter(Boolean);
  if (!found.length) return null;
  const items = found.map((media) => {
    const source = media.url ?? media.preview_image_url;
    const kind = media.type === "photo" ? null : media.type === "video" ? `▶ ${duration(media.duration_ms / 1000)}` : "GIF";
    return create("span.picture", {},
      source && create("img", { src: picture(source), alt: media.alt_text ?? "Picture without description", loading: "lazy" }),
      kind && create("span.badge", {}, kind),
      media.alt_text && create("span.badge.right", { title: media.alt_text, "aria-hidden": "true" }, "ALT"));
  });
  const grid = create(`div.media.of${Math.min(items.length, 4)}`, {}, ...items);
  if (!post.possibly_sensitive) return grid;
  return create("details.sensitive", {}, create("summary", {}, "Sensitive content: show it"), grid);
}

function pollOf(post, objects, now) {
  const poll = objects.poll(post.attachments?.poll_ids?.[0]);
  if (!poll) return null;
  const total = poll.options.reduce((sum, option) => sum + option.votes, 0);
  const most = Math.max(...poll.options.map((option) => option.votes));
  const rows = poll.options.map((option) => {
    const share = total ? option.votes / total : 0;
    return create("li", {},
      create("span", {}, option.label),
      create("span.number", {}, `${Math.round(share * 100)} %`),
      bar(share, option.label, option.votes === most ? "" : "quiet"));
  });
  const left = (Date.parse(poll.end_datetime) - now) / 1000;
  const state = poll.voting_status === "open" && left > 0 ? `${duration(left)} left` : "closed";
  return create("div.poll", {}, create("ul", {}, ...rows), create("p.meta", {}, `${count(total)} votes · ${state}`));
}

function byline(post, author, now) {
  const time = Date.parse(post.created_at);
  return create("p.byline", {},
    create("b", {}, author.name), author.verified && create("span.verified", { title: "Verified" }, "✓"),
    create("span.meta", {}, `@${author.username}`),
    create("time.meta", { datetime: post.created_at, title: new Date(time).toUTCString() }, age(time, now)));
}

const avatar = (author) => author.profile_image_url
  ? create("img.avatar", { src: picture(author.profile_image_url), alt: "", width: 40, height: 40, loading: "lazy" })
  : create("span.avatar", { "aria-hidden": "true" });

/** Returns a post inside another: the post that a quote is about, or the one that a reply is to. */
function embedded(id, objects, now, className) {
  const post = objects.post(id);
  if (!post) return create(`div.${className}.gone`, {}, "This post is not available.");
  const author = objects.user(post.author_id);
  return create(`div.${className}`, {},
    byline(post, author, now), richText(post), mediaGrid(post, objects), pollOf(post, objects, now));
}

/** Returns the element of a post. `actions` has the functions of its buttons, and the IDs of the posts that the viewer likes. */
export function postElement(post, objects, now, actions) {
  const original = objects.post(reference(post, "retweeted"));
  const shown = original ?? post;
  const author = objects.user(shown.author_id);
  const quoted = reference(shown, "quoted");
  const parent = reference(shown, "replied_to");
  const metrics = shown.public_metrics ?? {};
  const place = objects.place(shown.geo?.place_id);
  const element = create("article.post", { "data-id": post.id, "aria-label": `Post of ${author.name}` });
  const action = (name, label, number, pressed) => create(`button.action.${name}`, {
    type: "button", "aria-label": `${label}: ${number}`, "aria-pressed": pressed,
    onclick: (event) => actions[name](shown, element, event.currentTarget),
  }, icon(name), create("span", {}, number ? count(number) : ""));
  const isConversation = parent || metrics.reply_count > 0;
  element.append(
    original ? create("p.context.meta", {}, icon("repost"), `${objects.user(post.author_id).name} reposted`) : "",
    avatar(author),
    create("div.body", {},
      byline(shown, author, now),
      parent && actions.embedsParents && embedded(parent, objects, now, "parent"),
      richText(shown),
      mediaGrid(shown, objects),
      pollOf(shown, objects, now),
      quoted && embedded(quoted, objects, now, "quote"),
      place && create("p.meta", {}, place.full_name),
      create("div.actions", {},
        action("reply", "Reply", metrics.reply_count ?? 0),
        action("repost", "Repost", metrics.retweet_count ?? 0, "false"),
        action("like", "Like", metrics.like_count ?? 0, String(actions.liked.has(shown.id))),
        isConversation && create("button.action.thread", {
          type: "button", onclick: () => actions.thread(shown),
        }, "Show thread"))));
  return element;
}
