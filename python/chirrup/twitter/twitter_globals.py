"""The routes that are called with POST."""

POST_ACTIONS = (
    "update retweet update_with_media statuses/lookup new update_profile_image update_delivery_device "
    "update_profile update_profile_background_image update_profile_colors update_location end_session settings "
    "update_profile_banner remove_profile_banner leave follow destroy destroy_all create create_all "
    "users/lookup report_spam filter user site token access_token request_token invalidate_token media/upload "
    "media/metadata/create collections/create collections/destroy collections/update collections/entries/add "
    "collections/entries/curate collections/entries/move collections/entries/remove"
).split()
"""Endings of the routes that are called with POST. A number may follow them."""
