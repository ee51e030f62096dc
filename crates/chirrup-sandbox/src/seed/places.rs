//! Places that posts are written in, and the places that contain them.

use serde_json::{Value as Json, json};

use crate::world::World;

/// Countries: ID, name, country code, bounding box.
const COUNTRIES: [(&str, &str, &str, [f64; 4]); 9] = [
    ("96683cc9126741d1", "United States", "US", [-179.231_086, 13.182_335, 179.859_685, 71.434_357]),
    ("8198e85105920d1e", "Portugal", "PT", [-31.28, 30.03, -6.18, 42.16]),
    ("4a5fe7b53f54b1c6", "Norway", "NO", [4.50, 57.95, 31.17, 71.19]),
    ("06ef846bfc783874", "Japan", "JP", [122.93, 20.42, 153.99, 45.53]),
    ("0dc1ac8f2d1b1c47", "Kenya", "KE", [33.90, -4.72, 41.91, 5.03]),
    ("32c1ca2a8bd5a9f0", "Colombia", "CO", [-81.74, -4.23, -66.84, 13.40]),
    ("fdcd221ac44fa326", "Germany", "DE", [5.86, 47.27, 15.05, 55.06]),
    ("f3bfc7dcc928977f", "France", "FR", [-5.15, 41.33, 9.57, 51.10]),
    ("6416b8512febefc9", "United Kingdom", "GB", [-8.66, 49.86, 1.77, 60.86]),
];

/// A place below a country.
#[derive(Debug)]
pub(super) struct PlaceSeed {
    pub(super) id: &'static str,
    kind: &'static str,
    pub(super) name: &'static str,
    full_name: &'static str,
    /// ID of the place that contains it.
    parent: &'static str,
    bbox: [f64; 4],
}

const fn place(
    id: &'static str,
    kind: &'static str,
    name: &'static str,
    full_name: &'static str,
    parent: &'static str,
    bbox: [f64; 4],
) -> PlaceSeed {
    PlaceSeed { id, kind, name, full_name, parent, bbox }
}

const SAN_FRANCISCO: &str = "5a110d312052166f";
const AUSTIN: &str = "c3f37afa9efcf94b";
const LISBON: &str = "01a9a39529b27f36";

/// Each after the place that contains it.
pub(super) const PLACES: [PlaceSeed; 18] = [
    place(LISBON, "city", "Lisbon", "Lisbon, Portugal", COUNTRIES[1].0, [-9.23, 38.69, -9.09, 38.80]),
    place("3797791ff9c0e4c6", "city", "Oslo", "Oslo, Norway", COUNTRIES[2].0, [10.49, 59.81, 10.95, 60.14]),
    place("b9d3e1f0c7a25d84", "city", "Osaka", "Osaka, Japan", COUNTRIES[3].0, [135.37, 34.58, 135.60, 34.77]),
    place("00ab941b685334e3", "city", "Nairobi", "Nairobi, Kenya", COUNTRIES[4].0, [36.66, -1.44, 37.10, -1.16]),
    place("2a93711775303f90", "city", "Bogotá", "Bogotá, Colombia", COUNTRIES[5].0, [-74.22, 4.47, -74.00, 4.83]),
    place("095534ad3107e0e6", "city", "Hamburg", "Hamburg, Germany", COUNTRIES[6].0, [9.73, 53.40, 10.33, 53.74]),
    place("179d0c1cb13b2e9f", "city", "Lyon", "Lyon, France", COUNTRIES[7].0, [4.77, 45.71, 4.90, 45.81]),
    place(
        "7d7bdec12d2549d4",
        "city",
        "Bristol",
        "Bristol, United Kingdom",
        COUNTRIES[8].0,
        [-2.72, 51.40, -2.51, 51.54],
    ),
    place(
        "fbd6d2f5a4e4a15e",
        "admin",
        "California",
        "California, USA",
        COUNTRIES[0].0,
        [-124.482_003, 32.528_832, -114.131_212, 42.009_519],
    ),
    place(
        "e0060cda70f5f341",
        "admin",
        "Texas",
        "Texas, USA",
        COUNTRIES[0].0,
        [-106.645_646, 25.837_092, -93.508_131, 36.500_695],
    ),
    place(
        SAN_FRANCISCO,
        "city",
        "San Francisco",
        "San Francisco, CA",
        "fbd6d2f5a4e4a15e",
        [-122.514_926, 37.708_075, -122.357_031, 37.833_238],
    ),
    place(
        AUSTIN,
        "city",
        "Austin",
        "Austin, TX",
        "e0060cda70f5f341",
        [-97.928_935, 30.127_892, -97.580_513, 30.518_799],
    ),
    place(
        "1ffd3558f2e98349",
        "neighborhood",
        "Dogpatch",
        "Dogpatch, San Francisco",
        SAN_FRANCISCO,
        [-122.393_078, 37.756_131, -122.387_196, 37.764_396],
    ),
    place(
        "1d019624e6b4dcff",
        "neighborhood",
        "South of Market",
        "South of Market, San Francisco",
        SAN_FRANCISCO,
        [-122.418_714, 37.764_094, -122.379_692, 37.789_283],
    ),
    place(
        "5c92ab5379de3839",
        "neighborhood",
        "South Beach",
        "South Beach, San Francisco",
        SAN_FRANCISCO,
        [-122.401_378, 37.777_625, -122.380_984, 37.798_014],
    ),
    place(
        "1fa5d78e5cf5f072",
        "neighborhood",
        "Downtown",
        "Downtown, Austin",
        AUSTIN,
        [-97.756_7, 30.250_549, -97.731_483, 30.283_936],
    ),
    place("1a7ab4dd0f3d5c10", "neighborhood", "Alfama", "Alfama, Lisbon", LISBON, [-9.134, 38.708, -9.124, 38.716]),
    place(
        "07d9db18e9481000",
        "poi",
        "Miradouro de Santa Luzia",
        "Miradouro de Santa Luzia",
        "1a7ab4dd0f3d5c10",
        [-9.130, 38.711, -9.130, 38.711],
    ),
];

/// Adds all places to a new world.
pub(super) fn grow(world: &World) -> rusqlite::Result<()> {
    for (id, name, code, bbox) in COUNTRIES {
        world.add_place(id, &feature(id, "country", [name, name], [name, code], &[], bbox))?;
    }
    let country_of = |mut parent: &str| {
        while let Some(place) = PLACES.iter().find(|place| place.id == parent) {
            parent = place.parent;
        }
        COUNTRIES.iter().find(|country| country.0 == parent).map_or(["", ""], |country| [country.1, country.2])
    };
    for place in PLACES {
        let names = [place.name, place.full_name];
        let json = feature(place.id, place.kind, names, country_of(place.parent), &[place.parent], place.bbox);
        world.add_place(place.id, &json)?;
    }
    Ok(())
}

/// A place as API v2 shows it.
fn feature(
    id: &str,
    kind: &str,
    [name, full_name]: [&str; 2],
    [country, code]: [&str; 2],
    parents: &[&str],
    bbox: [f64; 4],
) -> Json {
    json!({
        "id": id, "name": name, "full_name": full_name, "country": country, "country_code": code, "place_type": kind,
        "contained_within": parents, "geo": {"type": "Feature", "bbox": bbox, "properties": {}},
    })
}
