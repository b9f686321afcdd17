//! The life of a policy version: who may do what to it, every step in the history and in the log. And of the parties to the
//! covenant: who joins, who leaves.
//!
//! `concept → getest → gesimuleerd → goedgekeurd → gepland → actief → vervallen`. Each step is an act signed by an organisation
//! (or by the covenant manager), written only by who saw the last step, with a leaf in the log, in one commit.

mod activeren;
pub(crate) mod bijhouden;
mod goedkeuren;
mod handeling;
mod indienen;
mod inhoud;
pub(crate) mod inlezen;
mod partijen;
mod partijtonen;
mod schrijven;
mod simuleren;
mod stand;
mod testen;
mod tonen;

use inbreng_domain::{ConvenantId, Digest, Oin, Tijdstip, gids::Medeondertekend};

pub use activeren::Activeringsverzoek;
pub use inbreng_policy::Wijziging;
pub use indienen::Indieningsverzoek;
pub use partijtonen::{
    Convenantinzage, Convenantlijst, Convenantregel, Partijweergave, Tekstversie, Tekstweergave, Verklaringweergave,
};
pub use simuleren::{HOOGSTENS, Simulatieantwoord, Simulatieuitslag, Wijzigingen};
pub use testen::{Tabellenuitslag, Tabeluitslag};
pub use tonen::{Simulatieweergave, Stapweergave, Versieinhoud, Versielijst, Versieregel, Versieweergave};

use crate::{Fout, Hub};

impl Hub {
    /// The policy versions of a covenant, or of all, newest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn versies(&self, convenant: Option<ConvenantId>) -> Result<Versielijst, Fout> {
        tonen::alle(self, convenant).await
    }

    /// A policy version with its history.
    ///
    /// # Errors
    /// `niet-gevonden`.
    pub async fn versie(&self, versie: Digest) -> Result<Versieweergave, Fout> {
        tonen::een(self, versie).await
    }

    /// What a policy version says: the bundle that is signed, and its tables.
    ///
    /// # Errors
    /// `niet-gevonden`.
    pub async fn versie_inhoud(&self, versie: Digest) -> Result<Versieinhoud, Fout> {
        tonen::inhoud(self, versie).await
    }

    /// Takes a draft ([`Indieningsverzoek`]). True: it is new.
    ///
    /// # Errors
    /// `versie-ongeldig`, `versie-bestaat-anders`, `niet-nieuwer`, and those of a signed act: `handtekening-ongeldig`,
    /// `bron-niet-eigen`, `niet-gelijk`, `geen-partij`.
    pub async fn versie_indienen(&self, van: Oin, body: &[u8]) -> Result<(Versieweergave, bool), Fout> {
        indienen::indienen(self, van, body).await
    }

    /// Runs the tables of a version; it moves on when nothing fails. `gezien` is the step that the caller saw last, here and
    /// below; `jws` the signed act.
    ///
    /// # Errors
    /// `versie-gewijzigd`, `versie-staat`, and those of a signed act.
    pub async fn versie_testen(&self, van: Oin, versie: Digest, gezien: u32, jws: &str) -> Result<Tabellenuitslag, Fout> {
        testen::testen(self, van, versie, gezien, jws).await
    }

    /// Replays a version on the decisions of a past period.
    ///
    /// # Errors
    /// `versie-gewijzigd`, `versie-staat`, `veld-ongeldig` for a period that is not past, and those of a signed act.
    pub async fn versie_simuleren(
        &self,
        van: Oin,
        versie: Digest,
        gezien: u32,
        periode: (Tijdstip, Tijdstip),
        jws: &str,
    ) -> Result<Simulatieantwoord, Fout> {
        simuleren::simuleren(self, van, versie, gezien, periode, jws).await
    }

    /// The decisions on one's own messages that the last simulation of a version would change, by the page. Those of others, and
    /// what an embargo lies on, are in the counts alone (R20, R21, R42).
    ///
    /// # Errors
    /// `niet-gevonden`, `versie-staat` before the first simulation.
    pub async fn versie_wijzigingen(&self, van: Oin, versie: Digest, vanaf: Option<u64>) -> Result<Wijzigingen, Fout> {
        simuleren::wijzigingen(self, van, versie, vanaf).await
    }

    /// Approves a version, or bringing it back where it was in force before.
    ///
    /// # Errors
    /// `versie-gewijzigd`, `versie-staat`, `eigen-versie`, `al-goedgekeurd`, `simulatie-anders`, and those of a signed act.
    pub async fn versie_goedkeuren(&self, van: Oin, versie: Digest, gezien: u32, jws: &str) -> Result<Versieweergave, Fout> {
        goedkeuren::goedkeuren(self, van, versie, gezien, jws).await
    }

    /// Plans a version as the covenant manager signed it ([`Activeringsverzoek`]).
    ///
    /// # Errors
    /// `versie-gewijzigd`, `versie-staat`, `handtekening-ongeldig`, `digest-ongelijk`, `niet-gelijk`, `niet-nieuwer`,
    /// `ingang-voorbij`, `activering-gepland`.
    pub async fn versie_plannen(&self, van: Oin, versie: Digest, gezien: u32, body: &[u8]) -> Result<Versieweergave, Fout> {
        activeren::plannen(self, van, versie, gezien, body).await
    }

    /// Withdraws a version that is not in force yet.
    ///
    /// # Errors
    /// `versie-gewijzigd`, `versie-staat`, `geen-partij` for who neither wrote nor approved it, and those of a signed act.
    pub async fn versie_intrekken(&self, van: Oin, versie: Digest, gezien: u32, jws: &str) -> Result<Versieweergave, Fout> {
        activeren::intrekken(self, van, versie, gezien, jws).await
    }

    /// The covenants with their parties, in short.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn convenantlijst(&self) -> Result<Convenantlijst, Fout> {
        partijtonen::alle(self).await
    }

    /// A covenant: its texts, its parties, and every statement of them.
    ///
    /// # Errors
    /// `niet-gevonden`.
    pub async fn convenant(&self, convenant: &ConvenantId) -> Result<Convenantinzage, Fout> {
        partijtonen::een(self, convenant).await
    }

    /// A party joins: its statement, countersigned by the covenant manager. `gezien` is the number of the covenant's statement that
    /// the caller saw last.
    ///
    /// # Errors
    /// `niet-gevonden`, `versie-gewijzigd`, `handtekening-ongeldig`, `bron-niet-eigen`, `niet-gelijk` for another covenant, text or
    /// version of the rules, `geen-partij` when the covenant is not open to it, `ingang-voorbij`, `niet-nieuwer`.
    pub async fn toetreden(
        &self,
        van: Oin,
        convenant: &ConvenantId,
        gezien: u32,
        verklaring: &Medeondertekend,
    ) -> Result<Convenantinzage, Fout> {
        partijen::toetreden(self, van, convenant, gezien, verklaring).await
    }

    /// A party leaves.
    ///
    /// # Errors
    /// As [`Hub::toetreden`].
    pub async fn uittreden(&self, van: Oin, convenant: &ConvenantId, gezien: u32, jws: &str) -> Result<Convenantinzage, Fout> {
        partijen::uittreden(self, van, convenant, gezien, jws).await
    }

    /// Places the statements of parties that come with an installation; what is there stays as it is. Gives how many were placed.
    ///
    /// # Errors
    /// `handtekening-ongeldig` at the first that does not hold.
    pub async fn partijen_vullen(&self, toetredingen: Vec<Medeondertekend>) -> Result<usize, Fout> {
        partijen::vullen(self, toetredingen).await
    }

    /// Makes ready what is planned, and writes down what has come into force. To be called every second or so; a decision never
    /// waits for it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn beleid_bijhouden(&self) -> Result<(), Fout> {
        bijhouden::bijhouden(self).await
    }
}
