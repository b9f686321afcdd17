//! Bringing deliveries over mutual TLS: the transport behind [`inbreng_pipeline::bezorgen::Bezorger`].
//!
//! What is called is chosen by a partner, so nothing of it is believed: the name is resolved here and leads only to networks
//! that are allowed, at every connection; the certificate that answers must be that partner's; nothing is redirected; the
//! answer has a size and a time.

mod client;
mod netten;
mod resolver;

pub use client::HttpsBezorger;
pub use netten::{Net, NetOngeldig, Netten};
