//! The API document (OpenAPI 3.1), put together from the endpoints themselves and from schemas of what goes over the wire.

mod authzen;
mod document;
mod operatie;
pub(crate) mod parameters;
mod schemas;

pub use authzen::{document as authzen_document, tekst as authzen_tekst};
pub use document::{document, tekst};
pub(crate) use operatie::{Operatie, Parameter};
