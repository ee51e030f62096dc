//! Rules of the filtered stream.

use crate::id::RuleId;
use crate::into_param::id_of;
use crate::wire_struct;

wire_struct! {
    /// A rule of the filtered stream.
    Rule {
        ;
        /// ID of the rule.
        id: RuleId,
        /// Query of the rule.
        value: String,
        /// Tag that the creator of the rule chose.
        tag: String,
    }

    /// Numbers of rules of a project and its apps, and their limits.
    RuleCounts {
        ;
        /// Number of rules of each app of the project.
        all_project_client_apps: Vec<AppRules>,
        /// Maximum number of rules per app, as a decimal number.
        cap_per_client_app: String,
        /// Maximum number of rules of the project, as a decimal number.
        cap_per_project: String,
        /// Number of rules of the calling app.
        client_app_rules_count: AppRules,
        /// Number of rules of the project, as a decimal number.
        project_rules_count: String,
    }

    /// Number of rules of one app.
    AppRules {
        ;
        /// ID of the app.
        client_app_id: String,
        /// Number of rules of the app.
        rule_count: u64,
    }

    /// A rule that a post matched.
    MatchingRule {
        /// ID of the rule.
        id: RuleId,
        ;
        /// Tag that the creator of the rule chose.
        tag: String,
    }
}

id_of! { MatchingRule: RuleId }
