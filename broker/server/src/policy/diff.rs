//! `inbreng policy diff`: two versions, as documents and as they decide.

use std::path::PathBuf;

use clap::Args;
use inbreng_policy::{Bereikverschil, Bundelverschil, Groep, Rij, Veldverschil, Woordenboek, simulatie::Richting};
use serde::Serialize;

use super::{
    Afloop, Fout,
    bron::{Versie, Versiekop},
    catalogus, rijtekst,
    tekst::{Tekst, aantal, getal, tonen},
    voortgang::Voortgang,
    woordenboek,
};

/// How many groups people see; tools see all.
const GETOOND: usize = 40;

/// What is compared.
#[derive(Debug, Args)]
pub struct Opties {
    /// De oude versie: een naam, een bron (TOML), een bundel (JSON) of een ondertekende bundel (JWS).
    #[arg(value_name = "OUD")]
    oud: String,
    /// De nieuwe versie.
    #[arg(value_name = "NIEUW")]
    nieuw: String,
    /// Het certificaat van de convenantbeheerder (PEM), om ondertekende bundels te controleren.
    #[arg(long, value_name = "BESTAND")]
    certificaat: Option<PathBuf>,
    /// Vergelijk alleen de rijen en teksten; bereken niet welke besluiten veranderen.
    #[arg(long)]
    zonder_besluiten: bool,
    /// Bereken de besluiten voor alleen dit soort bericht.
    #[arg(long, value_name = "NAAM")]
    soort: Option<String>,
    /// Toon alle groepen besluiten.
    #[arg(long)]
    alles: bool,
    /// Geef alles als JSON.
    #[arg(long)]
    json: bool,
}

/// What tools get.
#[derive(Debug, Serialize)]
struct Antwoord {
    gelijk: bool,
    oud: Versiekop,
    nieuw: Versiekop,
    #[serde(flatten)]
    verschil: Bundelverschil,
    #[serde(skip_serializing_if = "Option::is_none")]
    besluiten: Option<Bereikverschil>,
}

/// Compares.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let catalogus = catalogus()?;
    let woorden = woordenboek()?;
    let versie = |naam: &str| Versie::vinden(naam, &catalogus, opties.certificaat.as_deref());
    let (oud, nieuw) = (versie(&opties.oud)?, versie(&opties.nieuw)?);
    let verschil = Bundelverschil::tussen(&oud.bundel, &nieuw.bundel);
    let gelijk = verschil.is_leeg();
    let soort = match &opties.soort {
        Some(naam) => Some(super::verzoek::berichtsoort(naam, &catalogus)?),
        None => None,
    };
    let besluiten = if opties.zonder_besluiten {
        None
    } else {
        let (a, b) = (oud.beleid(&catalogus)?, nieuw.beleid(&catalogus)?);
        let mut voortgang = Voortgang::new();
        Some(Bereikverschil::tussen(&a, &b, &catalogus, soort.as_ref(), |n, of| {
            voortgang.tot(n as u64, Some(of as u64), "soorten berichten vergeleken");
        }))
    };
    let antwoord = Antwoord { gelijk, oud: oud.kop(), nieuw: nieuw.kop(), verschil, besluiten };
    let afloop = if gelijk { Afloop::Goed } else { Afloop::Verschil };
    tonen(opties.json, &antwoord, |a| in_woorden(a, &oud, &nieuw, &woorden, opties.alles), afloop)
}

fn in_woorden(a: &Antwoord, oud: &Versie, nieuw: &Versie, woorden: &Woordenboek, alles: bool) -> String {
    let mut t = Tekst::default();
    t.zo(&format!("Oud:   {}", oud.regel()));
    t.zo(&format!("Nieuw: {}", nieuw.regel()));
    if a.gelijk {
        t.kop("Geen verschil: beide versies zeggen hetzelfde.");
        return t.into();
    }
    let r = &a.verschil.rijen;
    t.kop(&format!("Rijen: {} erbij, {} weg, {} gewijzigd", r.erbij.len(), r.weg.len(), r.gewijzigd.len()));
    for rij in &r.erbij {
        rij_in_woorden(&mut t, "+", rij, woorden);
    }
    for rij in &r.weg {
        rij_in_woorden(&mut t, "-", rij, woorden);
    }
    for g in &r.gewijzigd {
        rij_in_woorden(&mut t, "~", &g.was, woorden);
        g.velden.iter().for_each(|v| veld_in_woorden(&mut t, 6, v));
    }
    if !a.verschil.velden.is_empty() {
        t.kop("Afspraken en instellingen");
        a.verschil.velden.iter().for_each(|v| veld_in_woorden(&mut t, 2, v));
    }
    if !a.verschil.zinnen.is_empty() {
        t.kop("Zinnen");
        for z in &a.verschil.zinnen {
            let v = Veldverschil { veld: z.sleutel.clone(), was: z.was.clone(), wordt: z.wordt.clone() };
            veld_in_woorden(&mut t, 2, &v);
        }
    }
    if let Some(b) = &a.besluiten {
        besluiten_in_woorden(&mut t, b, alles);
    }
    t.into()
}

fn rij_in_woorden(t: &mut Tekst, teken: &str, rij: &Rij, woorden: &Woordenboek) {
    let stap = woorden.stap(rij.stap).map_or(rij.stap.as_str(), |s| s.naam.as_str());
    t.regel(2, 4, &format!("{teken} {stap} · {}", rijtekst::zonder_nummer(rij, woorden)));
    for (veld, cel) in rijtekst::waarover(rij) {
        t.regel(6, 2, &format!("{veld}: {cel}"));
    }
}

fn veld_in_woorden(t: &mut Tekst, inspringen: usize, v: &Veldverschil) {
    let leeg = |s: &String| if s.is_empty() { "(alles)".to_owned() } else { s.clone() };
    let text = match (&v.was, &v.wordt) {
        (Some(was), Some(wordt)) => format!("{}: {} → {}", v.veld, leeg(was), leeg(wordt)),
        (Some(was), None) => format!("{}: weg: {was}", v.veld),
        (None, Some(wordt)) => format!("{}: erbij: {wordt}", v.veld),
        (None, None) => v.veld.clone(),
    };
    t.regel(inspringen, 2, &text);
}

fn besluiten_in_woorden(t: &mut Tekst, b: &Bereikverschil, alles: bool) {
    t.kop(&format!(
        "Besluiten: {} ruimer, {} strenger, {} met andere plichten ({} gevraagd)",
        getal(b.ruimer),
        getal(b.strenger),
        getal(b.anders),
        getal(b.bekeken)
    ));
    if b.groepen.is_empty() {
        t.regel(2, 0, "Geen enkel besluit verandert.");
    }
    let getoond = if alles { b.groepen.len() } else { GETOOND };
    for groep in b.groepen.iter().take(getoond) {
        groep_in_woorden(t, groep);
    }
    let rest = b.groepen.len().saturating_sub(getoond);
    if rest > 0 {
        t.regel(2, 0, &format!("… en nog {} (met --alles ziet u ze allemaal)", aantal(rest as u64, "groep", "groepen")));
    }
}

fn groep_in_woorden(t: &mut Tekst, g: &Groep) {
    let richting = match g.richting {
        Richting::Ruimer => "ruimer",
        Richting::Strenger => "strenger",
        Richting::Anders => "andere plichten",
    };
    t.regel(2, 4, &format!("{richting}: {} · {} → {} · {}", g.soort, g.was, g.wordt, aantal(g.aantal, "geval", "gevallen")));
    let words = |w: Vec<String>| w.join(", ");
    t.regel(6, 2, &format!("gegevens: {}", words(g.categorieen.iter().map(ToString::to_string).collect())));
    t.regel(6, 2, &format!("van: {}", words(g.van.iter().map(ToString::to_string).collect())));
    t.regel(6, 2, &format!("naar: {}", words(g.naar.iter().map(ToString::to_string).collect())));
    t.regel(6, 2, &format!("grond: {}", words(g.grondslagen.iter().map(ToString::to_string).collect())));
}
