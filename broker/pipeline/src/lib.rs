//! The hub's application, without HTTP: accept, decide, deliver, and prove it.
//!
//! [`Hub`] is the whole of it. Every method takes the OIN of the partner that the transport has authenticated; every
//! refusal is a [`Fout`] with a stable code. The hub never opens a part.

pub use inbreng_domain::antwoorden;

mod fout;
mod hub;

pub use fout::Fout;
pub use hub::Hub;
