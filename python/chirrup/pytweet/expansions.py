"""The fields and expansions that every request asks for."""

TWEET_EXPANSION = (
    "attachments.poll_ids,attachments.media_keys,author_id,geo.place_id,in_reply_to_user_id,referenced_tweets.id,"
    "entities.mentions.username,referenced_tweets.id.author_id"
)
TWEET_FIELD = (
    "attachments,author_id,context_annotations,conversation_id,created_at,geo,entities,in_reply_to_user_id,lang,"
    "possibly_sensitive,public_metrics,referenced_tweets,reply_settings,source,text,withheld"
)
USER_FIELD = (
    "created_at,description,entities,id,location,name,profile_image_url,protected,public_metrics,url,username,verified,"
    "withheld,pinned_tweet_id"
)
SPACE_FIELD = (
    "host_ids,created_at,creator_id,id,lang,invited_user_ids,participant_count,speaker_ids,started_at,state,title,"
    "updated_at,scheduled_start,is_ticketed"
)
MEDIA_FIELD = "duration_ms,height,media_key,preview_image_url,public_metrics,type,url,width"
PLACE_FIELD = "contained_within,country,country_code,full_name,geo,id,name,place_type"
POLL_FIELD = "duration_minutes,end_datetime,id,options,voting_status"

TWEET_PARAMETERS = {
    "expansions": TWEET_EXPANSION,
    "tweet.fields": TWEET_FIELD,
    "user.fields": USER_FIELD,
    "media.fields": MEDIA_FIELD,
    "place.fields": PLACE_FIELD,
    "poll.fields": POLL_FIELD,
}
"""Parameters of a request whose response has tweets."""
