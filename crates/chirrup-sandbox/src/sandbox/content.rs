//! Content with which the worlds of a sandbox start: generated, or imported.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::data_file;
use crate::error::SandboxError;
#[cfg(feature = "import")]
use crate::import::{ImportCounts, ImportedData};
use crate::seed::{Plan, grow};
use crate::world::{SharedWorld, World};
use crate::worlds::MakeWorld;

/// The first world of a sandbox, and the function that makes others.
pub(super) struct Content {
    pub(super) world: World,
    pub(super) make: Box<MakeWorld>,
    #[cfg(feature = "import")]
    pub(super) imported: Option<ImportCounts>,
}

impl Content {
    /// Generates a world, or opens that of a data file. `starts_once` leaves out the copy for the next sandbox of this process.
    pub(super) fn generated(plan: Plan, data_file: Option<&Path>, starts_once: bool) -> Result<Self, SandboxError> {
        let world = match data_file {
            None if starts_once => generate(plan)?,
            None => copy_of_generated(plan)?,
            Some(file) => {
                let mut world = data_file::open(file)?;
                if world.is_empty() {
                    grow(&mut world, plan)?;
                }
                world
            }
        };
        Ok(Self {
            world,
            make: Box::new(move || copy_of_generated(plan)),
            #[cfg(feature = "import")]
            imported: None,
        })
    }

    /// Reads a world from files, into a new data file if one is named.
    #[cfg(feature = "import")]
    pub(super) fn imported(paths: &[std::path::PathBuf], data_file: Option<&Path>) -> Result<Self, SandboxError> {
        let data = ImportedData::read(paths)?;
        if let Some(file) = data_file {
            let mut world = data_file::open(file)?;
            if !world.is_empty() {
                let message = "already has a world; name a new file to import into, or start without the import";
                return Err(SandboxError(format!("{} {message}", file.display())));
            }
            let counts = data.write(&mut world)?;
            // A file is copied instead.
            return Ok(Self { world, make: Box::new(World::in_memory), imported: Some(counts) });
        }
        let mut world = World::in_memory()?;
        let counts = data.write(&mut world)?;
        let original = SharedWorld::new(world);
        Ok(Self { world: original.copy()?, make: Box::new(move || original.copy()), imported: Some(counts) })
    }
}

/// Generates a world in memory.
fn generate(plan: Plan) -> rusqlite::Result<World> {
    let mut world = World::in_memory()?;
    grow(&mut world, plan)?;
    Ok(world)
}

/// Returns a copy of a generated world. A process generates each plan once.
fn copy_of_generated(plan: Plan) -> rusqlite::Result<World> {
    static GENERATED: Mutex<Option<HashMap<Plan, SharedWorld>>> = Mutex::new(None);
    let mut guard = GENERATED.lock().unwrap_or_else(PoisonError::into_inner);
    let original = match guard.get_or_insert_with(HashMap::new).entry(plan) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(SharedWorld::new(generate(plan)?)),
    };
    original.copy()
}
