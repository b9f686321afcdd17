//! Repository traits, and the contract suite that every store passes.
//!
//! The store is the truth about messages, decisions, deliveries, consent and the log. All methods are atomic and durable:
//! when one returns `Ok`, its effect survives a power cut.
#![warn(missing_docs)]

mod bewaren;
mod bezorging;
#[cfg(feature = "contract")]
pub mod contract;
mod naslag;
mod overzicht;
mod partijen;
mod records;
mod traits;
mod versies;

pub use bewaren::*;
pub use bezorging::*;
pub use naslag::{HERSTELBLADEN, Naslag, Zending};
pub use overzicht::{NieuwOverzicht, OntvangenDeel, Ontvangenplek, Overzichten};
pub use partijen::*;
pub use records::*;
pub use traits::*;
pub use versies::*;
