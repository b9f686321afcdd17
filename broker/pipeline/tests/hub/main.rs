//! The hub against a real store in a file, the real bus, real certificates and signatures. What is sealed is random bytes
//! in the agreed form: the hub never opens a part.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says where; clippy allows this by itself only inside test functions"
)]

mod accept;
mod adl;
mod ander_doel;
mod authzen;
mod beleid;
mod bewaren;
mod bezorgen;
mod cases;
mod check;
mod delivery;
mod effects;
mod eigenaar;
mod embargo;
mod feiten;
mod gids;
mod herstel;
mod holders;
mod log;
mod minderjarig;
mod misplaatsing;
mod mutation;
mod naast_elkaar;
mod nood;
mod opvolging;
mod overzicht;
mod partijen;
mod plichten;
mod reading;
mod refusals;
mod resilience;
mod samengevoegd;
mod staken;
mod strengheid;
mod terugval;
mod versies;
mod vragen;
mod wereld;
