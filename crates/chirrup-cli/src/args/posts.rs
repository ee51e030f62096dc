//! Arguments of the commands that write posts, upload media and call endpoints.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::number::{limit, whole_number};

/// Arguments of `chirrup post`.
#[derive(Debug, ClapArgs)]
pub(crate) struct PostArgs {
    #[command(flatten)]
    pub(crate) draft: DraftArgs,
    /// ID or link of the post to reply to
    #[arg(long, value_name = "POST")]
    pub(crate) reply_to: Option<String>,
    /// ID or link of the post to quote
    #[arg(long, value_name = "POST", conflicts_with_all = ["media", "poll"])]
    pub(crate) quote: Option<String>,
    /// Split the text into the posts of a thread
    #[arg(long, conflicts_with_all = ["reply_to", "quote", "poll", "long"])]
    pub(crate) thread: bool,
}

/// Content and settings of a new post.
#[derive(Debug, ClapArgs)]
pub(crate) struct DraftArgs {
    /// Text of the post, or `-` to read it from stdin [default: stdin, or the editor of $EDITOR]
    #[arg(num_args = 0..)]
    pub(crate) text: Vec<String>,
    /// Option of a poll; repeat for two to four options
    #[arg(long = "poll", value_name = "OPTION", num_args = 1, conflicts_with = "media")]
    pub(crate) poll: Vec<String>,
    /// Duration of the poll in minutes
    #[arg(long, value_name = "MINUTES", value_parser = whole_number::<u32>, default_value_t = 1440)]
    pub(crate) poll_minutes: u32,
    /// File to upload, or ID of an uploaded file; repeat for up to four images
    #[arg(long, alias = "media-id", value_name = "FILE")]
    pub(crate) media: Vec<String>,
    /// Alt text of a media file; repeat in the order of the files
    #[arg(long, value_name = "TEXT", requires = "media")]
    pub(crate) alt: Vec<String>,
    /// Allow a text of more than 280 characters, with X Premium
    #[arg(long)]
    pub(crate) long: bool,
    /// Users who can reply
    #[arg(long, value_name = "WHO", value_parser = ["following", "mentionedUsers", "subscribers", "verified"])]
    pub(crate) replies: Option<String>,
    /// Idempotency key: repeated runs with the same key post only once
    ///
    /// This also holds if an earlier run was killed: the program then first looks for the post.
    #[arg(long, value_name = "KEY")]
    pub(crate) once: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MediaCommand {
    /// Upload a file, wait until X has processed it, and print its ID
    Upload {
        /// Image, GIF or video
        file: PathBuf,
        /// Alternative text for people who cannot see the image
        #[arg(long, value_name = "TEXT")]
        alt: Option<String>,
        /// Upload for a direct message instead of a post
        #[arg(long)]
        dm: bool,
        /// Subtitles of the video in SRT format
        #[arg(long, value_name = "FILE")]
        subtitles: Option<PathBuf>,
        /// Language code of the subtitles
        #[arg(long, value_name = "CODE", default_value = "EN")]
        language: String,
    },
}

/// Arguments of `chirrup call`.
#[derive(Debug, ClapArgs)]
pub(crate) struct CallArgs {
    /// Path or endpoint name, with an optional method before it and parameters after it
    ///
    /// A parameter is `name=text`, `name:=json` or `name@file`. Without a method, the program uses that of the endpoint, and
    /// POST for another path with a body or a file.
    #[arg(required = true, num_args = 1.., value_name = "METHOD|PATH|PARAMETER")]
    pub(crate) words: Vec<String>,
    /// JSON body of the request
    #[arg(short = 'd', long, value_name = "JSON")]
    pub(crate) data: Option<String>,
    /// Fetch pages until there are this many results, or `all` [default: one page]
    #[arg(short = 'n', long, value_name = "NUMBER", value_parser = limit)]
    pub(crate) limit: Option<usize>,
    /// Credential that authenticates the call
    #[arg(long = "as", value_name = "WHO", value_parser = ["app", "user"])]
    pub(crate) context: Option<String>,
    /// Base URL of another host of X, such as `https://upload.x.com`
    #[arg(long, value_name = "URL")]
    pub(crate) host: Option<String>,
    /// Timeout of one attempt in seconds
    #[arg(long, value_name = "SECONDS", value_parser = whole_number::<u64>)]
    pub(crate) timeout: Option<u64>,
}
