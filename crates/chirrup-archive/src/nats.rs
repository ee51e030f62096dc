//! Streams of a NATS server with JetStream that collections are stored in, and from which archives are filled.

mod address;
mod bus;
mod drain;
mod message;
mod names;
mod source_states;
mod status;
pub mod team;
mod writer;

pub use address::NatsAddress;
pub use drain::{Drain, Drained};
pub use status::{BusConsumer, BusStatus, BusTeam};
pub use writer::NatsArchive;
