//! A key store that is lost: what it opened opens no more. The store is told so, and takes the same wraps again from who sent them.

use crate::{
    OpenFout,
    postgres::{self, Plaats},
    rij::Lezen,
    sql, sqlite,
    verbinding::{Reeks, Verbinding, Zin, vraag},
};
use inbreng_domain::Tijdstip;

// They walk whole tables, while no hub is there.
const OUDSTE: Zin = overal(
    "SELECT min(b.aangenomen_op) AS tijd FROM (SELECT deel FROM inhoud WHERE sleutel > 0 UNION SELECT deel FROM wrap \
     WHERE sleutel > 0) s JOIN deel d ON d.nr = s.deel JOIN bericht b ON b.nr = d.bericht",
);
/// Place 0 is of no key store: lost, and wanted again.
const BIJ_INHOUD: Zin = overal("UPDATE inhoud SET sleutel = 0 WHERE sleutel > 0");
const APART: Zin = overal("UPDATE wrap SET wrap = '', sleutel = 0 WHERE sleutel > 0");
const KAST: Zin = overal("DELETE FROM kast");

const fn overal(zin: &'static str) -> Zin {
    Zin { sqlite: zin, postgres: zin }
}

/// Tells the store in this file that its keys are lost; gives the moment of the oldest message of which a wrap is wanted still.
///
/// # Errors
/// [`OpenFout`]; nothing was changed then.
pub async fn sleutels_verloren(bestand: &std::path::Path) -> Result<Option<Tijdstip>, OpenFout> {
    let verbinding = sqlite::schrijver(bestand).await?;
    verloren(Verbinding::Sqlite(verbinding)).await
}

/// The same of a database.
///
/// # Errors
/// [`OpenFout`]; nothing was changed then.
pub async fn sleutels_verloren_van(plaats: &Plaats) -> Result<Option<Tijdstip>, OpenFout> {
    verloren(Verbinding::Postgres(postgres::beheer(plaats).await?)).await
}

async fn verloren(mut verbinding: Verbinding) -> Result<Option<Tijdstip>, OpenFout> {
    static VERLOREN: Reeks = Reeks::van(&[sql::BEGIN, BIJ_INHOUD, APART, KAST, sql::COMMIT]);
    let oudste = vraag(OUDSTE).fetch_optional(&mut verbinding).await?;
    let oudste = oudste.map(|rij| rij.tijd_of("tijd")).transpose().map_err(OpenFout::Gelezen)?.flatten();
    VERLOREN.doen(&mut verbinding, [const { Vec::new() }; 5]).await?;
    verbinding.sluiten().await?;
    Ok(oudste)
}
