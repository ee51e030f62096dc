"""Programs for other libraries with their imports changed, which type checkers accept in strict mode. They do not run."""

from __future__ import annotations

from chirrup import pytweet, tweepy
from chirrup.tweepy.asynchronous import AsyncClient
from chirrup.twitter import OAuth, Twitter, TwitterHTTPError
from chirrup.twython import Twython, TwythonError


def tweepy_program(client: tweepy.Client, api: tweepy.API) -> int | None:
    try:
        found = client.search_recent_tweets("birds", max_results=10)
        if found.data:
            client.create_tweet(text="Hello", in_reply_to_tweet_id=found.data[0].id)
    except tweepy.TooManyRequests as error:
        return error.reset_time
    for status in tweepy.Cursor(api.home_timeline).items(5):
        print(status.text)
    return None


async def asynchronous_program(client: AsyncClient) -> None:
    me = (await client.get_me()).data
    print(me.username if me else "unknown")


class Printer(tweepy.StreamingClient):
    def on_tweet(self, tweet: tweepy.Tweet) -> None:
        print(tweet.text)


def twython_program(twitter: Twython) -> None:
    try:
        for status in twitter.cursor(twitter.search, q="birds"):
            print(status["text"])
    except TwythonError as error:
        print(error.error_code)


def python_twitter_tools_program(auth: OAuth) -> None:
    try:
        Twitter(auth=auth).statuses.update(status="Hello")
    except TwitterHTTPError as error:
        print(error.response_data)


def pytweet_program(client: pytweet.Client) -> None:
    user = client.fetch_user_by_name("robin")
    if user is not None:
        user.follow()
