//! `inbreng policy replay`: past decisions again. The same request under the same version gives the same answer, byte for
//! byte; what does not is shown.

use std::collections::BTreeMap;

use clap::Args;
use inbreng_domain::{Besluit, Digest};
use inbreng_policy::{Beleid, Naspel, Vastlegging};
use inbreng_proof::canonical_string;
use serde::Serialize;
use serde_json::Value;

use super::{
    Afloop, Fout,
    besluiten::{Besluitbron, Regel, Verder},
    bron::{Versie, Versiekop},
    catalogus,
    tekst::{Tekst, aantal, getal, tonen},
};

/// How many differences people see; tools see all.
const GETOOND: usize = 20;

/// What is replayed.
#[derive(Debug, Args)]
pub struct Opties {
    #[command(flatten)]
    besluiten: Besluitbron,
    /// Het nummer van één besluit.
    #[arg(long, value_name = "NUMMER", conflicts_with = "alles", required_unless_present = "alles")]
    nummer: Option<u64>,
    /// Alle besluiten.
    #[arg(long)]
    alles: bool,
    /// De versie waaronder is beslist: een naam, een bron, een bundel of een ondertekende bundel. Mag vaker: een per versie.
    #[arg(long, value_name = "NAAM OF BESTAND", default_value = "voorbeeldregio", hide_default_value = true)]
    convenant: Vec<String>,
    /// Het certificaat van de convenantbeheerder (PEM), om ondertekende bundels te controleren.
    #[arg(long, value_name = "BESTAND")]
    certificaat: Option<std::path::PathBuf>,
    /// Geef alles als JSON.
    #[arg(long)]
    json: bool,
}

/// A decision that does not come out the same.
#[derive(Debug, Serialize)]
struct Verschil {
    nummer: u64,
    waarom: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    velden: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    toen: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nu: Option<Box<Besluit>>,
}

/// What tools get.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Antwoord {
    ok: bool,
    versies: Vec<Versiekop>,
    bekeken: u64,
    gelijk: u64,
    /// Refusals that no version decided (R16), and deliveries of which no version can say whether they may be told (R33): there is
    /// nothing to take again.
    zonder_versie: u64,
    /// Taken under a version that was not given, by its digest.
    andere_versie: BTreeMap<Digest, u64>,
    verschillen: Vec<Verschil>,
}

/// Replays.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let catalogus = catalogus()?;
    let mut antwoord = Antwoord::default();
    let mut versies: Vec<Beleid> = Vec::new();
    for naam in &opties.convenant {
        let versie = Versie::vinden(naam, &catalogus, opties.certificaat.as_deref())?;
        antwoord.versies.push(versie.kop());
        versies.push(versie.beleid(&catalogus)?);
    }
    match opties.nummer {
        Some(nummer) => opnieuw(&opties.besluiten.zoeken(nummer)?, &versies, &mut antwoord),
        None => opties.besluiten.lezen(|regel| {
            opnieuw(&regel, &versies, &mut antwoord);
            Ok(Verder::Lees)
        })?,
    }
    antwoord.ok = antwoord.verschillen.is_empty() && antwoord.andere_versie.is_empty();
    let afloop = if antwoord.ok { Afloop::Goed } else { Afloop::Verschil };
    tonen(opties.json, &antwoord, in_woorden, afloop)
}

fn opnieuw(regel: &Regel, versies: &[Beleid], antwoord: &mut Antwoord) {
    antwoord.bekeken += 1;
    let mut anders = |waarom: &str, velden, toen, nu| {
        antwoord.verschillen.push(Verschil { nummer: regel.nummer, waarom: waarom.to_owned(), velden, toen, nu });
    };
    let Ok(gelezen) = serde_json::from_str::<Value>(&regel.record) else {
        return anders("het record is geen JSON", Vec::new(), None, None);
    };
    if gelezen.get("verzoek").is_none() {
        antwoord.zonder_versie += 1;
        return;
    }
    let Ok(vastlegging) = serde_json::from_value::<Vastlegging<'_>>(gelezen) else {
        return anders("het record heeft een onbekende vorm", Vec::new(), None, None);
    };
    if canonical_string(&vastlegging).ok().as_deref() != Some(&regel.record) {
        return anders("het record staat niet in zijn vaste vorm", Vec::new(), None, None);
    }
    if vastlegging.besluit.uitkomst != regel.uitkomst {
        return anders("de uitkomst naast het record is een andere", Vec::new(), None, None);
    }
    let digest = vastlegging.besluit.beleid;
    let Some(beleid) = versies.iter().find(|b| b.digest() == digest) else {
        *antwoord.andere_versie.entry(digest).or_default() += 1;
        return;
    };
    match beleid.naspelen(&vastlegging) {
        Naspel::Gelijk => antwoord.gelijk += 1,
        Naspel::AndereVersie => *antwoord.andere_versie.entry(digest).or_default() += 1,
        Naspel::Anders { velden, nu } => {
            anders("er komt iets anders uit", velden, serde_json::to_value(&*vastlegging.besluit).ok(), Some(nu));
        }
    }
}

fn in_woorden(a: &Antwoord) -> String {
    let mut t = Tekst::default();
    if a.ok {
        t.regel(0, 2, &format!("{} opnieuw genomen, alles gelijk, byte voor byte.", aantal(a.gelijk, "besluit", "besluiten")));
    } else {
        t.regel(0, 2, &format!("{} bekeken, {} gelijk.", aantal(a.bekeken, "besluit", "besluiten"), getal(a.gelijk)));
    }
    if a.zonder_versie > 0 {
        t.regel(
            2,
            2,
            &format!(
                "{} zonder versie: afzenders die niet meededen (R16), of leveringen waarvan geen versie zegt of zij verteld mogen \
                 worden (R33); daar valt niets over te doen.",
                getal(a.zonder_versie)
            ),
        );
    }
    for (digest, n) in &a.andere_versie {
        t.regel(
            2,
            2,
            &format!("{} onder een versie die u niet gaf: geef die met --convenant:", aantal(*n, "besluit", "besluiten")),
        );
        t.zo(&format!("    {digest}"));
    }
    if !a.verschillen.is_empty() {
        t.kop(&format!("Niet gelijk: {}", aantal(a.verschillen.len() as u64, "besluit", "besluiten")));
    }
    for v in a.verschillen.iter().take(GETOOND) {
        let velden = if v.velden.is_empty() { String::new() } else { format!(" ({})", v.velden.join(", ")) };
        t.regel(2, 2, &format!("besluit {}: {}{velden}", v.nummer, v.waarom));
        if let (Some(toen), Some(nu)) = (&v.toen, &v.nu) {
            let nu = serde_json::to_value(nu).unwrap_or_default();
            for veld in &v.velden {
                t.regel(
                    4,
                    2,
                    &format!(
                        "{veld}: toen {}, nu {}",
                        toen.get(veld).unwrap_or(&Value::Null),
                        nu.get(veld).unwrap_or(&Value::Null)
                    ),
                );
            }
        }
    }
    if a.verschillen.len() > GETOOND {
        t.regel(2, 2, &format!("… en nog {} (--json geeft alles)", a.verschillen.len() - GETOOND));
    }
    t.into()
}
