//! Trends, and the places that have them.

use chirrup_model::v1::{TrendLocation, Trends};

crate::endpoints! {
    /// # Trends
    ///
    /// Read the trends of places.
    TRENDS in v1::trends;

    /// Returns the trends at a place, given as a WOEID ("where on Earth" ID); 1 is the whole world.
    trends -> TrendsAt = GET "/1.1/trends/place.json" => Vec<Trends>;
    auth App, User;
    alias "get_place_trends";
    example(1);
    required query {
        /// WOEID of the place; 1 is the whole world.
        woeid = "id": u64;
    }
    query {
        /// Trends to leave out: `hashtags`.
        exclude: String;
    }

    /// Returns the places that have trends.
    available_trends -> AvailableTrends = GET "/1.1/trends/available.json" => Vec<TrendLocation>;
    auth App, User;
    alias "get_available_trends";
    example();

    /// Returns the places with trends that are closest to a latitude and longitude.
    closest_trends -> ClosestTrends = GET "/1.1/trends/closest.json" => Vec<TrendLocation>;
    auth App, User;
    alias "get_closest_trends";
    example(52.52, 13.40);
    required query {
        /// Latitude of the point: -90 to 90.
        lat: String;
        /// Longitude of the point: -180 to 180.
        long: String;
    }
}
