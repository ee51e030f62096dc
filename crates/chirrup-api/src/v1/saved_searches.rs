//! Saved searches of the authenticated user.

use chirrup_model::v1::SavedSearch;

crate::endpoints! {
    /// # Saved searches
    ///
    /// Create, read and delete saved searches.
    SAVED_SEARCHES in v1::saved_searches;

    /// Returns the saved searches of the authenticated user.
    saved_searches -> SavedSearches = GET "/1.1/saved_searches/list.json" => Vec<SavedSearch>;
    auth User;
    alias "get_saved_searches";
    example();

    /// Returns a saved search by ID.
    saved_search -> ShowSavedSearch = GET "/1.1/saved_searches/show/{id}.json" => SavedSearch;
    auth User;
    alias "show_saved_search";
    path {
        /// ID of the saved search.
        id: String,
    }

    /// Saves a search query.
    create_saved_search -> CreateSavedSearch = POST "/1.1/saved_searches/create.json" => SavedSearch;
    auth User;
    example("rust");
    required form {
        /// Search query to save.
        query: String, in 1..=100;
    }

    /// Deletes a saved search.
    destroy_saved_search -> DestroySavedSearch = POST "/1.1/saved_searches/destroy/{id}.json" => SavedSearch;
    auth User;
    path {
        /// ID of the saved search.
        id: String,
    }
}
