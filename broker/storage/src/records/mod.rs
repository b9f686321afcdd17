//! What is stored. Sealed content and signed statements travel as the text that was verified; nothing here is read as JSON
//! by a store, except where a column says so.

mod aannemen;
mod besluiten;
mod herzien;
mod inzage;
mod leveringen;
mod logboek;
mod plichten;
mod zaken;

pub use aannemen::*;
pub use besluiten::*;
pub use herzien::*;
pub use inzage::*;
pub use leveringen::*;
pub use logboek::*;
pub use plichten::*;
pub use zaken::*;
