//! Codes of errors of API v1.1 that no known problem of the library explains.

/// Code, meaning and remedy.
pub(super) type Row = (i64, &'static str, &'static str);

const LATER: &str = "run the command again later";
const CHECK_ID: &str = "check the ID or the username";
const NOTHING: &str = "nothing is left to do";
const OTHER_MEDIA: &str = "upload the file again, and use its ID within a day";

/// Codes that X documents, in ascending order.
pub(super) const ROWS: [Row; 46] = [
    (3, "the coordinates are invalid", "give a latitude from -90 to 90 and a longitude from -180 to 180"),
    (13, "no location is known for the IP address", "give coordinates or a query instead"),
    (17, "no user matches", CHECK_ID),
    (34, "the page or the object does not exist", "check the ID and the path; `chirrup endpoints` lists the paths"),
    (36, "an account cannot report itself", "check the username"),
    (38, "a required parameter is missing", "add the parameter that the message names"),
    (44, "a parameter has an invalid value", "correct the parameter that the message names"),
    (50, "the user does not exist", CHECK_ID),
    (63, "the user is suspended", "choose another user"),
    (68, "the version of the API no longer exists", "use a path that begins with /2 or /1.1"),
    (87, "the app may not use this endpoint", "check the access of the app in the developer console"),
    (88, "the rate limit is exhausted", "wait for `retry_after` seconds; `chirrup limits` shows the limits"),
    (92, "the request was not sent over TLS", "use a base URL with https"),
    (109, "the user is not on the list", "`chirrup lists members` shows who is"),
    (110, "the user to remove is not a member of the list", NOTHING),
    (112, "the list is not named", "give a list ID, or a slug and its owner"),
    (120, "the profile was not changed: a value is too long or missing", "shorten the value that the message names"),
    (130, "X is over capacity", LATER),
    (131, "X failed to process the request", LATER),
    (139, "the account likes the post already", NOTHING),
    (144, "the post does not exist", "check the ID"),
    (150, "messages go only to users who accept them from the account", "ask the user to follow the account"),
    (151, "the message was not sent", "read the message of the server"),
    (158, "an account cannot follow itself", "check the username"),
    (160, "the account has asked to follow the user already", "wait until the user accepts it"),
    (161, "the account cannot follow more users now", "follow more users tomorrow, or unfollow others"),
    (179, "the author does not show the post to the account", "follow the author, or use another account"),
    (183, "an account deletes only its own posts", "use the credentials of the author"),
    (185, "the account has reached its daily limit of posts", "post again tomorrow"),
    (186, "the text is too long", "shorten it; `chirrup text count` counts as X does"),
    (195, "a URL is missing or invalid", "correct the parameter that the message names"),
    (205, "the account has reported too many users today", "report others tomorrow"),
    (214, "the request is invalid", "correct it as the message says"),
    (226, "X takes the request for an automated one", "pause, and vary what the account posts"),
    (231, "the login needs a verification by the user", "log in at x.com with a browser"),
    (251, "the endpoint is retired", "`chirrup endpoints` names the endpoint that replaces it"),
    (271, "an account cannot mute itself", "check the username"),
    (272, "the user is not muted", NOTHING),
    (323, "a post has one animated GIF, or up to four images", "use fewer media files"),
    (324, "X rejected the media file", OTHER_MEDIA),
    (325, "the media file does not exist", OTHER_MEDIA),
    (327, "the account has reposted the post already", NOTHING),
    (349, "the user does not accept messages of the account", "ask the user to follow the account"),
    (354, "the text of the message is too long", "shorten it"),
    (385, "the post to reply to is deleted or not visible", "check the ID"),
    (386, "a post has too many kinds of attachments", "use either media, a poll or a quote"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_not_explained_twice() {
        assert!(ROWS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for problem in chirrup::KNOWN_PROBLEMS {
            assert!(problem.codes().all(|code| ROWS.iter().all(|row| row.0 != code)), "{}", problem.id);
        }
    }
}
