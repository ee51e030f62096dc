//! Report of an archive as a page that needs nothing else: no scripts, and no other files.

use std::fmt::Write as _;
use std::path::Path;

use chirrup::Cost;
use chirrup::archive::{Checkpoint, Note, SourceState, Summary};
use chirrup::model::Timestamp;
use chirrup::text::escape_html;

use super::charts::{bars, columns, time};
use crate::verbs::{is_postgres, name_without_login};

/// Number of values of each list.
pub(super) const LIST_LEN: usize = 20;
/// Number of gaps in the table.
const GAPS: usize = 50;
const STYLE: &str = include_str!("report_page.css");

/// Returns the page of an archive.
pub(super) fn html(file: &Path, summary: &Summary, now: Timestamp) -> String {
    let name = match file.file_name() {
        Some(name) if !is_postgres(file) => escape_html(&name.to_string_lossy()),
        _ => escape_html(&name_without_login(file)),
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{name}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{name}</h1>\n"
    );
    numbers(&mut page, summary);
    let missed = summary.gaps.iter().filter_map(|gap| gap.from_at.zip(gap.to_at)).collect::<Vec<_>>();
    let (chart, unit) = columns(summary.hours.iter().map(|(hour, posts)| (*hour, *posts)), &missed);
    if !chart.is_empty() {
        let _ = writeln!(page, "<section id=\"time\">\n<h2>Posts per {unit}</h2>\n{chart}\n</section>");
    }
    page.push_str("<div class=\"lists\">\n");
    for (id, title, values) in [
        ("languages", "Languages", &summary.languages),
        ("authors", "Authors with the most posts", &summary.authors),
        ("hashtags", "Hashtags", &summary.hashtags),
        ("domains", "Domains that posts link to", &summary.domains),
    ] {
        let chart = if values.is_empty() { "<p>None.</p>".to_owned() } else { bars(title, values) };
        let _ = writeln!(page, "<section id=\"{id}\">\n<h2>{title}</h2>\n{chart}\n</section>");
    }
    page.push_str("</div>\n");
    sources(&mut page, &summary.sources);
    gaps(&mut page, summary);
    let _ = write!(
        page,
        "</main>\n<footer>{}, by <code>chirrup archive report</code></footer>\n</body>\n</html>\n",
        now_text(now)
    );
    page
}

fn now_text(now: Timestamp) -> String {
    format!("{} UTC", time(now.as_millis()))
}

fn numbers(page: &mut String, summary: &Summary) {
    let cost: u64 = summary.sources.iter().map(|source| source.checkpoint.cost_micros).sum();
    page.push_str("<dl id=\"numbers\">\n");
    let first = summary.hours.keys().next().map(|hour| time(*hour)).unwrap_or_default();
    let last = summary.hours.keys().next_back().map(|hour| time(*hour)).unwrap_or_default();
    for (name, number) in [
        ("posts found", summary.posts.to_string()),
        ("posts that these refer to", summary.referenced_posts.to_string()),
        ("users", summary.users.to_string()),
        ("gaps", summary.gap_count.to_string()),
        ("cost", Cost::from_micros(cost).to_string()),
        ("first hour", first),
        ("last hour", last),
    ] {
        let _ = writeln!(page, "<div><dt>{name}</dt><dd>{number}</dd></div>");
    }
    page.push_str("</dl>\n");
}

/// Writes the head of a table, whose rows follow.
fn table(page: &mut String, id: &str, title: &str, columns: &[&str]) {
    let heads: String = columns.iter().map(|column| format!("<th>{column}</th>")).collect();
    let _ =
        writeln!(page, "<section id=\"{id}\">\n<h2>{title}</h2>\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>");
}

fn row(page: &mut String, cells: &[String]) {
    let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape_html(cell))).collect();
    let _ = writeln!(page, "<tr>{cells}</tr>");
}

fn sources(page: &mut String, sources: &[SourceState]) {
    table(page, "sources", "Sources", &["source", "items", "pages", "state", "cost", "last response"]);
    for source in sources {
        let Checkpoint { items, pages, is_complete, cost_micros, .. } = source.checkpoint;
        let state = if is_complete { "complete" } else { "open" }.to_owned();
        let (cost, updated) = (Cost::from_micros(cost_micros).to_string(), time(source.updated_at.as_millis()));
        row(page, &[source.name.clone(), items.to_string(), pages.to_string(), state, cost, updated]);
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

fn gaps(page: &mut String, summary: &Summary) {
    if summary.gap_count == 0 {
        return;
    }
    table(page, "gaps", "Gaps", &["source", "from", "to", "cause", "filled"]);
    for Note { source, from_at, to_at, why, json, .. } in summary.gaps.iter().take(GAPS) {
        let [from, to] = [from_at, to_at].map(|at| at.map(time).unwrap_or_default());
        row(page, &[source.clone(), from, to, why.clone(), json.clone()]);
    }
    page.push_str("</tbody>\n</table>\n");
    let rest = summary.gap_count.saturating_sub(GAPS as u64);
    if rest > 0 {
        let _ = writeln!(page, "<p>And {rest} more.</p>");
    }
    page.push_str("</section>\n");
}
