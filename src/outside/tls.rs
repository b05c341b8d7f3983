//! Is it really that host? Its certificate must lead to one that this computer trusts.

use anyhow::{Context, ensure};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

/// Where Debian and its kin keep what the system trusts.
const OF_THE_SYSTEM: &str = "/etc/ssl/certs/ca-certificates.crt";

pub(super) async fn secure(stream: TcpStream, host: &str, roots: Option<PathBuf>) -> anyhow::Result<TlsStream<TcpStream>> {
    let config = tokio::task::spawn_blocking(move || config(roots.as_deref().unwrap_or_else(|| Path::new(OF_THE_SYSTEM)))).await??;
    let name = ServerName::try_from(host.to_owned()).with_context(|| format!("{host} is no name of a host"))?;
    let secured = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    secured.with_context(|| format!("{host} could not prove that it is {host}"))
}

/// Read each time: a fetch is rare, and a certificate that the system took back must not be trusted until the next restart.
fn config(roots: &Path) -> anyhow::Result<ClientConfig> {
    let pem = std::fs::read(roots)
        .with_context(|| format!("the certificates {} could not be read; on Debian they come with the package ca-certificates", roots.display()))?;
    let mut trusted = RootCertStore::empty();
    // One that cannot be read makes the others no worse.
    let (added, _) = trusted.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
    ensure!(added > 0, "{} holds no certificate that can be used", roots.display());
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(trusted).with_no_client_auth())
}
