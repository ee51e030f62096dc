//! The open connections of a server: which one to close if there are too many, and which ones are overdue.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::{AbortHandle, Id, JoinSet};

use crate::activity::Activity;

/// Tasks of the open connections. They end when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    tasks: JoinSet<()>,
    open: HashMap<Id, (Arc<Activity>, AbortHandle)>,
}

impl Connections {
    pub(crate) fn count(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn spawn(&mut self, activity: Arc<Activity>, task: impl Future<Output = ()> + Send + 'static) {
        let handle = self.tasks.spawn(task);
        self.open.insert(handle.id(), (activity, handle));
    }

    /// Waits until a connection ends. `None` if none is open.
    pub(crate) async fn ended(&mut self) -> Option<()> {
        let ended = self.tasks.join_next_with_id().await?;
        let id = match ended {
            Ok((id, ())) => id,
            Err(why) => why.id(),
        };
        self.open.remove(&id);
        Some(())
    }

    /// Closes the connections that have waited for too long.
    pub(crate) fn close_overdue(&mut self) {
        self.open.retain(|_, (activity, task)| {
            let is_overdue = activity.is_overdue();
            if is_overdue {
                task.abort();
            }
            !is_overdue
        });
    }

    /// Closes the connection that has been waiting for a request for the longest time. Returns whether there was one.
    pub(crate) fn close_one_waiting(&mut self) -> bool {
        let waiting =
            |(id, (activity, _)): (&Id, &(Arc<Activity>, AbortHandle))| Some((activity.waiting_for_request()?, *id));
        let Some((_, id)) = self.open.iter().filter_map(waiting).max_by_key(|(time, _)| *time) else {
            return false;
        };
        if let Some((_, task)) = self.open.remove(&id) {
            task.abort();
        }
        true
    }
}
