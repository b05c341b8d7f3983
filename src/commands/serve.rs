//! Serves a store until told to stop.

use super::{Out, wall};
use crate::{app::House, config::Config, service::access};
use std::path::Path;
use tokio::sync::watch;

pub(super) async fn serve(data: &Path, config: &Config, out: Out) -> anyhow::Result<()> {
    let house = House::open(data, config, wall())?;
    let (stopper, stop) = watch::channel(false);
    let doors = house.open_doors(config, stop).await?;
    let lan = doors.lan;
    out.line(&format!("Headlight serves {} at http://{lan}", config.store.name));
    out.line(&format!("Leads and the website reach it at http://{}", doors.public));
    if access::needs_claim(&house.rooms)? {
        let code = access::issue_claim_code(&house.rooms, house.clock.now()).await?;
        out.line(&format!("Nobody works here yet. Open http://{lan} and claim the store with the code {code}"));
        out.line("The code is good for seven days or until the next start.");
    }
    out.json(&serde_json::json!({ "lan": lan, "public": doors.public }));
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    asked_to_stop().await;
    out.line("Stopping: finishing what was begun.");
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    let _ = stopper.send(true);
    doors.closed().await;
    house.close();
    Ok(())
}

/// Ctrl-C or the service manager's SIGTERM.
pub(super) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
