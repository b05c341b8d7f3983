//! Long work on a thread before which everybody else goes: it has all the time that nobody needs, by day as by night.

use crate::store::StoreError;
use std::thread;
use tokio::sync::oneshot;

/// Does it there; threads that it starts are like it. `name` is what the system shows of the thread.
pub(super) async fn aside<T: Send + 'static>(
    name: &'static str,
    act: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    const LAST_OF_ALL: i32 = 19;
    let (done, result) = oneshot::channel();
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        // A system that does not know of it lets both run alike.
        let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LAST_OF_ALL);
        let _ = done.send(act());
    })?;
    result.await.map_err(|_| StoreError::Unavailable(format!("the work called {name} ended unexpectedly")))?
}
