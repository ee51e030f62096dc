//! Problems that people reported of clients of the X API, as scripts next to the repository.

use crate::scripts::cases;
use crate::text;

#[test]
fn reported_problems_of_other_clients_do_not_occur() {
    let Some(output) = cases() else { return };
    let said = text(&output.stdout);
    assert!(output.status.success() && !said.contains("FAULT"), "{said}{}", text(&output.stderr));
    let last = said.lines().last().unwrap_or_default();
    let (held, all) = last.split_once(" of ").unwrap();
    assert!(all.starts_with(held) && said.contains("holds  "), "{said}");
}
