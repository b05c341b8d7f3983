//! x
use super::{DemoScale, Out};
pub(super) struct Wish { pub(super) data: Option<std::path::PathBuf>, pub(super) lan: std::net::SocketAddr, pub(super) public: std::net::SocketAddr, pub(super) scale: DemoScale, pub(super) seed: u64, pub(super) still: bool }
pub(super) async fn demo(_: Wish, _: Out) -> anyhow::Result<()> { Ok(()) }
