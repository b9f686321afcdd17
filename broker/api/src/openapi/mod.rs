//! The API document (OpenAPI 3.1), put together from the endpoints themselves and from schemas of what goes over the wire.

mod document;
mod operatie;
pub(crate) mod parameters;
mod schemas;

pub use document::{document, tekst};
pub(crate) use operatie::{Operatie, Parameter};
