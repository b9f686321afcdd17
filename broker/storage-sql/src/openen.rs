//! Opening: what is the same on every database.

use std::{io, path::PathBuf};

use inbreng_domain::{Clock, Tijdstip};
use inbreng_storage::StoreError;
use sqlx::migrate::MigrateError;

use super::{
    bladvorm, bladwijzer,
    kast::Kastfout,
    rij::Lezen,
    sql,
    stapel::Stapelfout,
    verbinding::{Verbinding, vraag},
};

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenFout {
    /// The file cannot be made or read.
    #[error("store file {} cannot be opened", path.display())]
    Bestand {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database refuses it.
    #[error("store cannot be opened")]
    Database(#[from] sqlx::Error),
    /// The schema is newer than this program, or was changed by hand.
    #[error("schema of the store does not fit this version; use the version that wrote it, or a newer one")]
    Schema(#[from] MigrateError),
    /// What is stored cannot be read.
    #[error("store cannot be read")]
    Gelezen(#[source] StoreError),
    /// Its erasure keys cannot be had.
    #[error("erasure keys of the store")]
    Kast(#[from] Kastfout),
}

impl OpenFout {
    pub(super) fn inhalen(fout: Stapelfout) -> Self {
        match fout {
            Stapelfout::Opslag(fout) => Self::Database(fout),
            Stapelfout::Gelezen(fout) => Self::Gelezen(fout),
            Stapelfout::Tegenspraak => Self::Gelezen(StoreError::Corrupt { what: "bladwijzer" }),
        }
    }
}

/// What is still to be done once the schema is there, and what is worth saying.
pub(super) async fn voorbereiden(verbinding: &mut Verbinding, clock: &dyn Clock) -> Result<(), OpenFout> {
    bladvorm::overgaan(verbinding).await.map_err(OpenFout::inhalen)?;
    bladwijzer::inhalen(verbinding).await.map_err(OpenFout::inhalen)?;
    klok_controleren(verbinding, clock).await
}

/// A clock that stands before the newest leaf has jumped, and terms would run wrong: said, not refused.
async fn klok_controleren(verbinding: &mut Verbinding, clock: &dyn Clock) -> Result<(), OpenFout> {
    let jongste = vraag(sql::JONGSTE_BLAD).fetch_optional(verbinding).await?;
    let nu = clock.now();
    let jongste: Option<Tijdstip> = jongste.map(|rij| rij.tijd("tijd")).transpose().map_err(OpenFout::Gelezen)?;
    if let Some(jongste) = jongste.filter(|j| *j > nu) {
        tracing::warn!(%jongste, %nu, "the clock is behind the newest leaf of the log: has it been set back?");
    }
    Ok(())
}
