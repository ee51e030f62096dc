//! Places that posts are written in.

/// Places: ID, name, country, country code, bounding box.
pub(super) const PLACES: [(&str, &str, &str, &str, [f64; 4]); 8] = [
    ("01a9a39529b27f36", "Lisbon", "Portugal", "PT", [-9.23, 38.69, -9.09, 38.80]),
    ("3797791ff9c0e4c6", "Oslo", "Norway", "NO", [10.49, 59.81, 10.95, 60.14]),
    ("5a110d312052166f", "Osaka", "Japan", "JP", [135.37, 34.58, 135.60, 34.77]),
    ("00ab941b685334e3", "Nairobi", "Kenya", "KE", [36.66, -1.44, 37.10, -1.16]),
    ("2a93711775303f90", "Bogotá", "Colombia", "CO", [-74.22, 4.47, -74.00, 4.83]),
    ("095534ad3107e0e6", "Hamburg", "Germany", "DE", [9.73, 53.40, 10.33, 53.74]),
    ("179d0c1cb13b2e9f", "Lyon", "France", "FR", [4.77, 45.71, 4.90, 45.81]),
    ("7d7bdec12d2549d4", "Bristol", "United Kingdom", "GB", [-2.72, 51.40, -2.51, 51.54]),
];
