//! The windows and the queue of a call, which are found once per endpoint and credential.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use chirrup_api::Request;
use chirrup_auth::Credential;
use hashbrown::HashMap;

use super::windows::{CallKey, WindowSet};

/// Maximum number of plans that are kept.
const MAX_PLANS: usize = 1_024;

/// Endpoint and caller of a call, and the windows in which it counts.
#[derive(Debug)]
pub(super) struct CallPlan {
    pub(super) key: CallKey,
    pub(super) windows: WindowSet,
    /// Queue in which callers of this endpoint with this credential wait.
    pub(super) queue: Queue,
}

/// Callers that wait for a window. The lock is fair: they get it in the order of their arrival.
pub(super) type Queue = Arc<tokio::sync::Mutex<()>>;

/// The plans of recent calls by endpoint and address of the credential, and all queues by endpoint and caller.
#[derive(Debug, Default)]
pub(super) struct CallPlans {
    kept: Mutex<HashMap<(&'static str, usize), Kept>>,
    queues: Mutex<HashMap<String, Queue>>,
}

#[derive(Debug)]
struct Kept {
    plan: Arc<CallPlan>,
    /// Keeps the address from being used for another credential. The secret itself is not kept.
    _credential: Option<Weak<Credential>>,
}

impl CallPlans {
    /// Returns the plan of a call.
    pub(super) fn of(&self, request: &Request) -> Arc<CallPlan> {
        let Some(endpoint) = request.endpoint() else { return Arc::new(self.plan(request)) };
        let credential = request.credential.as_ref();
        let key = (endpoint.id, credential.map_or(0, |credential| Arc::as_ptr(credential).addr()));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(&key) {
            return Arc::clone(&known.plan);
        }
        if kept.len() >= MAX_PLANS {
            kept.clear();
        }
        let plan = Arc::new(self.plan(request));
        let _credential = credential.map(Arc::downgrade);
        kept.insert(key, Kept { plan: Arc::clone(&plan), _credential });
        plan
    }

    fn plan(&self, request: &Request) -> CallPlan {
        let key = CallKey::new(request);
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = Arc::clone(queues.entry(format!("{} {}", key.endpoint, key.caller)).or_default());
        CallPlan { windows: WindowSet::new(&key, request), key, queue }
    }
}
