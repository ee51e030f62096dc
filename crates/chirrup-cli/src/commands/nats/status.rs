//! State of a stream: its messages, sources, drains and teams.

use std::path::Path;

use chirrup::archive::{BusConsumer, BusStatus, BusTeam, NatsAddress, SourceState};
use serde_json::{Value as Json, json};

use crate::error::CliError;
use crate::print::Printer;

/// Prints the state of a stream.
pub(in crate::commands) fn status(stream: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let address = NatsAddress::parse(stream).map_err(|why| CliError::usage(why.to_string()))?;
    let status = BusStatus::read(address).map_err(|why| CliError::write_file(&why))?;
    printer.document(&document(&status), |printer| {
        printer.note(&format!("{} messages, {} bytes, {} behind", status.messages, status.bytes, status.lag()))?;
        let tables = [
            ("sources", &["source", "kind", "items", "covered until"], sources(&status)),
            ("consumers", &["consumer", "purpose", "pending", "unacknowledged"], consumers(&status)),
            ("teams", &["stream", "partition", "reader", "process"], leases(&status)),
        ];
        let missing: Vec<&str> = tables.iter().filter(|(.., rows)| rows.is_empty()).map(|(what, ..)| *what).collect();
        for (_, header, rows) in tables.into_iter().filter(|(.., rows)| !rows.is_empty()) {
            printer.table(header, rows)?;
        }
        if missing.is_empty() { Ok(()) } else { printer.note(&format!("no {} yet", missing.join(", no "))) }
    })
}

fn sources(status: &BusStatus) -> Vec<Vec<String>> {
    let row = |source: &SourceState| {
        let (items, updated) = (source.checkpoint.items.to_string(), source.updated_at.to_string());
        vec![source.name.clone(), source.kind.clone(), items, updated]
    };
    status.sources.iter().map(row).collect()
}

fn consumers(status: &BusStatus) -> Vec<Vec<String>> {
    let row = |consumer: &BusConsumer| {
        let BusConsumer { name, description, pending, unacknowledged, .. } = consumer;
        vec![name.clone(), description.clone(), pending.to_string(), unacknowledged.to_string()]
    };
    status.consumers.iter().map(row).collect()
}

/// Returns the readers of the partitions of each team.
fn leases(status: &BusStatus) -> Vec<Vec<String>> {
    let rows = status.teams.iter().flat_map(|team| {
        team.leases.iter().map(|(slot, member)| {
            let process = team.members.get(member).map(|it| format!("{} on {}", it.process, it.host));
            let process = process.unwrap_or_else(|| member.clone());
            vec![team.stream.clone(), slot.partition.to_string(), slot.reader.to_string(), process]
        })
    });
    rows.collect()
}

fn document(status: &BusStatus) -> Json {
    let source = |source: &SourceState| {
        json!({
            "name": source.name, "kind": source.kind, "items": source.checkpoint.items,
            "is_complete": source.checkpoint.is_complete, "updated_at": source.updated_at.to_string(),
        })
    };
    let consumer = |consumer: &BusConsumer| {
        json!({
            "name": consumer.name, "description": consumer.description, "pending": consumer.pending,
            "unacknowledged": consumer.unacknowledged, "redelivered": consumer.redelivered,
        })
    };
    let team = |team: &BusTeam| {
        let members = team.members.iter().map(|(id, it)| json!({"id": id, "host": it.host, "process": it.process}));
        let leases = team
            .leases
            .iter()
            .map(|(slot, member)| json!({"partition": slot.partition, "reader": slot.reader, "member": member}));
        json!({
            "stream": team.stream, "members": members.collect::<Vec<_>>(), "leases": leases.collect::<Vec<_>>(),
        })
    };
    json!({
        "messages": status.messages, "bytes": status.bytes, "lag": status.lag(),
        "sources": status.sources.iter().map(source).collect::<Vec<_>>(),
        "consumers": status.consumers.iter().map(consumer).collect::<Vec<_>>(),
        "teams": status.teams.iter().map(team).collect::<Vec<_>>(),
    })
}
