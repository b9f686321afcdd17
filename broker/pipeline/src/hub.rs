//! The hub: what a partner can ask of it.

use std::time::Duration;

use inbreng_domain::{
    BerichtId, DeelId, Digest, GemeenteCode, LeveringId, Oin, Tijdstip, gids::Medeondertekend, problem::ProblemCode,
    toets::Toetsantwoord,
};
use inbreng_storage::Tellingen;

use crate::{
    Fout,
    antwoorden::{
        Aangeslotene, Berichttypen, Checkpointantwoord, Convenanten, Insluitingsbewijs, Inzageantwoord, Logboekcontrole,
        Partners, Routering, Samenhangbewijs, Statusantwoord,
    },
};

/// The hub's application. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct Hub {}

const NOG_NIET: Fout = Fout::new(ProblemCode::OpslagNietBeschikbaar);

#[expect(clippy::unused_async, reason = "signatures first")]
impl Hub {
    /// Accepts a message: the body of the 202, as JSON text, byte for byte the same for the same message.
    ///
    /// # Errors
    /// A [`Fout`] whose code says which check failed; nothing is stored then.
    pub async fn aannemen(&self, _van: Oin, _body: &[u8]) -> Result<String, Fout> {
        Err(NOG_NIET)
    }

    /// "Mag dit?": decides on labels; stores no message, is logged as a check. `body` is a `Toetsverzoek`.
    ///
    /// # Errors
    /// As [`Hub::aannemen`].
    pub async fn toetsen(&self, _van: Oin, _body: &[u8]) -> Result<Toetsantwoord, Fout> {
        Err(NOG_NIET)
    }

    /// The sender's view of its own message.
    ///
    /// # Errors
    /// `niet-gevonden` for anyone else's message and for none.
    pub async fn status(&self, _van: Oin, _id: BerichtId) -> Result<Statusantwoord, Fout> {
        Err(NOG_NIET)
    }

    /// The open deliveries of a partner as the JSON text of a `Postvak`; waits at most `wacht` for the first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn postvak(&self, _van: Oin, _wacht: Duration) -> Result<String, Fout> {
        Err(NOG_NIET)
    }

    /// The recipient's system has it. `jws` is a signed `Ontvangst`.
    ///
    /// # Errors
    /// `niet-gevonden`, `levering-afgesloten`, `handtekening-ongeldig`, `niet-gelijk`.
    pub async fn ontvangst(&self, _van: Oin, _levering: LeveringId, _jws: &str) -> Result<(), Fout> {
        Err(NOG_NIET)
    }

    /// A person has read it. `jws` is a signed `Gelezen`.
    ///
    /// # Errors
    /// As [`Hub::ontvangst`].
    pub async fn gelezen(&self, _van: Oin, _levering: LeveringId, _jws: &str) -> Result<(), Fout> {
        Err(NOG_NIET)
    }

    /// The recipient's system refuses it. `jws` is a signed `Weigering`.
    ///
    /// # Errors
    /// As [`Hub::ontvangst`].
    pub async fn weigering(&self, _van: Oin, _levering: LeveringId, _jws: &str) -> Result<(), Fout> {
        Err(NOG_NIET)
    }

    /// The key of a view-only part, decided and logged now. `jws` is a signed `Inzageverzoek`.
    ///
    /// # Errors
    /// `niet-gevonden`, `niet-toegestaan`, `inzage-herhaald`, `handtekening-ongeldig`.
    pub async fn inzage(&self, _van: Oin, _deel: DeelId, _jws: &str) -> Result<Inzageantwoord, Fout> {
        Err(NOG_NIET)
    }

    /// The catalogue.
    #[must_use]
    pub fn berichttypen(&self) -> Berichttypen {
        Berichttypen { berichttypen: Vec::new() }
    }

    /// The covenants in force with their policy bundles.
    #[must_use]
    pub fn convenanten(&self) -> Convenanten {
        Convenanten { convenanten: Vec::new() }
    }

    /// The directory.
    #[must_use]
    pub fn partners(&self) -> Partners {
        Partners { partners: Vec::new() }
    }

    /// Who fills which role in a municipality.
    #[must_use]
    pub fn routering(&self, gemeente: GemeenteCode) -> Routering {
        Routering { gemeente, rollen: Vec::new() }
    }

    /// A partner places its own directory statement.
    ///
    /// # Errors
    /// `handtekening-ongeldig`, `bron-niet-eigen`, `niet-gelijk` (not a higher number).
    pub async fn vermelding_plaatsen(&self, _van: Oin, _vermelding: Medeondertekend) -> Result<(), Fout> {
        Err(NOG_NIET)
    }

    /// A partner places its own key statements, newest first.
    ///
    /// # Errors
    /// As [`Hub::vermelding_plaatsen`].
    pub async fn sleutels_plaatsen(&self, _van: Oin, _sleutels: Vec<Medeondertekend>) -> Result<(), Fout> {
        Err(NOG_NIET)
    }

    /// The log's newest head, signed.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn checkpoint(&self) -> Result<Checkpointantwoord, Fout> {
        Err(NOG_NIET)
    }

    /// Proof that a leaf is in the tree of `omvang` leaves (absent: the newest).
    ///
    /// # Errors
    /// `niet-gevonden` for an unknown leaf or a size that does not hold it.
    pub async fn insluitingsbewijs(&self, _hash: Digest, _omvang: Option<u64>) -> Result<Insluitingsbewijs, Fout> {
        Err(NOG_NIET)
    }

    /// Proof that the tree of `naar` leaves continues that of `van`.
    ///
    /// # Errors
    /// `niet-gevonden` for sizes that the log never had.
    pub async fn samenhangbewijs(&self, _van: u64, _naar: u64) -> Result<Samenhangbewijs, Fout> {
        Err(NOG_NIET)
    }

    /// Uses a client assertion's `jti` once: false when it was seen before.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn jti_gebruiken(&self, _van: Oin, _jti: &str, _verloopt: Tijdstip) -> Result<bool, Fout> {
        Err(NOG_NIET)
    }

    /// A connected partner with its signing certificate; `None` when it is not in the directory.
    #[must_use]
    pub fn partner(&self, _oin: Oin) -> Option<Aangeslotene> {
        None
    }

    /// Counts for operation; no person, no case.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tellingen(&self) -> Result<Tellingen, Fout> {
        Err(NOG_NIET)
    }

    /// Recomputes the whole log from its leaves and records.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn controleer_logboek(&self) -> Result<Logboekcontrole, Fout> {
        Err(NOG_NIET)
    }
}
