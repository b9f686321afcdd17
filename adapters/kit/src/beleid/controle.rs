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
    geldend::{Machine, geldend},
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
    /// What it is compared with, absent where nothing is in force, or this version itself is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geldend: Option<Vergeleken>,
    /// Whether it is in force itself.
    #[serde(skip)]
    pub zelf: bool,
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

/// The version in force.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Vergeleken {
    /// The version's own number.
    pub versie: u32,
    /// Of the covenant manager's activation.
    pub nummer: u32,
    /// What the adapter of this machine holds beside it.
    pub machine: Machine,
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
    let (gezien, inhoud) = met_inhoud(bureau, versie).await?;
    let namen = bureau.namen().await?;
    if let Some(simulatie) = &gezien.simulatie
        && digest_of(&simulatie.uitslag).ok() != Some(simulatie.digest)
    {
        return Err(Fout::klopt_niet("de aantallen zijn niet die van de proef"));
    }
    let beleid = bureau.laden(&inhoud.bundel)?;
    let tabellen_hier = draaien(&beleid, &inhoud.tabellen, bureau);
    let geldend = geldend(bureau, &gezien.regel.convenant).await?;
    let zelf = geldend.as_ref().is_some_and(|g| g.beleid.digest() == versie);
    if gezien.regel.staat == Versiestaat::Actief && !zelf && geldend.is_some() {
        return Err(Fout::klopt_niet("het noemt deze versie actief, en toont een andere als wat geldt"));
    }
    let geldend = geldend.filter(|_| !zelf);
    let verschil = geldend.as_ref().map(|oud| Bundelverschil::tussen(oud.beleid.bundel(), beleid.bundel()));
    let besluiten = geldend.as_ref().map(|oud| Bereikverschil::tussen(&oud.beleid, &beleid, &bureau.catalogus, None, |_, _| {}));
    Ok(Bekeken {
        titel: beleid.bundel().titel.clone(),
        zelf,
        geldend: geldend.map(|g| Vergeleken { versie: g.beleid.bundel().versie, nummer: g.nummer, machine: g.machine }),
        versie: gezien,
        tabellen_hier,
        verschil,
        besluiten,
        namen,
        bundel: inhoud.bundel,
    })
}

/// A version with its content, of which everything that a signature names is so: its digest, its tables, its covenant, its number.
pub(super) async fn met_inhoud(bureau: &Bureau, versie: Digest) -> Result<(Versie, Inhoud), Fout> {
    let gezien = bureau.versie(versie).await?;
    let inhoud: Inhoud = bureau.hub.versie_inhoud(versie).await?;
    if digest_of(&inhoud.bundel).ok() != Some(versie) {
        return Err(Fout::klopt_niet("de inhoud is niet die van deze versie"));
    }
    if tabeldigest(&inhoud.tabellen)? != gezien.regel.tabellen {
        return Err(Fout::klopt_niet("de tabellen zijn niet die van deze versie"));
    }
    if inhoud.bundel.get("convenant").and_then(Value::as_str) != Some(&*gezien.regel.convenant.as_str()) {
        return Err(Fout::klopt_niet("de inhoud is van een ander convenant"));
    }
    if inhoud.bundel.get("versie").and_then(Value::as_u64) != Some(gezien.regel.nummer.into()) {
        return Err(Fout::klopt_niet("de inhoud heeft een ander versienummer"));
    }
    Ok((gezien, inhoud))
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
