//! The words that every other crate speaks: identifiers, vocabularies, the envelope with its labels, the
//! statements that partners and hub sign, decisions, problems, limits, and the clock.
//!
//! Everything here parses at the edge and cannot be wrong afterwards. Nothing here does I/O.
#![warn(missing_docs)]

mod macros;

pub mod antwoorden;
pub mod authzen;
pub mod besluit;
pub mod clock;
pub mod codes;
pub mod convenant;
pub mod digest;
pub mod envelope;
pub mod gids;
pub mod ids;
pub mod jwe;
pub mod levering;
pub mod limits;
pub mod noodgebruik;
pub mod overzicht;
pub mod part;
pub mod problem;
pub mod randomness;
pub mod receipts;
pub mod schemas;
pub mod schermtekst;
pub mod strengheid;
pub mod terugroep;
pub mod tijd;
pub mod toestemming;
pub mod toets;
pub mod versie;
pub mod vocabulary;
pub mod zaak;

pub use besluit::{Alternatief, Besluit, RegelId, Uitkomst, Uitleg, Verplichting};
pub use clock::Clock;
pub use codes::{Berichttype, Code, ConvenantId, GemeenteCode, TypeNaam};
pub use digest::Digest;
pub use envelope::{Bericht, Bron, Data, Envelope, Geadresseerde, Kop};
pub use ids::{BerichtId, CasusRef, DeelId, LeveringId, Oin, Opening, PersoonRef};
pub use part::{Betrokkene, Deel, Labels, Toegang};
pub use problem::{Problem, ProblemCode};
pub use randomness::Randomness;
pub use tijd::{Datum, Tijdstip};
pub use toestemming::{Toestemming, Toestemmingsbericht, Toestemmingsverklaring};
