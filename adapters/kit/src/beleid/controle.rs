//! What an officer looks at before a yes, reckoned on the own machine: the hub's word is not enough for a signature.

use inbreng_domain::{
    Digest, Oin,
    versie::{Versiestaat, Versietabel},
};
use inbreng_policy::{Beleid, Bereikverschil, Bundelverschil, Tabel};
use inbreng_proof::{canonical_string, digest_of, sha256};
use serde::Serialize;
use serde_json::Value;

use super::{
    bureau::Bureau,
    fout::Fout,
    versie::{Inhoud, Versie},
};

/// A version that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Bekeken {
    #[serde(flatten)]
    pub versie: Versie,
    pub titel: String,
    /// Its tables, run here.
    pub tabellen_hier: Tabelgang,
    /// The number of the version in force, absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geldend: Option<u32>,
    /// What changes against the version in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verschil: Option<Bundelverschil>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub besluiten: Option<Bereikverschil>,
    /// Who is who, as the directory lists them.
    #[serde(skip)]
    pub namen: Vec<(Oin, String)>,
    /// The bundle itself.
    #[serde(skip)]
    pub bundel: Value,
}

/// What came out of the tables.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tabelgang {
    pub gevallen: usize,
    /// What came out otherwise, in words.
    pub anders: Vec<String>,
}

/// Looks at a version: everything is fetched, and held against what it is called.
pub(super) async fn bekijken(bureau: &Bureau, versie: Digest) -> Result<Bekeken, Fout> {
    let gezien = bureau.versie(versie).await?;
    let inhoud: Inhoud = bureau.hub.versie_inhoud(versie).await?;
    let namen = bureau.namen().await?;
    if digest_of(&inhoud.bundel).ok() != Some(versie) {
        return Err(Fout::klopt_niet("de inhoud is niet die van deze versie"));
    }
    if tabeldigest(&inhoud.tabellen)? != gezien.regel.tabellen {
        return Err(Fout::klopt_niet("de tabellen zijn niet die van deze versie"));
    }
    if let Some(simulatie) = &gezien.simulatie
        && digest_of(&simulatie.uitslag).ok() != Some(simulatie.digest)
    {
        return Err(Fout::klopt_niet("de aantallen zijn niet die van de proef"));
    }
    let beleid = bureau.laden(&inhoud.bundel)?;
    if beleid.bundel().convenant != gezien.regel.convenant {
        return Err(Fout::klopt_niet("de inhoud is van een ander convenant"));
    }
    let tabellen_hier = draaien(&beleid, &inhoud.tabellen, bureau);
    let geldend = match gezien.regel.staat {
        Versiestaat::Actief => None,
        _ => bureau.geldend(&gezien.regel.convenant).await?,
    };
    let verschil = geldend.as_ref().map(|oud| Bundelverschil::tussen(oud.bundel(), beleid.bundel()));
    let besluiten = geldend.as_ref().map(|oud| Bereikverschil::tussen(oud, &beleid, &bureau.catalogus, None, |_, _| {}));
    Ok(Bekeken {
        titel: beleid.bundel().titel.clone(),
        geldend: geldend.map(|oud| oud.bundel().versie),
        versie: gezien,
        tabellen_hier,
        verschil,
        besluiten,
        namen,
        bundel: inhoud.bundel,
    })
}

pub(super) fn tabeldigest(tabellen: &[Versietabel]) -> Result<Digest, Fout> {
    let tekst =
        canonical_string(tabellen).map_err(|e| Fout::new(format!("De tabellen zijn niet te lezen: {e}."), "Verbeter ze."))?;
    Ok(sha256(tekst.as_bytes()))
}

fn draaien(beleid: &Beleid, tabellen: &[Versietabel], bureau: &Bureau) -> Tabelgang {
    let mut gang = Tabelgang::default();
    for tabel in tabellen {
        match Tabel::lezen(&tabel.inhoud) {
            Err(fout) => gang.anders.push(format!("{}: {fout}", tabel.naam)),
            Ok(gelezen) => {
                for geval in gelezen.draaien(beleid, &bureau.catalogus) {
                    gang.gevallen += 1;
                    if !geval.geslaagd {
                        gang.anders.push(format!("{}: {}: {}", tabel.naam, geval.naam, geval.verschillen.join("; ")));
                    }
                }
            }
        }
    }
    gang
}
