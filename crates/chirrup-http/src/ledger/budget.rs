//! Limits on spending.

use chirrup_api::Cost;
use chirrup_model::Timestamp;

use super::month_book::MonthBook;

/// Limits on spending per run, per UTC day and per UTC month. A limit that is not set does not apply.
///
/// ```
/// use chirrup_http::Budget;
/// let budget = Budget::default().per_day("2.50".parse()?).per_month("20".parse()?);
/// # Ok::<(), chirrup_api::InvalidCost>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct Budget {
    run: Option<Cost>,
    day: Option<Cost>,
    month: Option<Cost>,
}

impl Budget {
    /// Limits the spending of this run of the program, through one ledger. The default is no limit.
    pub fn per_run(mut self, limit: Cost) -> Self {
        self.run = Some(limit);
        self
    }
    /// Limits the spending of a UTC day, by all programs that share the ledger. The default is no limit.
    pub fn per_day(mut self, limit: Cost) -> Self {
        self.day = Some(limit);
        self
    }
    /// Limits the spending of a UTC month, by all programs that share the ledger. The default is no limit.
    pub fn per_month(mut self, limit: Cost) -> Self {
        self.month = Some(limit);
        self
    }

    /// Whether any limit is set.
    pub(super) fn is_set(&self) -> bool {
        *self != Self::default()
    }

    /// Returns why something with this maximum cost would exceed the budget, or `None` if it would not. `run` is the amount
    /// that this run has spent and reserved.
    pub(super) fn violation(
        &self,
        what: &str,
        max_cost: Cost,
        run: Cost,
        book: &MonthBook,
        now: Timestamp,
    ) -> Option<String> {
        self.limits(run, book, now).into_iter().flatten().find_map(|(span, limit, used)| {
            let left = limit.saturating_sub(used);
            if max_cost <= left {
                return None;
            }
            let message =
                format!("budget exceeded: {what} costs up to {max_cost}, and {left} of {limit} are left for {span}");
            let reserved = book.month_total(now).reserved;
            Some(match reserved == Cost::ZERO {
                true => message,
                false => format!("{message}, with {reserved} reserved for calls that have not reported their cost"),
            })
        })
    }

    /// Returns the amount that all limits leave. Without a limit, it is zero.
    pub(super) fn left(&self, run: Cost, book: &MonthBook, now: Timestamp) -> Cost {
        let limits = self.limits(run, book, now).into_iter().flatten();
        limits.map(|(_, limit, used)| limit.saturating_sub(used)).min().unwrap_or_default()
    }

    /// Returns the limits that are set, each with its span and the amount that was spent or reserved.
    fn limits(&self, run: Cost, book: &MonthBook, now: Timestamp) -> [Option<(&'static str, Cost, Cost)>; 3] {
        let (day, month) = (book.day_total(now), book.month_total(now));
        [
            self.run.map(|limit| ("this run", limit, run)),
            self.day.map(|limit| ("today", limit, day.spent + day.reserved)),
            self.month.map(|limit| ("this month", limit, month.spent + month.reserved)),
        ]
    }
}
