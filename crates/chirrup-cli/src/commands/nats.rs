//! Streams of NATS servers: drains into archives, teams that read partitions together, and the state of both.

mod metrics;
mod status;
mod team;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use chirrup::archive::{Drain, Drained, JsonlOptions, NatsAddress};
use serde_json::json;

use self::metrics::Metrics;
pub(super) use self::status::status;
pub(super) use self::team::read_together;
use super::collect;
use crate::error::CliError;
use crate::print::{Printer, plural};
use crate::verbs::name_without_login;
use crate::{progress, signals};

/// Longest wait for the next messages.
const WAIT: Duration = Duration::from_secs(1);

/// Moves the messages of a stream into an archive, until a signal arrives or, with `once`, no messages are left.
pub(super) fn drain(
    stream: &Path,
    into: &Path,
    once: bool,
    metrics: Option<SocketAddr>,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let failed = |why: io::Error| CliError::write_file(&why);
    let address = NatsAddress::parse(stream).map_err(|why| CliError::usage(why.to_string()))?;
    let metrics = Metrics::serve(metrics)?;
    let archive = collect::open(into, JsonlOptions::default()).map_err(failed)?;
    let mut drain = Drain::open(archive, address).map_err(failed)?;
    let mut shutdown = signals::shutdown();
    let bar = progress::counter("messages", usize::MAX, printer.hides_progress());
    let mut sum = Drained::default();
    while shutdown.try_recv().is_err() {
        let drained = drain.move_next(WAIT).map_err(failed)?;
        sum.messages += drained.messages;
        sum.new_items += drained.new_items;
        sum.duplicates += drained.duplicates;
        sum.unreadable += drained.unreadable;
        sum.left = drained.left;
        bar.set_position(sum.messages);
        metrics.add("chirrup_drain_messages_total", drained.messages);
        metrics.add("chirrup_drain_new_items_total", drained.new_items);
        metrics.add("chirrup_drain_duplicates_total", drained.duplicates);
        metrics.set("chirrup_drain_left", drained.left);
        if once && drained.messages == 0 && drained.left == 0 {
            break;
        }
    }
    bar.finish_and_clear();
    drain.finish().map_err(failed)?;
    if sum.unreadable > 0 {
        let messages = plural(sum.unreadable, "message");
        printer.add_missing(&format!("{messages} of other programs in {}", name_without_login(stream)));
    }
    let Drained { messages, new_items, duplicates, unreadable, left } = sum;
    let document = json!({
        "messages": messages, "new_items": new_items, "duplicates": duplicates, "unreadable": unreadable, "left": left,
    });
    printer.document(&document, |printer| {
        let (items, repeated) = (plural(new_items, "new item"), plural(duplicates, "duplicate"));
        printer.note(&format!(
            "{}: {items} of {}, {repeated}, {left} left",
            name_without_login(into),
            plural(messages, "message")
        ))
    })
}
