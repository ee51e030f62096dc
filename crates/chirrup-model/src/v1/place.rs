//! Places and trends of API v1.1.

use serde_json::Value as Json;

use crate::id::PlaceId;
use crate::time::Timestamp;
use crate::wire_struct;

wire_struct! {
    /// A place of API v1.1.
    Place {
        ;
        /// ID of the place.
        id: PlaceId,
        /// Name of the place.
        name: String,
        /// Full name, such as `Lisbon, Portugal`.
        full_name: String,
        /// Type of the place: `neighborhood`, `city`, `admin`, `country` or `poi`.
        place_type: String,
        /// Name of the country.
        country: String,
        /// ISO 3166-1 alpha-2 code of the country.
        country_code: String,
        /// Bounding box of the place.
        bounding_box: BoundingBox,
        /// Center of the place: longitude and latitude in degrees.
        centroid: [f64; 2],
        /// Places that contain the place.
        contained_within: Vec<Place>,
        /// Exact shape of the place, in GeoJSON format.
        geometry: Json,
        /// Encoded outlines of the place.
        polylines: Vec<String>,
        /// Other attributes of the place.
        attributes: Json,
        /// URL of the place in the API.
        url: String,
    }

    /// Bounding box of a place, in GeoJSON format.
    BoundingBox {
        ;
        /// Type of the GeoJSON object, always `Polygon`.
        kind = "type": String,
        /// Rings of points: longitude and latitude in degrees.
        coordinates: Vec<Vec<[f64; 2]>>,
    }

    /// Result of a search for places.
    PlaceResult {
        ;
        /// Places that match the search.
        result: Places,
        /// Query of the search.
        query: Json,
    }

    /// Places that match a search.
    Places {
        /// Places that match the search.
        places: Vec<Place>,
        ;
        /// Token for creating a place similar to these.
        token: String,
    }

    /// Trends at a place.
    Trends {
        /// Trends at the place.
        trends: Vec<Trend>,
        ;
        /// Time of the data.
        as_of: Timestamp,
        /// Time of the oldest trend.
        created_at: Timestamp,
        /// Places of the trends.
        locations: Vec<TrendLocation>,
    }

    /// A trend of API v1.1.
    Trend {
        /// Name of the trend, such as a hashtag.
        name: String,
        ;
        /// URL of a search for the trend on the website.
        url: String,
        /// Percent-encoded query of the search.
        query: String,
        /// Information about promotion of the trend.
        promoted_content: Json,
        /// Number of statuses about the trend.
        tweet_volume: u64,
    }

    /// A place for which X determines trends.
    TrendLocation {
        /// Name of the place.
        name: String,
        /// ID of the place: its WOEID ("where on earth" ID).
        woeid: u64,
        ;
        /// Name of the country.
        country: String,
        /// ISO 3166-1 alpha-2 code of the country.
        country_code = "countryCode": String,
        /// WOEID of the place that contains the place.
        parent = "parentid": u64,
        /// Type of the place.
        place_type = "placeType": Json,
        /// URL of the place in the API.
        url: String,
    }
}
