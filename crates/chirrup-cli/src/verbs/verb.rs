//! A command of the table: its words, endpoint, arguments, options and output.

use chirrup::Endpoint;
use chirrup::archive::ItemKind;

/// A command that calls one endpoint.
#[derive(Debug)]
pub(crate) struct Verb {
    /// Words of the command, such as `lists members`.
    pub(crate) path: &'static str,
    pub(super) about: &'static str,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) arguments: &'static [Argument],
    pub(crate) options: &'static [Choice],
    pub(crate) output: Output,
    pub(super) examples: [&'static str; 2],
}

impl Verb {
    /// Whether the command prints pages, and has the options for their number.
    pub(super) fn is_paged(&self) -> bool {
        self.endpoint.page_param().is_some() && self.output != Output::Counts
    }

    /// Type of the items that `chirrup collect` stores, if it knows the command.
    pub(crate) fn collected(&self) -> Option<ItemKind> {
        match self.output {
            Output::Posts if self.is_paged() => Some(ItemKind::Posts),
            Output::Users if self.is_paged() => Some(ItemKind::Users),
            Output::Spaces => Some(ItemKind::Spaces),
            Output::Counts => Some(ItemKind::Counts),
            _ => None,
        }
    }
}

/// A positional argument of a command.
#[derive(Debug)]
pub(crate) struct Argument {
    /// Name of the parameter.
    pub(crate) param: &'static str,
    pub(crate) kind: Kind,
    /// Whether the argument is a file with a value per line: the command runs for each of them.
    pub(crate) in_file: bool,
    pub(super) name: &'static str,
    pub(super) help: &'static str,
}

/// What an argument means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Username, ID or link of a user.
    User,
    /// The same, or the authenticated user if it is absent.
    UserOrMe,
    /// The authenticated user, who is not an argument of the command line.
    Me,
    /// ID or link of a post.
    Post,
    /// ID or link of a list.
    List,
    /// ID or link of the first post of a conversation, for a query.
    Conversation,
    /// Words of a query, which is checked before it is sent.
    Query,
    /// Words of a text, or stdin.
    Text,
    /// Words that are joined by spaces.
    Words,
    /// One value, as it is.
    Value,
    /// Several values, as they are.
    Values,
}

/// An option of a command, beside those that follow from the parameters of its endpoint.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) name: &'static str,
    pub(super) help: &'static str,
    pub(crate) effect: Effect,
}

/// What an option does.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Calls this endpoint instead.
    Endpoint(&'static Endpoint),
    /// Sets a parameter to a word.
    Set(&'static str, &'static str),
    /// Adds a word to a list parameter.
    Push(&'static str, &'static str),
    /// Prints bars beside the numbers.
    Chart,
    /// Sets a parameter to the value of the option, which has a default if the second text is not empty.
    Value(&'static str, &'static str),
}

/// What a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Posts,
    Users,
    /// Users without this connection to the authenticated user.
    UsersWithout(&'static str),
    Spaces,
    /// Objects of other types.
    Objects,
    /// A single object of another type.
    Object,
    /// Numbers of posts by time.
    Counts,
    /// The member of the response that a write sets, its value, and the words that say so. A parameter of the same name
    /// has the same value.
    Done(&'static str, bool, &'static str),
    /// A created object, and the sentence before its ID.
    Created(&'static str),
}
