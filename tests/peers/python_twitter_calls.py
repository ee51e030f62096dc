"""Every public method of python-twitter."""

import io
import tempfile

import twitter

import world as w
from calls import Report, public_methods

SETTINGS = [
    "CheckRateLimit", "ClearCredentials", "InitializeRateLimit", "SetCache", "SetCacheTimeout", "SetCredentials", "SetSource",
    "SetUrllib", "SetUserAgent", "SetXTwitterHeaders", "rate_limit_handlers",
]


def main():
    def api(**options):
        return twitter.Api(w.KEY, w.SECRET, w.TOKEN, w.TOKEN_SECRET, cache=None, tweet_mode="extended", **options)

    a = api()
    picture = tempfile.NamedTemporaryFile(suffix=".png")
    picture.write(w.PNG)
    picture.flush()
    robin, user = {"screen_name": "robin"}, {"user_id": w.ROBIN}

    def upload():
        return a.UploadMediaSimple(picture.name)

    def stream(items):
        with w.writing():
            return next(item for item in items if item)

    def create():
        return a.CreateSubscription(list_id=w.list_())

    calls = {
        "CheckRateLimit": lambda: a.CheckRateLimit("https://api.twitter.com/1.1/statuses/show.json"),
        "CreateBlock": lambda: a.CreateBlock(**user),
        "CreateFavorite": lambda: a.CreateFavorite(status_id=w.post()),
        "CreateFriendship": lambda: a.CreateFriendship(**user),
        "CreateList": lambda: a.CreateList("python-twitter"),
        "CreateListsMember": lambda: a.CreateListsMember(list_id=w.list_(), **user),
        "CreateMute": lambda: a.CreateMute(**user),
        "CreateSubscription": create,
        "DestroyBlock": lambda: a.DestroyBlock(**user),
        "DestroyDirectMessage": lambda: a.DestroyDirectMessage(w.message()),
        "DestroyFavorite": lambda: a.DestroyFavorite(status_id=w.liked()),
        "DestroyFriendship": lambda: a.DestroyFriendship(**user),
        "DestroyList": lambda: a.DestroyList(list_id=w.list_()),
        "DestroyListsMember": lambda: a.DestroyListsMember(list_id=w.list_(), **user),
        "DestroyMute": lambda: a.DestroyMute(**user),
        "DestroyStatus": lambda: a.DestroyStatus(w.post()),
        "DestroySubscription": lambda: a.DestroySubscription(list_id=create().id),
        "GetAppOnlyAuthToken": lambda: a.GetAppOnlyAuthToken(w.KEY, w.SECRET),
        "GetBlocks": lambda: a.GetBlocks(),
        "GetBlocksIDs": lambda: a.GetBlocksIDs(),
        "GetBlocksIDsPaged": lambda: a.GetBlocksIDsPaged(),
        "GetBlocksPaged": lambda: a.GetBlocksPaged(),
        "GetDirectMessages": lambda: a.GetDirectMessages(),
        "GetFavorites": lambda: a.GetFavorites(),
        "GetFollowerIDs": lambda: a.GetFollowerIDs(**robin),
        "GetFollowerIDsPaged": lambda: a.GetFollowerIDsPaged(**robin),
        "GetFollowers": lambda: a.GetFollowers(total_count=300),
        "GetFollowersPaged": lambda: a.GetFollowersPaged(),
        "GetFriendIDs": lambda: a.GetFriendIDs(**robin),
        "GetFriendIDsPaged": lambda: a.GetFriendIDsPaged(**robin),
        "GetFriends": lambda: a.GetFriends(),
        "GetFriendsPaged": lambda: a.GetFriendsPaged(),
        "GetHelpConfiguration": lambda: a.GetHelpConfiguration(),
        "GetHomeTimeline": lambda: a.GetHomeTimeline(),
        "GetListMembers": lambda: a.GetListMembers(list_id=w.list_()),
        "GetListMembersPaged": lambda: a.GetListMembersPaged(list_id=w.list_()),
        "GetListTimeline": lambda: a.GetListTimeline(list_id=w.list_()),
        "GetLists": lambda: a.GetLists(),
        "GetListsList": lambda: a.GetListsList(),
        "GetListsPaged": lambda: a.GetListsPaged(),
        "GetMemberships": lambda: a.GetMemberships(),
        "GetMentions": lambda: a.GetMentions(),
        "GetMutes": lambda: a.GetMutes(),
        "GetMutesIDs": lambda: a.GetMutesIDs(),
        "GetMutesIDsPaged": lambda: a.GetMutesIDsPaged(),
        "GetMutesPaged": lambda: a.GetMutesPaged(),
        "GetReplies": lambda: a.GetReplies(),
        "GetRetweeters": lambda: a.GetRetweeters(w.POST),
        "GetRetweets": lambda: a.GetRetweets(w.POST),
        "GetRetweetsOfMe": lambda: a.GetRetweetsOfMe(),
        "GetSearch": lambda: a.GetSearch(term="rust"),
        "GetSentDirectMessages": lambda: a.GetSentDirectMessages(),
        "GetShortUrlLength": lambda: a.GetShortUrlLength(),
        "GetStatus": lambda: a.GetStatus(w.POST).full_text,
        "GetStatusOembed": lambda: a.GetStatusOembed(status_id=w.POST),
        "GetStatuses": lambda: (a.GetStatuses([w.POST]), a.GetStatuses([w.POST, 999], map=True)),
        "GetStreamFilter": lambda: stream(a.GetStreamFilter(track=["text"])),
        "GetStreamSample": lambda: stream(a.GetStreamSample()),
        "GetSubscriptions": lambda: a.GetSubscriptions(),
        "GetTrendsCurrent": lambda: a.GetTrendsCurrent(),
        "GetTrendsWoeid": lambda: a.GetTrendsWoeid(1),
        "GetUser": lambda: a.GetUser(**robin),
        "GetUserRetweets": lambda: a.GetUserRetweets(),
        "GetUserStream": lambda: stream(a.GetUserStream()),
        "GetUserSuggestion": lambda: a.GetUserSuggestion(a.GetUserSuggestionCategories()[0]),
        "GetUserSuggestionCategories": lambda: a.GetUserSuggestionCategories(),
        "GetUserTimeline": lambda: a.GetUserTimeline(**robin, count=200),
        "GetUsersSearch": lambda: a.GetUsersSearch(term="bird"),
        "IncomingFriendship": lambda: a.IncomingFriendship(),
        "InitializeRateLimit": lambda: a.InitializeRateLimit(),
        "LookupFriendship": lambda: a.LookupFriendship(**robin),
        "OutgoingFriendship": lambda: a.OutgoingFriendship(),
        "PostDirectMessage": lambda: a.PostDirectMessage(w.text(), **user),
        "PostMediaMetadata": lambda: a.PostMediaMetadata(upload(), "a picture"),
        "PostRetweet": lambda: a.PostRetweet(w.post()),
        "PostUpdate": lambda: a.PostUpdate(w.text(), media=picture.name),
        "PostUpdates": lambda: a.PostUpdates(w.text() + " and more words" * 30, continuation="…"),
        "ShowFriendship": lambda: a.ShowFriendship(source_screen_name="ada", target_screen_name="robin"),
        "ShowSubscription": lambda: a.ShowSubscription(list_id=create().id, screen_name="ada"),
        "UpdateBanner": lambda: a.UpdateBanner(picture.name),
        "UpdateFriendship": lambda: a.UpdateFriendship(**user, device=True),
        "UpdateImage": lambda: a.UpdateImage(picture.name),
        "UpdateProfile": lambda: a.UpdateProfile(description="changed"),
        "UploadMediaChunked": lambda: a.UploadMediaChunked(picture.name),
        "UploadMediaSimple": upload,
        "UsersLookup": lambda: a.UsersLookup(screen_name=["ada", "robin"]),
        "VerifyCredentials": lambda: a.VerifyCredentials(),
    }
    others = {name: "a setting" for name in SETTINGS if name not in calls}
    report = Report("python-twitter", {"GetUserStream": "X has retired the endpoint"}, lambda error: isinstance(error, twitter.TwitterError))
    report.call_all([name for name in public_methods(twitter.Api) if name[0].isupper()], calls, others)


if __name__ == "__main__":
    main()
