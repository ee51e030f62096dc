//! Arguments of the commands that work offline on queries and texts.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::number::whole_number;
use super::query_word::query_word;

/// A query, and the endpoint that it is for.
#[derive(Debug, ClapArgs)]
pub(crate) struct QueryArgs {
    /// Query in the language of X
    #[arg(required = true, num_args = 1.., value_parser = query_word)]
    pub(crate) query: Vec<String>,
    /// Endpoint that runs the query
    #[arg(long = "for", value_enum, value_name = "ENDPOINT", default_value_t = QueryTarget::Recent)]
    pub(crate) target: QueryTarget,
    /// Apply the limits of an enterprise plan
    #[arg(long)]
    pub(crate) enterprise: bool,
}

/// Endpoint that runs a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum QueryTarget {
    /// Search of the last seven days
    Recent,
    /// Search of the full archive
    All,
    /// Rule of the filtered stream
    Stream,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QueryCommand {
    /// Show the errors and warnings of a query
    Check(QueryArgs),
    /// Explain a query in plain English
    Explain(QueryArgs),
    /// Print the lines of stdin whose post matches a query
    Match {
        /// Query in the language of X
        #[arg(required = true, num_args = 1.., value_parser = query_word)]
        query: Vec<String>,
        /// Endpoint whose matching rules apply
        #[arg(long = "for", value_enum, value_name = "ENDPOINT", default_value_t = QueryTarget::Recent)]
        target: QueryTarget,
    },
}

/// Texts, or the lines of stdin.
#[derive(Debug, ClapArgs)]
pub(crate) struct Texts {
    /// Texts [default: the lines of stdin]
    pub(crate) texts: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TextCommand {
    /// Print the weighted length of each text
    Count(Texts),
    /// Check whether each text is a valid post
    Check(Texts),
    /// List the links, mentions, lists, hashtags and cashtags of each text
    Entities(Texts),
    /// Print each text as HTML with links
    Link {
        #[command(flatten)]
        texts: Texts,
        /// Do not escape HTML in the text
        #[arg(long)]
        raw: bool,
    },
    /// Print posts (JSON, one per line) as HTML
    Html {
        /// File of posts [default: stdin]
        file: Option<PathBuf>,
        /// Show expanded instead of shortened URLs
        #[arg(long)]
        expand: bool,
        /// Append the quoted post to each post
        #[arg(long)]
        quotes: bool,
    },
    /// Split each text into the posts of a thread
    Split {
        /// Texts [default: all of stdin as one text]
        texts: Vec<String>,
        /// Position of the post number
        #[arg(long, value_name = "POSITION", value_parser = ["after", "before", "none"], default_value = "after")]
        number: String,
        /// Maximum weighted length of a post
        #[arg(long, value_name = "LENGTH", value_parser = whole_number::<usize>, default_value_t = 280)]
        max: usize,
    },
}
