"""Addresses, clients and responses of the packages that take the place of other libraries.

These are `chirrup.tweepy`, `chirrup.twython`, `chirrup.twitter` and `chirrup.pytweet`.
"""
