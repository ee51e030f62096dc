//! Tables for a terminal.

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::cards::columns;
use super::clean::clean;

/// Space between two columns.
const GAP: u16 = 2;

/// Returns a table of this width. If it is too narrow for the longest word of each column, each row is a list of its cells.
pub(super) fn text(header: &[&str], rows: Vec<Vec<String>>, width: u16, color: bool) -> String {
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|row| row.iter().map(|cell| clean(cell).replace('\t', " ")).collect()).collect();
    let least = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(String::as_str);
        let words = cells.chain(header.get(column).copied()).flat_map(str::split_whitespace);
        words.map(columns).max().unwrap_or(0)
    };
    let least: Vec<usize> = (0..header.len()).map(least).collect();
    if least.iter().sum::<usize>() + usize::from(GAP) * header.len().saturating_sub(1) > usize::from(width) {
        return lists(header, &rows);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    // The last column has a gap too, which is not printed.
    table.set_width(width + GAP);
    if color {
        table.enforce_styling();
    }
    let bold = |cell: Cell| if color { cell.add_attribute(Attribute::Bold) } else { cell };
    table.set_header(header.iter().map(|name| bold(Cell::new(name))));
    for row in rows {
        table.add_row(row);
    }
    for (column, least) in table.column_iter_mut().zip(least) {
        let least = u16::try_from(least).unwrap_or(width);
        column.set_padding((0, GAP)).set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least + GAP)));
    }
    table.to_string()
}

/// Returns rows as lists of `name: cell`, with an empty line between them.
fn lists(header: &[&str], rows: &[Vec<String>]) -> String {
    let row = |row: &Vec<String>| {
        let cells = header.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(name, cell)| if name.is_empty() { cell.clone() } else { format!("{name}: {cell}") }).collect()
    };
    rows.iter()
        .map(|cells| -> Vec<String> { row(cells) })
        .map(|lines| lines.join("\n"))
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_words_whole() {
        let row = || vec!["2125583706788724736".to_owned(), "a heron waits by the water for a fish".to_owned()];
        for width in [40, 80, 120] {
            let text = text(&["id", "words"], vec![row()], width, false);
            assert!(
                text.contains("2125583706788724736")
                    && text.lines().all(|line| columns(line.trim_end()) <= usize::from(width)),
                "{text}"
            );
            assert!(text.starts_with("id"), "{text}");
        }
        let narrow = text(&["id", "words"], vec![row(), row()], 24, false);
        assert!(narrow.starts_with("id: 2125583706788724736\nwords: a heron"), "{narrow}");
    }
}
