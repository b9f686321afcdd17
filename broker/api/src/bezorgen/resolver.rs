//! Names become addresses here, and only what may be called comes out: what is checked is what is connected to, so a name
//! that changes its address between the two gains nothing (DNS rebinding).

use std::{net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Netten;

/// No address that may be called.
#[derive(Debug, thiserror::Error)]
#[error("name leads to no network that is allowed")]
pub(super) struct NietToegestaan;

/// Resolves by the machine's own resolver, and filters.
#[derive(Debug, Clone)]
pub(super) struct Gefilterd(pub(super) Arc<Netten>);

impl Resolve for Gefilterd {
    fn resolve(&self, naam: Name) -> Resolving {
        let netten = Arc::clone(&self.0);
        Box::pin(async move {
            // The port is the caller's own; any will do here.
            let gevonden: Vec<SocketAddr> = tokio::net::lookup_host((naam.as_str(), 0)).await?.collect();
            let toegestaan: Vec<SocketAddr> = gevonden.into_iter().filter(|a| netten.mag(a.ip())).collect();
            if toegestaan.is_empty() {
                return Err(NietToegestaan.into());
            }
            Ok(Box::new(toegestaan.into_iter()) as Addrs)
        })
    }
}
