//! Charts as SVG within a page.

use std::fmt::Write as _;

use chirrup::model::Timestamp;
use chirrup::text::escape_html;

/// Size of the chart of the posts over time, in units of its coordinates.
const WIDTH: i64 = 960;
const HEIGHT: i64 = 220;
/// Space for the labels above and below it.
const LABEL: i64 = 24;
/// Largest number of columns.
const COLUMNS: i64 = 160;
/// Lengths of time that a column can stand for, in hours, and their names.
const UNITS: [(i64, &str); 8] = [
    (1, "hour"),
    (3, "3 hours"),
    (6, "6 hours"),
    (12, "12 hours"),
    (24, "day"),
    (7 * 24, "week"),
    (28 * 24, "4 weeks"),
    (364 * 24, "52 weeks"),
];
const HOUR: i64 = 3_600_000;
/// Width of a list of bars, of its longest bar, and of the labels before the bars.
const LIST_WIDTH: i64 = 520;
const BAR_WIDTH: u64 = 260;
const NAMES_WIDTH: i64 = 190;
/// Height of a bar with its label.
const BAR: usize = 24;
/// Longest label of a bar, in characters.
const LABEL_CHARS: usize = 19;

/// Start and end of a span of time, in milliseconds since 1970.
pub(super) type Span = (i64, i64);

/// Returns the number of posts over time as columns, the spans that were missed as bands, and the time that a column
/// stands for.
pub(super) fn columns(hours: impl Iterator<Item = (i64, u64)> + Clone, missed: &[Span]) -> (String, &'static str) {
    let (Some(first), Some(last)) =
        (hours.clone().map(|(hour, _)| hour).min(), hours.clone().map(|(hour, _)| hour).max())
    else {
        return (String::new(), UNITS[0].1);
    };
    let fits = |(unit, _): &&(i64, &str)| (last - first) / (unit * HOUR) < COLUMNS;
    let (unit, name) = UNITS.iter().find(fits).copied().unwrap_or(UNITS[UNITS.len() - 1]);
    let unit = unit * HOUR;
    let start = first.div_euclid(unit) * unit;
    let mut numbers = vec![0; usize::try_from((last - start) / unit + 1).unwrap_or(1)];
    for (hour, posts) in hours {
        if let Some(number) = usize::try_from((hour - start) / unit).ok().and_then(|column| numbers.get_mut(column)) {
            *number += posts;
        }
    }
    let (count, highest) = (numbers.len() as i64, numbers.iter().copied().max().unwrap_or(1).max(1));
    let x = |time: i64| (time - start).clamp(0, count * unit) * WIDTH / (count * unit);
    let mut svg = open("Posts over time", (WIDTH, HEIGHT + 2 * LABEL));
    for (from, to) in missed {
        let (left, right) = (x(*from), x(*to));
        let title = format!("missed from {} to {}", time(*from), time(*to));
        rect(&mut svg, "gap", (left, LABEL), ((right - left).max(2), HEIGHT), &title);
    }
    for (column, number) in numbers.iter().enumerate().filter(|(_, number)| **number > 0) {
        let at = start + column as i64 * unit;
        let height = (i64::try_from(number * HEIGHT as u64 / highest).unwrap_or(HEIGHT)).max(1);
        let width = (x(at + unit) - x(at) - 1).max(1);
        let top = LABEL + HEIGHT - height;
        rect(&mut svg, "bar", (x(at), top), (width, height), &format!("{}: {number}", time(at)));
    }
    let ends = [(0, "start", start), (WIDTH, "end", start + count * unit)];
    for (at, anchor, moment) in ends {
        label(&mut svg, (at, LABEL + HEIGHT + 18), anchor, &time(moment));
    }
    label(&mut svg, (0, 16), "start", &format!("at most {highest} per {name}"));
    svg.push_str("</svg>");
    (svg, name)
}

/// Returns values with their numbers as bars.
pub(super) fn bars(title: &str, values: &[(String, u64)]) -> String {
    let highest = values.iter().map(|(_, number)| *number).max().unwrap_or(1).max(1);
    let mut svg = open(title, (LIST_WIDTH, (values.len() * BAR) as i64));
    for (row, (value, number)) in values.iter().enumerate() {
        let (top, middle) = ((row * BAR) as i64, (row * BAR + 17) as i64);
        let width = i64::try_from(number * BAR_WIDTH / highest).unwrap_or(1).max(1);
        let short: String = value.chars().take(LABEL_CHARS).collect();
        let short = if short.len() < value.len() { format!("{short}…") } else { short };
        label(&mut svg, (NAMES_WIDTH - 8, middle), "end", &short);
        rect(&mut svg, "bar", (NAMES_WIDTH, top + 4), (width, BAR as i64 - 8), &format!("{value}: {number}"));
        label(&mut svg, (NAMES_WIDTH + width + 6, middle), "start", &number.to_string());
    }
    svg.push_str("</svg>");
    svg
}

fn open(title: &str, (width, height): (i64, i64)) -> String {
    let title = escape_html(title);
    format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">")
}

fn rect(svg: &mut String, class: &str, (x, y): (i64, i64), (width, height): (i64, i64), title: &str) {
    let title = escape_html(title);
    let _ = write!(
        svg,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"><title>{title}</title></rect>"
    );
}

fn label(svg: &mut String, (x, y): (i64, i64), anchor: &str, text: &str) {
    let text = escape_html(text);
    let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>");
}

/// Returns a time without seconds.
pub(super) fn time(millis: i64) -> String {
    let text = Timestamp::from_millis(millis).to_string();
    text.get(..16).map_or(text.clone(), |minutes| minutes.replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_any_span_fit_into_the_chart() {
        for days in [0, 1, 7, 100, 3_000, 30_000] {
            let hours = [(0, 5), (days * 24 * HOUR, 10)];
            let (svg, _) = columns(hours.into_iter(), &[(HOUR, 2 * HOUR)]);
            let drawn = svg.matches("class=\"bar\"").count();
            assert_eq!(drawn, if days == 0 { 1 } else { 2 }, "{svg}");
            assert!(svg.contains("class=\"gap\"") && svg.ends_with("</svg>"));
        }
        assert_eq!(columns([].into_iter(), &[]).0, "");
    }

    #[test]
    fn texts_of_a_chart_are_escaped() {
        let svg = bars("a \"b\"", &[("<script>alert(1)</script>".to_owned(), 3)]);
        assert!(
            !svg.contains("<script") && svg.contains("&lt;script") && svg.contains("aria-label=\"a &quot;b&quot;\""),
            "{svg}"
        );
    }
}
