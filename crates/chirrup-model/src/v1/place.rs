//! Places, and what is talked about there.

use serde_json::Value as Json;

use crate::id::PlaceId;
use crate::time::Timestamp;
use crate::wire_struct;

wire_struct! {
    /// A place.
    Place {
        ;
        /// Its id.
        id: PlaceId,
        /// Its name.
        name: String,
        /// Its name and what it lies in.
        full_name: String,
        /// `neighborhood`, `city`, `admin`, `country` or `poi`.
        place_type: String,
        /// Its country.
        country: String,
        /// Its country, as an ISO 3166-1 code.
        country_code: String,
        /// Where it is.
        bounding_box: BoundingBox,
        /// Its middle: longitude and latitude.
        centroid: [f64; 2],
        /// What it lies in.
        contained_within: Vec<Place>,
        /// What else is known of it.
        attributes: Json,
        /// Its address at the API.
        url: String,
    }

    /// Corners of a place.
    BoundingBox {
        ;
        /// `Polygon`.
        kind = "type": String,
        /// Rings of longitudes and latitudes.
        coordinates: Vec<Vec<[f64; 2]>>,
    }

    /// Places that were found.
    PlaceResult {
        ;
        /// They.
        result: Places,
        /// What was asked for.
        query: Json,
    }

    /// Places.
    Places {
        /// They.
        places: Vec<Place>,
        ;
        /// Needed to make one that is like these.
        token: String,
    }

    /// What is talked about at a place.
    Trends {
        /// It.
        trends: Vec<Trend>,
        ;
        /// As of when.
        as_of: Timestamp,
        /// Since when.
        created_at: Timestamp,
        /// Where.
        locations: Vec<TrendLocation>,
    }

    /// Something that is talked about.
    Trend {
        /// It.
        name: String,
        ;
        /// Where it can be searched on the web.
        url: String,
        /// The query, percent-encoded.
        query: String,
        /// Whether it was paid for.
        promoted_content: Json,
        /// How many statuses hold it.
        tweet_volume: u64,
    }

    /// A place where it is known what is talked about.
    TrendLocation {
        /// Its name.
        name: String,
        /// Its "where on earth" id.
        woeid: u64,
        ;
        /// Its country.
        country: String,
        /// Its country, as an ISO 3166-1 code.
        country_code = "countryCode": String,
        /// The id of what it lies in.
        parent = "parentid": u64,
        /// What it is.
        place_type = "placeType": Json,
        /// Its address.
        url: String,
    }
}
