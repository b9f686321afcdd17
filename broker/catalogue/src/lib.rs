//! The message catalogue: one TOML file and two JSON Schemas per message type, and their loader.
//!
//! `types/<naam>.toml` holds a [`Definitie`]; `schemas/<naam>.verklaring.json` the closed schema of the open
//! `verklaring`; `schemas/<naam>.inhoud.json` that of the sealed content of each data category. The files are part of the
//! binary, so that hub and adapter judge by the same catalogue.
#![warn(missing_docs)]

mod controle;
mod definitie;
mod files;
mod loader;
mod namen;
mod schemas;

pub use definitie::{
    Bewaren, Bezorgmoment, Deelname, Deelnemersrol, Definitie, Delen, Gevolg, Ladder, NaSluiten, Naar, NaarWoord, Reactie,
    Regelbron, Routering, TERUGVAL, Termijn, Toegangsstandaard, Van, VanWoord, Variant, Verzendmoment,
};
pub use loader::{Catalogus, CatalogusFout, SchemaFout};
