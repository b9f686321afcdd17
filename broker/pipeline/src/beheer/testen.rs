//! Running a version's tables: a draft moves on when every case comes out as its table says.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Digest, Oin,
    versie::{Versiehandeling, Versiestaat, Versietabel},
};
use inbreng_policy::{Beleid, Gevaluitslag, Tabel};
use serde::Serialize;

use super::{
    handeling::{self, Waarover},
    inhoud::{blokkerend, bouwen},
    schrijven::{Schrift, schrijven},
    stand::Stand,
};
use crate::{Fout, Hub};

/// How many failing cases are listed at most.
const HOOGSTENS: usize = 500;

/// What came out of the tables of a version.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tabellenuitslag {
    /// Whether the version moved on: it can be used, has a table, and every case came out as expected.
    pub geslaagd: bool,
    /// The last step of the version now, for the next `If-Match`.
    pub stand: u32,
    /// How far the version is now.
    pub staat: Versiestaat,
    /// Why the bundle cannot be used at all; for who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fout: Option<String>,
    /// Cases that were run.
    pub gevallen: usize,
    /// Cases that came out otherwise.
    pub mislukt: usize,
    /// Per table what failed.
    pub tabellen: Vec<Tabeluitslag>,
}

/// What came out of one table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tabeluitslag {
    /// Its name.
    pub naam: String,
    /// Cases that were run.
    pub gevallen: usize,
    /// Why it cannot be read, for who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fout: Option<String>,
    /// The cases that came out otherwise.
    pub mislukt: Vec<Gevaluitslag>,
}

/// Runs the tables; on success the version is `getest`.
pub(crate) async fn testen(hub: &Hub, van: Oin, versie: Digest, gezien: u32, jws: &str) -> Result<Tabellenuitslag, Fout> {
    let nu = hub.clock.now();
    let stand = Stand::gezien(hub, versie, gezien, nu).await?;
    let (convenant, tabellen) = (stand.kop.convenant.clone(), stand.kop.tabellen_digest);
    let over = Waarover { handeling: Versiehandeling::Testen, convenant: &convenant, versie, tabellen };
    let daad = handeling::lezen(hub, van, jws, over, nu).await?;
    stand.in_staat(&[Versiestaat::Concept])?;
    let (gebouwd, tabellen) = bouwen(hub, versie).await?;
    let mut uitslag = match gebouwd {
        Err(fout) => Tabellenuitslag { fout: Some(keten(&fout)), ..niets(gezien) },
        Ok(_) if tabellen.is_empty() => Tabellenuitslag { fout: Some("the version has no tables".to_owned()), ..niets(gezien) },
        Ok(beleid) => {
            let catalogus = hub.catalogus.clone();
            let alle = blokkerend(move || draaien(&beleid, &tabellen, &catalogus)).await?;
            Tabellenuitslag {
                gevallen: alle.iter().map(|t| t.gevallen).sum(),
                mislukt: alle.iter().map(|t| t.mislukt.len()).sum(),
                geslaagd: alle.iter().all(|t| t.fout.is_none() && t.mislukt.is_empty()),
                tabellen: alle,
                ..niets(gezien)
            }
        }
    };
    if uitslag.geslaagd {
        let stap = daad.stap(Versiestaat::Getest, nu, None);
        let schrift = Schrift { convenant: &convenant, versie, nieuw: None, verwacht: gezien, stap, plan: None };
        uitslag.stand = schrijven(hub, schrift).await?;
        uitslag.staat = Versiestaat::Getest;
    } else {
        let mut over = HOOGSTENS;
        for tabel in &mut uitslag.tabellen {
            tabel.mislukt.truncate(over);
            over -= tabel.mislukt.len();
        }
    }
    Ok(uitslag)
}

const fn niets(stand: u32) -> Tabellenuitslag {
    Tabellenuitslag {
        geslaagd: false,
        stand,
        staat: Versiestaat::Concept,
        fout: None,
        gevallen: 0,
        mislukt: 0,
        tabellen: Vec::new(),
    }
}

fn draaien(beleid: &Beleid, tabellen: &[Versietabel], catalogus: &Catalogus) -> Vec<Tabeluitslag> {
    let een = |tabel: &Versietabel| {
        let naam = tabel.naam.clone();
        let onbruikbaar = |fout: String| Tabeluitslag { naam: naam.clone(), gevallen: 0, fout: Some(fout), mislukt: Vec::new() };
        match Tabel::lezen(&tabel.inhoud) {
            Err(fout) => onbruikbaar(keten(&fout)),
            Ok(gelezen) if *gelezen.convenant() != beleid.bundel().convenant => onbruikbaar(format!(
                "the table is about {}, the version about {}",
                gelezen.convenant(),
                beleid.bundel().convenant
            )),
            Ok(gelezen) => {
                let alle = gelezen.draaien(beleid, catalogus);
                let gevallen = alle.len();
                let mislukt = alle.into_iter().filter(|g| !g.geslaagd).collect();
                Tabeluitslag { naam, gevallen, fout: None, mislukt }
            }
        }
    };
    tabellen.iter().map(een).collect()
}

/// An error with its causes, for who made the bundle or the table.
fn keten(fout: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(fout), |f| f.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
