//! Rules of the filtered stream, and connections to streams.

use crate::id::RuleId;
use crate::nouns::{nouns, open_words};
use crate::time::Timestamp;

open_words! {
    /// A stream, as connections name it.
    StreamName {
        /// The filtered stream.
        Filtered = "filtered_stream",
        /// The sample of one percent.
        Sample = "sample_stream",
        /// The sample of ten percent.
        Sample10 = "sample10_stream",
        /// Every post.
        Firehose = "firehose_stream",
    }
}

nouns! {
    /// A rule of the filtered stream.
    Rule {
        ;
        /// Its id.
        id: RuleId,
        /// The query.
        value: String,
        /// What its maker calls it.
        tag: String,
    }

    /// How many rules there are, and may be.
    RuleCounts {
        ;
        /// How many rules each app of the project has.
        all_project_client_apps: Vec<AppRules>,
        /// How many an app may have, as a decimal number.
        cap_per_client_app: String,
        /// How many the project may have, as a decimal number.
        cap_per_project: String,
        /// How many this app has.
        client_app_rules_count: AppRules,
        /// How many the project has, as a decimal number.
        project_rules_count: String,
    }

    /// How many rules an app has.
    AppRules {
        ;
        /// The app.
        client_app_id: String,
        /// How many.
        rule_count: u64,
    }

    /// A connection to a stream, open or closed.
    Connection {
        ;
        /// Its id.
        id: String,
        /// The stream.
        endpoint_name: StreamName,
        /// When it was opened.
        connected_at: Timestamp,
        /// When it was closed.
        disconnected_at: Timestamp,
        /// Why.
        disconnect_reason: String,
        /// Where it came from.
        client_ip: String,
    }

    /// Connections were closed.
    ClosedConnections {
        ;
        /// How many.
        successful_kills: u64,
        /// How many could not be.
        failed_kills: u64,
        /// Each one.
        results: Vec<ClosedConnection>,
    }

    /// Whether a connection was closed.
    ClosedConnection {
        ;
        /// Its id.
        uuid: String,
        /// Whether it was.
        success: bool,
        /// Why not.
        error_message: String,
    }
}
