//! The steps, one function each. What was seen is what is signed: each act names the step that it was decided on.

use std::path::{Path, PathBuf};

use inbreng_domain::{
    Clock, Digest, Tijdstip, schermtekst,
    versie::{Activering, Beheerfunctie, Versiehandeling, Versiestaat, Versietabel},
};
use inbreng_policy::{Bundel, Convenantbron, Tabel, Woordenboek};
use inbreng_proof::{digest_of, jws};
use serde::Serialize;
use serde_json::Value;

use super::{
    bureau::Bureau,
    controle::{self, tabeldigest},
    fout::Fout,
    opdracht::{Daad, Jawoord, laten_zien, vragen},
    plan::{self, Voorstel},
    versie::{Toets, Versie, Versieregel},
    woorden,
};
use crate::hub::{Activeringsplan, Indiening, Simulatieverzoek};

pub(super) fn tonen<T: Serialize>(json: bool, wat: &T, tekst: impl FnOnce(&T) -> String) -> Result<String, Fout> {
    if !json {
        return Ok(tekst(wat));
    }
    let json = serde_json::to_string_pretty(wat);
    let json = json.map_err(|e| Fout::new(format!("De uitslag is niet te schrijven: {e}."), "Laat --json weg."))?;
    Ok(schermtekst::json(&json).into_owned())
}

pub(super) async fn status(bureau: &Bureau, versie: Option<Digest>, json: bool) -> Result<String, Fout> {
    match versie {
        None => tonen(json, &bureau.alle_versies().await?, |v| woorden::lijst(v)),
        Some(versie) => {
            let (versie, namen) = (bureau.versie(versie).await?, bureau.namen().await?);
            tonen(json, &versie, |v| woorden::verloop(v, &namen))
        }
    }
}

pub(super) async fn bekijken(bureau: &Bureau, versie: Digest, json: bool) -> Result<String, Fout> {
    let bekeken = controle::bekijken(bureau, versie).await?;
    tonen(json, &bekeken, |b| woorden::bekeken(b, Woordenboek::ingebouwd().ok().as_ref()))
}

pub(super) async fn indienen(
    bureau: &Bureau,
    concept: &Path,
    tabellen: &[PathBuf],
    (functie, ja, json): (Beheerfunctie, bool, bool),
) -> Result<String, Fout> {
    let bundel = bundel(bureau, concept)?;
    let beleid = bureau.laden(&bundel)?;
    let tabellen = tabellen.iter().map(|pad| tabel(pad)).collect::<Result<Vec<_>, _>>()?;
    let regel = Versieregel {
        versie: beleid.digest(),
        convenant: beleid.bundel().convenant.clone(),
        nummer: beleid.bundel().versie,
        tabellen: tabeldigest(&tabellen)?,
        auteur: Some(bureau.eigen),
        staat: Versiestaat::Concept,
        stand: 0,
    };
    laten_zien(&format!(
        "U dient in: convenant {}, versie {}, met {} tabellen.\nKenmerk: {}",
        regel.convenant,
        regel.nummer,
        tabellen.len(),
        regel.versie
    ));
    vragen("Daarna verandert er niets meer aan.", ja)?;
    let verklaring = bureau.daad(Versiehandeling::Indienen, &regel, None, functie)?;
    let versie: Versie = bureau.hub.versie_indienen(&Indiening { bundel: &bundel, tabellen: &tabellen, verklaring }).await?;
    gedaan(bureau, &versie, "Ingediend.", json).await
}

pub(super) async fn toetsen(bureau: &Bureau, daad: &Daad) -> Result<String, Fout> {
    let (versie, _) = controle::met_inhoud(bureau, daad.versie).await?;
    let jws = bureau.daad(Versiehandeling::Testen, &versie.regel, None, daad.functie)?;
    let toets: Toets = bureau.hub.versie_daad(daad.versie, "toets", versie.regel.stand, jws).await?;
    let tekst = tonen(daad.wie.json, &toets, woorden::toets)?;
    if toets.geslaagd {
        Ok(tekst)
    } else {
        Err(Fout::met_regels(tekst, "Verbeter het concept of zijn tabellen, en dien een nieuw in."))
    }
}

pub(super) async fn proberen(bureau: &Bureau, daad: &Daad, van: &str, tot: &str) -> Result<String, Fout> {
    let (van, tot) = (dag(van)?, dag(tot)?);
    let (versie, _) = controle::met_inhoud(bureau, daad.versie).await?;
    let verklaring = bureau.daad(Versiehandeling::Simuleren, &versie.regel, None, daad.functie)?;
    let verzoek = Simulatieverzoek { van, tot, verklaring };
    let _uitslag: Value = bureau.hub.versie_simuleren(daad.versie, versie.regel.stand, &verzoek).await?;
    bekijken(bureau, daad.versie, daad.wie.json).await
}

/// Approves a version, or that it comes back. What is signed for is shown first, and is what was reckoned here.
pub(super) async fn goedkeuren(
    bureau: &Bureau,
    Jawoord { daad, ja }: &Jawoord,
    handeling: Versiehandeling,
) -> Result<String, Fout> {
    let bekeken = controle::bekijken(bureau, daad.versie).await?;
    let regel = &bekeken.versie.regel;
    let terug = handeling == Versiehandeling::Terugdraaien;
    if terug != bekeken.versie.gold_eerder() {
        return Err(if terug {
            Fout::new("Deze versie heeft nooit gegolden.", "Gebruik `beleid goedkeuren`.")
        } else {
            Fout::new("Deze versie gold eerder.", "Gebruik `beleid terugdraaien`.")
        });
    }
    if regel.auteur == Some(bureau.eigen) {
        return Err(Fout::new("Uw organisatie heeft deze versie ingediend.", "Laat twee andere organisaties haar goedkeuren."));
    }
    if !bekeken.tabellen_hier.anders.is_empty() {
        laten_zien(&woorden::bekeken(&bekeken, None));
        return Err(Fout::klopt_niet("de tabellen komen hier anders uit"));
    }
    let simulatie = match (&bekeken.versie.simulatie, terug) {
        (_, true) => None,
        (Some(simulatie), false) => Some(simulatie.digest),
        (None, false) => {
            return Err(Fout::new(
                "Deze versie is nog niet op het verleden geprobeerd.",
                "Wacht tot zij is geprobeerd: `beleid status`.",
            ));
        }
    };
    laten_zien(&woorden::bekeken(&bekeken, Woordenboek::ingebouwd().ok().as_ref()));
    let vraag = if terug {
        "U keurt goed dat precies deze versie terugkomt."
    } else {
        "U keurt precies deze versie goed, en wat daar bij de proef uitkwam."
    };
    vragen(vraag, *ja)?;
    let jws = bureau.daad(handeling, regel, simulatie, daad.functie)?;
    let versie: Versie = bureau.hub.versie_daad(daad.versie, "goedkeuringen", regel.stand, jws).await?;
    gedaan(bureau, &versie, "Goedgekeurd.", daad.wie.json).await
}

pub(super) async fn intrekken(bureau: &Bureau, Jawoord { daad, ja }: &Jawoord) -> Result<String, Fout> {
    let (versie, _) = controle::met_inhoud(bureau, daad.versie).await?;
    laten_zien(&woorden::verloop(&versie, &bureau.namen().await?));
    vragen("U trekt deze versie in.", *ja)?;
    let jws = bureau.daad(Versiehandeling::Intrekken, &versie.regel, None, daad.functie)?;
    let versie: Versie = bureau.hub.versie_daad(daad.versie, "intrekking", versie.regel.stand, jws).await?;
    gedaan(bureau, &versie, "Ingetrokken.", daad.wie.json).await
}

pub(super) async fn voorstellen(
    bureau: &Bureau,
    versie: Digest,
    ingang: Tijdstip,
    uit: &Path,
    json: bool,
) -> Result<String, Fout> {
    let bekeken = controle::bekijken(bureau, versie).await?;
    let voorstel = plan::voorstellen(bureau, &bekeken, ingang).await?;
    schrijven(uit, &voorstel)?;
    let naar = format!("\n\nGeschreven: {}. Stuur dit naar de convenantbeheerder.", uit.display());
    tonen(json, &voorstel, |v| woorden::voorstel(v) + naar.as_str())
}

pub(super) fn tekenen(
    voorstel: &Path,
    (certificaat, sleutel): (&Path, &Path),
    uit: &Path,
    ja: bool,
    clock: &dyn Clock,
) -> Result<String, Fout> {
    let voorstel = Voorstel::lezen(voorstel)?;
    laten_zien(&woorden::voorstel(&voorstel));
    vragen("U tekent dat deze versie op dat moment gaat gelden.", ja)?;
    schrijven(uit, &voorstel.tekenen(certificaat, sleutel, clock)?)?;
    Ok(format!("Getekend: {}. Stuur dit terug naar wie het voorstel stuurde.", uit.display()))
}

/// Brings what was signed. Which version it is about, the signed text says; the hub verifies who signed.
pub(super) async fn activeren(bureau: &Bureau, plan: &Path, json: bool) -> Result<String, Fout> {
    let tekst = std::fs::read(plan).map_err(|e| Fout::bestand(plan, e))?;
    let plan: Activeringsplan = serde_json::from_slice(&tekst).map_err(|e| Fout::van_een_ander(plan, e))?;
    let activering: Activering = jws::unverified_payload(&plan.activering)
        .map_err(|_| Fout::new("Dit is niet wat de convenantbeheerder tekent.", "Geef het bestand van `beleid tekenen`."))?;
    let versie = bureau.versie(activering.versie).await?;
    let versie: Versie = bureau.hub.versie_activeren(activering.versie, versie.regel.stand, &plan).await?;
    gedaan(bureau, &versie, "Gepland.", json).await
}

async fn gedaan(bureau: &Bureau, versie: &Versie, wat: &str, json: bool) -> Result<String, Fout> {
    // What was done is done: without the names it is told all the same.
    let namen = bureau.namen().await.unwrap_or_default();
    tonen(json, versie, |v| format!("{wat}\n\n{}", woorden::verloop(v, &namen)))
}

pub(super) fn schrijven<T: Serialize>(pad: &Path, wat: &T) -> Result<(), Fout> {
    let tekst = serde_json::to_vec_pretty(wat).map_err(|e| Fout::bestand(pad, e))?;
    std::fs::write(pad, tekst).map_err(|e| Fout::bestand(pad, e))
}

/// A bundle, or one made of the covenant's source.
fn bundel(bureau: &Bureau, pad: &Path) -> Result<Value, Fout> {
    let tekst = std::fs::read_to_string(pad).map_err(|e| Fout::bestand(pad, e))?;
    if tekst.trim_start().starts_with('{') {
        let bundel: Value = serde_json::from_str(&tekst).map_err(|e| Fout::inhoud(pad, e))?;
        digest_of(&bundel).map_err(|e| Fout::inhoud(pad, e))?;
        return Ok(bundel);
    }
    let bron = Convenantbron::lezen(&tekst).map_err(|e| Fout::inhoud(pad, e))?;
    let bundel = Bundel::genereren(&bron, &bureau.catalogus).map_err(|e| Fout::inhoud(pad, e))?;
    serde_json::to_value(&bundel).map_err(|e| Fout::bestand(pad, e))
}

/// A table, which can be read.
fn tabel(pad: &Path) -> Result<Versietabel, Fout> {
    let inhoud = std::fs::read_to_string(pad).map_err(|e| Fout::bestand(pad, e))?;
    let _readable = Tabel::lezen(&inhoud).map_err(|e| Fout::inhoud(pad, e))?;
    let naam = pad.file_stem().map_or_else(|| "tabel".to_owned(), |n| n.to_string_lossy().into_owned());
    Ok(Versietabel { naam, inhoud })
}

fn dag(tekst: &str) -> Result<Tijdstip, Fout> {
    Tijdstip::parse(&format!("{tekst}T00:00:00.000Z"))
        .map_err(|_| Fout::new(format!("`{tekst}` is geen dag."), "Schrijf hem als 2026-09-01."))
}
