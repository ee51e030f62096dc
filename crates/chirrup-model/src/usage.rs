//! API usage of a project and its apps, and the credits of its account.

use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of the API usage, for `usage_fields`.
    UsageField {
        CapResetDay = "cap_reset_day",
        DailyClientAppUsage = "daily_client_app_usage",
        DailyProjectUsage = "daily_project_usage",
        ProjectCap = "project_cap",
        ProjectId = "project_id",
        ProjectUsage = "project_usage",
    }
}

wire_struct! {
    /// API usage of a project in the current month.
    Usage {
        ;
        /// Day of the month on which the usage is reset.
        cap_reset_day: u64,
        /// Maximum number of posts per month, as a decimal number.
        project_cap: String,
        /// ID of the project.
        project_id: String,
        /// Number of posts read this month, as a decimal number.
        project_usage: String,
        /// Daily usage of each app.
        daily_client_app_usage: Vec<AppUsage>,
        /// Daily usage of the project.
        daily_project_usage: ProjectUsage,
    }

    /// Daily usage of an app.
    AppUsage {
        ;
        /// ID of the app.
        client_app_id: String,
        /// Usage of each day.
        usage: Vec<DayUsage>,
        /// Number of days in the list.
        usage_result_count: u64,
    }

    /// Daily usage of a project.
    ProjectUsage {
        ;
        /// ID of the project.
        project_id: String,
        /// Usage of each day.
        usage: Vec<DayUsage>,
    }

    /// Usage of one day.
    DayUsage {
        ;
        /// The day, as X sends it.
        date: String,
        /// Number of posts read, as a decimal number.
        usage: String,
    }
    /// Credit balance of the developer account, in US dollars.
    UsageCredits {
        /// Credits that can be spent: the sum of the other two balances, but at least 0.
        total_balance: f64,
        /// Credits that were bought, which are negative after a debt.
        prepaid_balance: f64,
        /// Credits that X granted.
        free_balance: f64,
        /// Grants that make up `free_balance`.
        free_grants: Vec<CreditGrant>,
    }

    /// Credits that X granted.
    CreditGrant {
        /// Amount in US dollars.
        amount: f64,
        ;
        /// Expiration time, as X sends it.
        expires_at: String,
    }
}
