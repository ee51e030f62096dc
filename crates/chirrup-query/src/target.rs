//! Products and access tiers of X, on which the rules for a query depend.

/// Product of X in which a query is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Product {
    /// Search and counts of the posts of the last seven days.
    RecentSearch,
    /// Search and counts of all posts since 2006.
    FullArchiveSearch,
    /// Rules of the filtered stream.
    FilteredStream,
}

/// Access tier of the app, on which limits and operators depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tier {
    /// Self-serve access, paid per use.
    SelfServe,
    /// Enterprise access, by contract.
    Enterprise,
}

/// Product and access tier for which a query is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Target {
    /// Product in which the query is used.
    pub product: Product,
    /// Access tier of the app.
    pub tier: Tier,
}

impl Target {
    /// Search of the last seven days, with self-serve access.
    pub const RECENT_SEARCH: Self = Self::new(Product::RecentSearch, Tier::SelfServe);
    /// Search of all posts, with self-serve access.
    pub const FULL_ARCHIVE_SEARCH: Self = Self::new(Product::FullArchiveSearch, Tier::SelfServe);
    /// Rules of the filtered stream, with self-serve access.
    pub const FILTERED_STREAM: Self = Self::new(Product::FilteredStream, Tier::SelfServe);

    /// Creates the target for a product and an access tier.
    pub const fn new(product: Product, tier: Tier) -> Self {
        Self { product, tier }
    }
    /// Returns the same product with Enterprise access.
    #[must_use]
    pub const fn enterprise(self) -> Self {
        Self { tier: Tier::Enterprise, ..self }
    }
    /// Maximum length of a query in characters.
    pub const fn max_length(self) -> usize {
        match (self.product, self.tier) {
            (Product::RecentSearch, Tier::SelfServe) => 512,
            (Product::FullArchiveSearch | Product::FilteredStream, Tier::SelfServe) => 1_024,
            (Product::FilteredStream, Tier::Enterprise) => 2_048,
            (_, Tier::Enterprise) => 4_096,
        }
    }
    /// Maximum number of rules of a stream, or `None` for searches.
    pub const fn max_rules(self) -> Option<usize> {
        match (self.product, self.tier) {
            (Product::FilteredStream, Tier::SelfServe) => Some(1_000),
            (Product::FilteredStream, Tier::Enterprise) => Some(25_000),
            _ => None,
        }
    }
}
