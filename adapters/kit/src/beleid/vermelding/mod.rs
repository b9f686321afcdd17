//! `inbreng-adapter vermelding`: the own entry in the directory. The organisation makes and signs it, the covenant manager signs it too, on
//! its own machine, and the organisation brings it. The first time its first encryption key goes along.

mod daden;
mod opdracht;

pub use opdracht::{Vermeldingopdracht, uitvoeren};
