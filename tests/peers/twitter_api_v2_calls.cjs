// Every endpoint method of twitter-api-v2, found by enumeration of its classes, and its login by OAuth 2.0.
"use strict";
const { execFileSync } = require("node:child_process");
const { TwitterApi } = require("twitter-api-v2");

const env = process.env;
const POST = "20", ROBIN = "12", PLACE = "01a9a39529b27f36", CALLBACK = "http://127.0.0.1:8080/callback";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const MP4 = Buffer.concat([Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), Buffer.alloc(64)]);
const TIMEOUT = 20000;

const user = new TwitterApi({
  appKey: env.X_CONSUMER_KEY, appSecret: env.X_CONSUMER_SECRET,
  accessToken: env.X_ACCESS_TOKEN, accessSecret: env.X_ACCESS_TOKEN_SECRET,
});
const app = new TwitterApi(env.X_BEARER_TOKEN);
const scoped = new TwitterApi(env.X_OAUTH2_ACCESS_TOKEN);
const u1 = user.v1, u2 = user.v2, a2 = app.v2, s2 = scoped.v2;

function line(client, method, result, note = "") {
  console.log(JSON.stringify({ client, method, result, note: note.slice(0, 300).replaceAll("\n", " ") }));
}

async function call(client, method, run, refusals) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error("the call takes too long")), TIMEOUT); });
  try {
    await Promise.race([run(), late]);
    line(client, method, "works");
  } catch (error) {
    const note = `${error.message} ${JSON.stringify(error.data ?? "")}`;
    if (refusals[method] && error.code >= 400) line(client, method, "refused", refusals[method]);
    else line(client, method, "fails", note);
  } finally { clearTimeout(timer); }
}

/** Returns the names of the methods that a class and its parents define. */
function methods(object) {
  const names = new Set();
  for (let type = Object.getPrototypeOf(object); type && type.constructor.name !== "Object"; type = Object.getPrototypeOf(type)) {
    if (["TwitterApiBase", "TwitterApiSubClient"].includes(type.constructor.name)) break;
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(type)))
      if (typeof property.value === "function" && name !== "constructor" && !name.startsWith("_")) names.add(name);
  }
  return [...names].sort();
}

let n = 0;
const text = () => `a text by twitter-api-v2, number ${++n} of ${process.pid}`;
const me = async () => (await u2.me()).data.id;
const post = async () => (await u2.tweet(text())).data.id;
const list = async () => {
  const made = (await u2.createList({ name: text().slice(0, 25) })).data.id;
  await u2.addListMember(made, ROBIN);
  return made;
};
const liked = async () => { await u2.like(await me(), POST); return POST; };
const reposted = async () => { await u2.retweet(await me(), POST); return POST; };
const message = async () => (await u2.sendDmToParticipant(ROBIN, { text: text() })).data.dm_event_id;
const space = async () => (await a2.searchSpaces({ query: "a", state: "all", "space.fields": "creator_id" })).data[0];
const ownSpace = async () => (await a2.spacesByCreators([await me()])).data[0].id;
const lena = async () => (await u2.userByUsername("lena")).data.id;
const reply = async () => {
  const id = await me();
  const found = await u2.userMentionTimeline(id, {
    max_results: 100, "tweet.fields": "in_reply_to_user_id,conversation_id", expansions: "referenced_tweets.id" });
  const mine = new Set(found.includes.tweets.filter((p) => p.conversation_id === p.id).map((p) => p.id));
  return found.data.data.find((p) => p.in_reply_to_user_id === id && mine.has(p.conversation_id)).id;
};
const upload = () => u1.uploadMedia(PNG, { mimeType: "image/png" });
const read = async (stream) => {
  const opened = await stream;
  const timer = setInterval(() => post().catch(() => {}), 20);
  for await (const item of opened) { if (item) break; }
  clearInterval(timer);
  opened.close();
};
const rule = async () => a2.updateStreamRules({ add: [{ value: "text" }, { value: text() }] });
const conversation = async () => `${ROBIN}-${await me()}`;
const welcome = async () => (await u1.newWelcomeDm("hello", { text: "hello" })).welcome_message.id;
const saved = async () => (await u1.createSavedSearch ? u1.createSavedSearch(text()) : null);

const v2 = {
  accountActivity: null, subscribe: null,
  addListMember: async () => u2.addListMember(await list(), ROBIN),
  block: async () => u2.block(await me(), ROBIN), unblock: async () => u2.unblock(await me(), ROBIN),
  bookmark: () => s2.bookmark(POST), bookmarks: () => s2.bookmarks(), deleteBookmark: () => s2.deleteBookmark(POST),
  community: async () => s2.community((await s2.searchCommunities("Rust")).data[0].id), searchCommunities: () => s2.searchCommunities("Rust"),
  complianceJob: async () => a2.complianceJob((await a2.sendComplianceJob({ type: "tweets", ids: ["20"] })).data.id),
  complianceJobResult: async () => a2.complianceJobResult((await a2.sendComplianceJob({ type: "tweets", ids: ["20", "999"] })).data),
  complianceJobs: () => a2.complianceJobs({ type: "tweets" }),
  sendComplianceJob: () => a2.sendComplianceJob({ type: "tweets", ids: ["20", "999"] }),
  createDmConversation: async () => u2.createDmConversation({
    conversation_type: "Group", participant_ids: [ROBIN, await lena()], message: { text: text() } }),
  createList: () => u2.createList({ name: text().slice(0, 25) }), removeList: async () => u2.removeList(await list()),
  createMediaMetadata: async () => s2.createMediaMetadata(await upload(), { alt_text: { text: "a picture" } }),
  deleteDmEvent: async () => u2.deleteDmEvent(await message()), deleteTweet: async () => u2.deleteTweet(await post()),
  follow: async () => u2.follow(await me(), ROBIN), unfollow: async () => u2.unfollow(await me(), ROBIN),
  followers: () => u2.followers(ROBIN), following: () => u2.following(ROBIN),
  getDmEvent: async () => u2.getDmEvent(await message()),
  getReposts: () => u2.getReposts(POST), repostsOfMe: () => u2.repostsOfMe(), getRepostsOfMe: () => u2.getRepostsOfMe(),
  hideReply: async () => u2.hideReply(await reply(), true),
  homeTimeline: () => u2.homeTimeline(), like: async () => u2.like(await me(), POST), unlike: async () => u2.unlike(await me(), await liked()),
  list: async () => u2.list(await list()), listFollowers: async () => u2.listFollowers(await list()),
  listMembers: async () => u2.listMembers(await list()), listMemberships: () => u2.listMemberships(ROBIN),
  listTweets: async () => u2.listTweets(await list()), listsOwned: async () => u2.listsOwned(await me()),
  listFollowed: async () => u2.listFollowed(await me()), listsFollowed: async () => u2.listsFollowed(await me()),
  listPinned: async () => u2.listPinned(await me()), listsPinned: async () => u2.listsPinned(await me()),
  listDmEvents: () => u2.listDmEvents(), listDmEventsWithParticipant: () => u2.listDmEventsWithParticipant(ROBIN),
  listDmEventsOfConversation: async () => u2.listDmEventsOfConversation(await conversation()),
  me: () => u2.me(), mute: async () => u2.mute(await me(), ROBIN), unmute: async () => u2.unmute(await me(), ROBIN),
  pinList: async () => u2.pinList(await me(), await list()),
  unpinList: async () => { const id = await list(); await u2.pinList(await me(), id); return u2.unpinList(await me(), id); },
  quote: () => u2.quote(text(), POST), quotes: () => u2.quotes(POST), reply: () => u2.reply(text(), POST),
  removeListMember: async () => u2.removeListMember(await list(), ROBIN),
  retweet: async () => u2.retweet(await me(), POST), unretweet: async () => u2.unretweet(await me(), await reposted()),
  search: () => a2.search("rust"), searchAll: () => a2.searchAll("rust"), searchSpaces: () => a2.searchSpaces({ query: "Rust", state: "all" }),
  searchStream: async () => { await rule(); await read(a2.searchStream()); }, sampleStream: () => read(a2.sampleStream()),
  sample10Stream: () => read(a2.sample10Stream({ partition: 1 })), getStream: () => read(a2.getStream("tweets/sample/stream")),
  sendDmInConversation: async () => u2.sendDmInConversation(await conversation(), { text: text() }),
  sendDmToParticipant: () => u2.sendDmToParticipant(ROBIN, { text: text() }),
  singleTweet: () => u2.singleTweet(POST, { "tweet.fields": ["created_at"] }), tweets: () => u2.tweets([POST, "999"]),
  space: async () => a2.space((await space()).id), spaces: async () => a2.spaces([(await space()).id]),
  spaceBuyers: async () => s2.spaceBuyers(await ownSpace()), spaceTweets: async () => a2.spaceTweets((await space()).id),
  spacesByCreators: async () => a2.spacesByCreators([await me()]),
  streamRules: () => a2.streamRules(), updateStreamRules: rule,
  subscribeToList: async () => u2.subscribeToList(await me(), await list()),
  unsubscribeOfList: async () => { const id = await list(); await u2.subscribeToList(await me(), id); return u2.unsubscribeOfList(await me(), id); },
  tagStream: null,
  trendsByWoeid: () => a2.trendsByWoeid(1), trendsByWoeId: () => a2.trendsByWoeId(1), personalizedTrends: () => s2.personalizedTrends(),
  tweet: () => u2.tweet(text()), tweetThread: () => u2.tweetThread([text(), text()]),
  tweetCountAll: () => a2.tweetCountAll("rust"), tweetCountRecent: () => a2.tweetCountRecent("rust"),
  tweetLikedBy: async () => u2.tweetLikedBy(await post()), tweetRetweetedBy: () => u2.tweetRetweetedBy(POST),
  updateList: async () => u2.updateList(await list(), { description: "changed" }),
  uploadMedia: () => s2.uploadMedia(PNG, { media_type: "image/png", media_category: "tweet_image" }),
  waitForMediaProcessing: async () => s2.waitForMediaProcessing(await s2.uploadMedia(MP4, { media_type: "video/mp4", media_category: "tweet_video" })),
  usage: () => a2.usage(), user: () => u2.user(ROBIN), users: () => u2.users([ROBIN]), userByUsername: () => u2.userByUsername("robin"),
  usersByUsernames: () => u2.usersByUsernames(["ada", "robin"]), userBlockingUsers: async () => u2.userBlockingUsers(await me()),
  userLikedTweets: async () => u2.userLikedTweets(await me()), userMentionTimeline: () => u2.userMentionTimeline(ROBIN),
  userMutingUsers: async () => u2.userMutingUsers(await me()), userTimeline: () => u2.userTimeline(ROBIN),
  userDisableDMBlocking: null,
};
const v2Refusals = { block: "X has retired the endpoint", unblock: "X has retired the endpoint" };

const byName = { screen_name: "robin" };
const ofList = async () => ({ list_id: await list() });
const v1 = {
  accountSettings: () => u1.accountSettings(), updateAccountSettings: () => u1.updateAccountSettings({ lang: "en" }),
  updateAccountProfile: () => u1.updateAccountProfile({ description: "changed" }),
  updateAccountProfileBanner: () => u1.updateAccountProfileBanner(PNG), updateAccountProfileImage: () => u1.updateAccountProfileImage(PNG),
  removeAccountProfileBanner: () => u1.removeAccountProfileBanner(),
  userProfileBannerSizes: async () => { await u1.updateAccountProfileBanner(PNG); return u1.userProfileBannerSizes({ user_id: await me() }); },
  addListMembers: async () => u1.addListMembers({ ...(await ofList()), user_id: ROBIN }),
  createFriendship: () => u1.createFriendship(byName), destroyFriendship: () => u1.destroyFriendship(byName),
  createList: () => u1.createList({ name: text().slice(0, 25) }), updateList: async () => u1.updateList({ ...(await ofList()), description: "changed" }),
  removeList: async () => u1.removeList(await ofList()), list: async () => u1.list(await ofList()), lists: () => u1.lists(),
  listGetMember: async () => u1.listGetMember({ ...(await ofList()), user_id: ROBIN }), listMembers: async () => u1.listMembers(await ofList()),
  listGetSubscriber: async () => { const of = await ofList(); await u1.subscribeToList(of); return u1.listGetSubscriber({ ...of, user_id: await me() }); },
  listSubscribers: async () => u1.listSubscribers(await ofList()), listMemberships: () => u1.listMemberships(),
  listOwnerships: () => u1.listOwnerships(), listSubscriptions: () => u1.listSubscriptions(), listStatuses: async () => u1.listStatuses(await ofList()),
  removeListMembers: async () => u1.removeListMembers({ ...(await ofList()), user_id: ROBIN }),
  subscribeToList: async () => u1.subscribeToList(await ofList()),
  unsubscribeOfList: async () => { const of = await ofList(); await u1.subscribeToList(of); return u1.unsubscribeOfList(of); },
  createMediaMetadata: async () => u1.createMediaMetadata(await upload(), { alt_text: { text: "a picture" } }),
  createMediaSubtitles: async () => u1.createMediaSubtitles(await upload(), [{ media_id: await upload(), language_code: "en", display_name: "English" }]),
  deleteMediaSubtitles: async () => u1.deleteMediaSubtitles(await upload(), "en"),
  createSavedSearch: () => u1.createSavedSearch(text()), savedSearches: () => u1.savedSearches(),
  savedSearch: async () => u1.savedSearch((await u1.createSavedSearch(text())).id_str),
  destroySavedSearch: async () => u1.destroySavedSearch((await u1.createSavedSearch(text())).id_str),
  newWelcomeDmRule: () => newRule(),
  deleteDm: async () => u1.deleteDm(await message()), deleteTweet: async () => u1.deleteTweet(await post()),
  deleteWelcomeDm: async () => u1.deleteWelcomeDm(await welcome()), deleteWelcomeDmRule: async () => u1.deleteWelcomeDmRule(await newRule()),
  downloadDmImage: null,
  favoriteTimeline: () => u1.favoriteTimeline(), favoriteTimelineByUsername: () => u1.favoriteTimelineByUsername("robin"),
  filterStream: () => read(u1.filterStream({ track: "text" })), sampleStream: () => read(u1.sampleStream()), getStream: () => read(u1.getStream("statuses/sample.json")),
  friendship: () => u1.friendship({ source_screen_name: "ada", target_screen_name: "robin" }), friendships: () => u1.friendships(byName),
  friendshipsNoRetweets: () => u1.friendshipsNoRetweets(), friendshipsIncoming: () => u1.friendshipsIncoming(), friendshipsOutgoing: () => u1.friendshipsOutgoing(),
  geoPlace: () => u1.geoPlace(PLACE), geoReverseGeoCode: () => u1.geoReverseGeoCode({ lat: 38.7, long: -9.15 }), geoSearch: () => u1.geoSearch({ query: "Lisbon" }),
  getDmEvent: async () => u1.getDmEvent(await message()), getWelcomeDm: async () => u1.getWelcomeDm(await welcome()),
  getWelcomeDmRule: async () => u1.getWelcomeDmRule(await newRule()), homeTimeline: () => u1.homeTimeline(),
  hydrateTweets: null, indicateDmTyping: () => u1.indicateDmTyping(ROBIN), listDmEvents: () => u1.listDmEvents(), listMutes: null,
  listWelcomeDms: () => u1.listWelcomeDms(), listWelcomeDmRules: () => u1.listWelcomeDmRules(),
  markDmAsRead: async () => u1.markDmAsRead(await message(), ROBIN), mediaInfo: async () => u1.mediaInfo(await video()),
  mediaChunkedUpload: async () => {
    const query = { command: "INIT", total_bytes: String(MP4.length), media_type: "video/mp4" };
    const made = await u1.post("media/upload.json", query, { prefix: "https://upload.x.com/1.1/" });
    return u1.mediaChunkedUpload(MP4, 1024, made.media_id_string, 1);
  },
  mentionTimeline: () => u1.mentionTimeline(), mutedUserIds: () => u1.mutedUserIds(), mutedUsers: () => u1.mutedUsers(), listMutedUsers: () => u1.listMutedUsers(), listMutedUserIds: () => u1.listMutedUserIds(),
  newWelcomeDm: welcome, updateWelcomeDm: async () => u1.updateWelcomeDm(await welcome(), { text: "changed" }), setWelcomeDm: async () => { await dropRules(); return u1.setWelcomeDm(await welcome()); },
  oembedTweet: () => u1.oembedTweet(POST), rateLimitStatuses: () => u1.rateLimitStatuses(), reply: () => u1.reply(text(), POST),
  reportUserAsSpam: () => u1.reportUserAsSpam({ screen_name: "mika" }), search: () => u1.search("rust"), searchUsers: () => u1.searchUsers("bird"),
  sendDm: () => u1.sendDm({ recipient_id: ROBIN, text: text() }), singleTweet: () => u1.singleTweet(POST),
  supportedLanguages: () => u1.supportedLanguages(), trendsAvailable: () => u1.trendsAvailable(), trendsByPlace: () => u1.trendsByPlace(1), trendsClosest: () => u1.trendsClosest(59.9, 10.7),
  tweet: () => u1.tweet(text()), tweetThread: () => u1.tweetThread([text(), text()]), tweets: async () => { await u1.tweets([POST]); return u1.tweets([POST, "999"], { map: true }); },
  updateFriendship: () => u1.updateFriendship({ ...byName, retweets: true }), uploadMedia: upload, user: () => u1.user(byName), users: () => u1.users(byName),
  userFollowerIds: () => u1.userFollowerIds(byName), userFollowerList: () => u1.userFollowerList(byName), userFollowingIds: () => u1.userFollowingIds(byName),
  userFriendList: () => u1.userFriendList(byName), userFriendIds: () => u1.userFriendIds(byName), userFollowingList: () => u1.userFollowingList(byName),
  userTimeline: () => u1.userTimeline(ROBIN), userTimelineByUsername: () => u1.userTimelineByUsername("robin"),
  verifyCredentials: () => u1.verifyCredentials(), quote: async () => u1.quote(text(), `https://twitter.com/robin/status/${POST}`),
  retweet: async () => u1.retweet(await post()), unretweet: async () => u1.unretweet(await reposted()),
};
const dropRules = async () => {
  for (const one of (await u1.listWelcomeDmRules()).welcome_message_rules ?? []) await u1.deleteWelcomeDmRule(one.id);
};
const newRule = async () => { await dropRules(); return (await u1.newWelcomeDmRule(await welcome())).welcome_message_rule.id; };
const video = () => u1.uploadMedia(MP4, { mimeType: "video/mp4" });
const OWN = /^(get|post|put|patch|delete|send|getStream|postStream|sendStream|stream|client|login|refresh|revoke|appLogin|generate|pagin|createPicker|createStream|apply|format|upload.*(Part|Chunk|Small)|chunk|checkUpload|awaitFor|await.*|prepare.*|get(Upload|File|Media|User|Active|Mime|Last).*|.*Iterator)$/;

/** Submits the decision on a login page of the sandbox as `ada`, as a browser would. Returns the redirect URL. */
function submitConsent(url) {
  const script = "import sys, world; print(world.submit_consent(sys.argv[1]))";
  return execFileSync(env.PEERS_PYTHON, ["-c", script, url], { cwd: __dirname, encoding: "utf8" }).trim();
}

async function logins() {
  const client = "twitter-api-v2 logins";
  const oauth2 = (secret) => async () => {
    const one = new TwitterApi({ clientId: env.X_CONSUMER_KEY, ...(secret && { clientSecret: secret }) });
    const link = one.generateOAuth2AuthLink(CALLBACK, { scope: ["tweet.read", "users.read", "offline.access"] });
    const code = new URL(submitConsent(link.url)).searchParams.get("code");
    const { client: logged, refreshToken } = await one.loginWithOAuth2({ code, codeVerifier: link.codeVerifier, redirectUri: CALLBACK });
    if ((await logged.v2.me()).data.username !== "ada") throw new Error("another user");
    const renewed = await one.refreshOAuth2Token(refreshToken);
    await one.revokeOAuth2Token(renewed.accessToken);
  };
  const oauth1 = async () => {
    const one = new TwitterApi({ appKey: env.X_CONSUMER_KEY, appSecret: env.X_CONSUMER_SECRET });
    const link = await one.generateAuthLink(CALLBACK);
    const verifier = new URL(submitConsent(link.url)).searchParams.get("oauth_verifier");
    const two = new TwitterApi({ appKey: env.X_CONSUMER_KEY, appSecret: env.X_CONSUMER_SECRET, accessToken: link.oauth_token, accessSecret: link.oauth_token_secret });
    const { client: logged } = await two.login(verifier);
    await logged.v1.verifyCredentials();
  };
  const appLogin = async () => {
    const one = new TwitterApi({ appKey: env.X_CONSUMER_KEY, appSecret: env.X_CONSUMER_SECRET });
    await (await one.appLogin()).v2.singleTweet(POST);
  };
  await call(client, "OAuth 2.0, public client, its own defaults", oauth2(), {});
  await call(client, "OAuth 2.0, confidential client", oauth2(env.X_CONSUMER_SECRET), {});
  await call(client, "OAuth 1.0a with a callback", oauth1, {});
  await call(client, "bearer token of the app", appLogin, {});
}

async function all(client, object, calls, refusals) {
  for (const method of methods(object)) {
    if (OWN.test(method)) continue;
    if (calls[method]) await call(client, method, calls[method], refusals);
    else line(client, method, calls[method] === null ? "no request" : "not called", "the table of calls has no entry");
  }
}

(async () => {
  await logins();
  await all("twitter-api-v2 v2", u2, v2, v2Refusals);
  await all("twitter-api-v2 v1", u1, v1, {});
  process.exit(0);
})();
