//! Places: lookup, search and creation.

use chirrup_model::PlaceId;
use chirrup_model::v1::{Place, PlaceResult};

crate::endpoints! {
    /// # Geo
    ///
    /// Look up, search and create places.
    GEO in v1::geo;

    /// Returns a place by ID.
    place -> GetPlace = GET "/1.1/geo/id/{place_id}.json" => Place;
    auth App, User;
    alias "get_geo_info";
    path {
        /// ID of the place.
        place_id: PlaceId,
    }

    /// Returns the places at a latitude and longitude.
    reverse_geocode -> ReverseGeocode = GET "/1.1/geo/reverse_geocode.json" => PlaceResult;
    auth User;
    example(52.52, 13.40).granularity("city");
    required query {
        /// Latitude of the point: -90 to 90.
        lat: String;
        /// Longitude of the point: -180 to 180.
        long: String;
    }
    query {
        /// Radius around the point: meters, or feet with the suffix `ft`.
        accuracy: String;
        /// Smallest type of place to return: `neighborhood` (the default), `city`, `admin` or `country`.
        granularity: String;
        /// Approximate number of places.
        max_results: u32, in 1..=100;
    }

    /// Returns the places that match a text, a point or an IP address.
    search_geo -> SearchGeo = GET "/1.1/geo/search.json" => PlaceResult;
    auth User;
    example().query("Berlin");
    query {
        /// Text to search for, such as a name.
        query: String;
        /// Latitude of the point: -90 to 90; requires `long`.
        lat: String;
        /// Longitude of the point: -180 to 180; requires `lat`.
        long: String;
        /// IP address whose estimated location to search at.
        ip: String;
        /// Smallest type of place to return: `neighborhood` (the default), `city`, `admin` or `country`.
        granularity: String;
        /// Radius around the point: meters, or feet with the suffix `ft`.
        accuracy: String;
        /// Approximate number of places.
        max_results: u32, in 1..=100;
        /// ID of the place that contains the results.
        contained_within: PlaceId;
    }

    /// Returns the places near a point whose names are similar to a name.
    similar_places -> SimilarPlaces = GET "/1.1/geo/similar_places.json" => PlaceResult;
    auth User;
    alias "get_similar_places";
    required query {
        /// Latitude of the point: -90 to 90.
        lat: String;
        /// Longitude of the point: -180 to 180.
        long: String;
        /// Name of the place to search for.
        name: String;
    }
    query {
        /// ID of the place that contains the results.
        contained_within: PlaceId;
    }

    /// Creates a place. X has shut this endpoint down.
    create_place -> CreatePlace = POST "/1.1/geo/place.json" => Place;
    auth User;
    required form {
        /// Name of the place.
        name: String;
        /// ID of the place that contains the new one.
        contained_within: PlaceId;
        /// Token that `similar_places` returned.
        token: String;
        /// Latitude of the point: -90 to 90.
        lat: String;
        /// Longitude of the point: -180 to 180.
        long: String;
    }
    form {
        /// Street address of the place.
        street_address = "attribute:street_address": String;
    }
}
