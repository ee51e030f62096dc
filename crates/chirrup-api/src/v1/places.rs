//! Places, and what is talked about there.

use chirrup_model::PlaceId;
use chirrup_model::v1::{Place, PlaceResult, TrendLocation, Trends};

crate::endpoints! {
    PLACES on V1;

    /// Shows a place.
    place -> GetPlace = GET "/1.1/geo/id/{place_id}.json" => Place;
    auth App, User;
    alias "get_geo_info";
    path { place_id: PlaceId }

    /// Finds places around a point.
    reverse_geocode -> ReverseGeocode = GET "/1.1/geo/reverse_geocode.json" => PlaceResult;
    auth User;
    needs { lat: String; long: String; }
    query {
        /// How exact the point is, in metres, or in feet with `ft` behind.
        accuracy: String;
        /// The smallest kind of place: `neighborhood`, `city`, `admin` or `country`.
        granularity: String;
        /// How many, about.
        max_results: u32, in 1..=100;
    }

    /// Finds places by words, by a point, or by an IP address.
    search_geo -> SearchGeo = GET "/1.1/geo/search.json" => PlaceResult;
    auth User;
    query {
        /// Words.
        query: String;
        /// The latitude, from -90 to 90; of no use without a longitude.
        lat: String;
        /// The longitude, from -180 to 180; of no use without a latitude.
        long: String;
        /// An IP address, from which the place is guessed.
        ip: String;
        /// The smallest kind of place: `neighborhood`, `city`, `admin` or `country`.
        granularity: String;
        /// How exact the point is, in metres, or in feet with `ft` behind.
        accuracy: String;
        /// How many, about.
        max_results: u32, in 1..=100;
        /// Only within this place.
        contained_within: PlaceId;
    }

    /// Finds places near a point that are called alike.
    similar_places -> SimilarPlaces = GET "/1.1/geo/similar_places.json" => PlaceResult;
    auth User;
    alias "get_similar_places";
    needs { lat: String; long: String; name: String; }
    query {
        /// Only within this place.
        contained_within: PlaceId;
    }

    /// Makes a place; X has given this up.
    create_place -> CreatePlace = POST "/1.1/geo/place.json" => Place;
    auth User;
    fills { name: String; contained_within: PlaceId; token: String; lat: String; long: String; }
    form {
        /// Its street.
        street_address = "attribute:street_address": String;
    }

    /// Tells what is talked about at a place.
    trends -> TrendsAt = GET "/1.1/trends/place.json" => Vec<Trends>;
    auth App, User;
    alias "get_place_trends";
    needs { woeid = "id": u64; }
    query {
        /// `hashtags` leaves them out.
        exclude: String;
    }

    /// Lists the places where it is known what is talked about.
    available_trends -> AvailableTrends = GET "/1.1/trends/available.json" => Vec<TrendLocation>;
    auth App, User;
    alias "get_available_trends";

    /// Lists such places near a point.
    closest_trends -> ClosestTrends = GET "/1.1/trends/closest.json" => Vec<TrendLocation>;
    auth App, User;
    alias "get_closest_trends";
    needs { lat: String; long: String; }
}
