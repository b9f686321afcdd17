//! `inbreng policy explain`: one decision in plain Dutch, down to the rows.

use clap::Args;
use inbreng_domain::{RegelId, Tijdstip, convenant::Convenanttekst};
use inbreng_policy::{Beleid, Namen, Organisatienamen, Stapuitleg, Uitlegging, Vastlegging, Verzoek, Woordenboek};
use serde::Serialize;
use serde_json::Value;

use super::{
    Afloop, Fout, Versiekeuze,
    besluiten::Besluitbron,
    bron::{Versie, Versiekop},
    catalogus, rijtekst,
    tekst::{Tekst, tonen},
    verzoek::Vraag,
    woordenboek,
};

/// What is explained.
#[derive(Debug, Args)]
pub struct Opties {
    #[command(flatten)]
    versie: Versiekeuze,
    #[command(flatten)]
    vraag: Vraag,
    #[command(flatten)]
    besluiten: Besluitbron,
    /// Leg een besluit uit het verleden uit: het nummer, in de opslag (--db) of in een export (--log).
    #[arg(long, value_name = "NUMMER")]
    nummer: Option<u64>,
    /// Leg datzelfde verzoek voor aan deze versie, ook al besliste toen een andere, of een ander convenant.
    #[arg(long, requires = "nummer")]
    ook_elders: bool,
    /// Hoe de afzender heet in de zinnen.
    #[arg(long, value_name = "NAAM")]
    naam_afzender: Option<String>,
    /// Hoe de ontvanger heet in de zinnen.
    #[arg(long, value_name = "NAAM")]
    naam_ontvanger: Option<String>,
    /// Alleen het besluit, de regels, de zinnen, de plichten en wat wel kan; niet hoe het tot stand kwam.
    #[arg(long, conflicts_with = "alle_rijen")]
    kort: bool,
    /// Toon ook de rijen die passen maar niet beslisten.
    #[arg(long)]
    alle_rijen: bool,
    /// Geef alles als JSON.
    #[arg(long)]
    json: bool,
}

/// How it is shown.
#[derive(Debug)]
struct Weergave {
    json: bool,
    kort: bool,
    alle_rijen: bool,
}

impl Weergave {
    const fn van(opties: &Opties) -> Self {
        Self { json: opties.json, kort: opties.kort, alle_rijen: opties.alle_rijen }
    }
}

/// A rule with its name.
#[derive(Debug, Serialize)]
struct Regel {
    regel: RegelId,
    naam: String,
    wat: String,
}

/// What tools get.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Antwoord {
    beleid: Versiekop,
    regels: Vec<Regel>,
    #[serde(flatten)]
    uitleg: Uitlegging,
}

/// Explains.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let catalogus = catalogus()?;
    let woorden = woordenboek()?;
    let versie = opties.versie.vinden(&catalogus)?;
    let beleid = versie.beleid(&catalogus)?;
    if let Some(nummer) = opties.nummer {
        let (verzoek, namen) = uit_verleden(&opties.besluiten, nummer, &versie, opties.ook_elders)?;
        return uitleggen(&versie, &beleid, &verzoek, &namen.namen(), &woorden, &Weergave::van(opties));
    }
    if opties.vraag.is_leeg() {
        return Err(Fout::new("u heeft nog niets gevraagd").herstel(
            "Noem wat u wilt delen, bijvoorbeeld: inbreng policy explain --gewone-zaak --van ggz --naar veilig-thuis \
             --soort informatie-antwoord --categorie medisch --doel beoordelen --handeling ontvangen --grondslag convenant",
        ));
    }
    let verzoek = opties.vraag.verzoek(&versie.bundel.convenant, &catalogus)?;
    let namen = Organisatienamen {
        eigenaar: opties.naam_afzender.clone().unwrap_or_else(|| partijnaam(&beleid, &verzoek.van)),
        ontvanger: opties.naam_ontvanger.clone().unwrap_or_else(|| partijnaam(&beleid, &verzoek.naar)),
    };
    uitleggen(&versie, &beleid, &verzoek, &namen.namen(), &woorden, &Weergave::van(opties))
}

/// What was asked when a past decision was taken, under this version; or under another, and then put to this one as it was.
fn uit_verleden(bron: &Besluitbron, nummer: u64, versie: &Versie, ook_elders: bool) -> Result<(Verzoek, Organisatienamen), Fout> {
    let record = bron.zoeken(nummer)?.record;
    let vastlegging: Vastlegging<'_> = serde_json::from_str(&record).map_err(|_| {
        Fout::new(format!("besluit {nummer} is niet door het convenant genomen: de afzender deed niet mee (R16)"))
            .herstel("Kies een ander nummer; hier valt niets uit te leggen.")
    })?;
    let toen = vastlegging.besluit.beleid;
    let mut verzoek = vastlegging.verzoek.into_owned();
    if ook_elders {
        verzoek.convenant = versie.bundel.convenant.clone();
    } else if toen != versie.digest {
        return Err(Fout::new(format!("besluit {nummer} is onder een andere versie genomen ({toen})")).herstel(
            "Geef die versie met --convenant (`inbreng policy export --digest` zegt welke een bestand is), of --ook-elders om te zien \
             wat deze versie ervan zou zeggen.",
        ));
    }
    Ok((verzoek, vastlegging.namen.into_owned()))
}

/// Explains this request.
fn uitleggen(
    versie: &Versie,
    beleid: &Beleid,
    verzoek: &Verzoek,
    namen: &Namen<'_>,
    woorden: &Woordenboek,
    weergave: &Weergave,
) -> Result<Afloop, Fout> {
    let uitleg = beleid.uitleggen(verzoek, namen);
    let regels = uitleg
        .besluit
        .regels
        .iter()
        .filter_map(|r| woorden.regel(*r).map(|n| Regel { regel: *r, naam: n.naam.clone(), wat: n.wat.clone() }));
    let antwoord = Antwoord { beleid: versie.kop(), regels: regels.collect(), uitleg };
    tonen(weergave.json, &antwoord, |a| in_woorden(a, versie, woorden, weergave), Afloop::Goed)
}

/// What a partner is called when nobody gives its name: `de GGZ`.
fn partijnaam(beleid: &Beleid, soort: &inbreng_domain::vocabulary::Ontvangersoort) -> String {
    beleid.bundel().zinnen.woorden.get(&format!("ontvanger-{soort}")).cloned().unwrap_or_else(|| soort.to_string())
}

fn in_woorden(a: &Antwoord, versie: &Versie, woorden: &Woordenboek, weergave: &Weergave) -> String {
    let (u, b) = (&a.uitleg, &a.uitleg.besluit);
    let mut t = Tekst::default();
    t.zo(&format!("Besluit: {}", b.uitkomst));
    t.regel(2, 0, woorden.uitkomst(b.uitkomst));
    if let Some(grond) = b.grondslag {
        t.zo(&format!("  Grond: {grond}"));
    }
    t.kop("Regels die beslisten");
    for regel in &a.regels {
        t.regel(2, 5, &format!("{} {}: {}", regel.regel, regel.naam, regel.wat));
    }
    t.kop("Wat mensen lezen");
    t.regel(2, 2, &format!("Afzender: {}", b.uitleg.afzender));
    t.regel(2, 2, &format!("Ontvanger: {}", b.uitleg.ontvanger));
    if !u.plichten.is_empty() {
        t.kop("Plichten");
        for p in &u.plichten {
            let zin = woorden.plicht(&p.verplichting.soort).unwrap_or_default();
            let termijn = match (p.werkdagen, p.verplichting.uiterlijk) {
                (_, Some(dag)) => format!(" Uiterlijk {}.", dag.to_string().get(..10).unwrap_or_default()),
                (Some(n), None) => format!(" Binnen {n} werkdagen."),
                (None, None) => String::new(),
            };
            t.regel(2, 2, &format!("{} ({}): {zin}{termijn}", p.verplichting.soort, p.verplichting.regel));
        }
    }
    if !b.uitkomst.levert() {
        t.kop(if b.alternatieven.is_empty() { "Mag niet, en een andere weg is er niet" } else { "Mag niet, maar zo wel" });
        for alt in &b.alternatieven {
            t.regel(2, 2, &format!("- {} ({})", alt.zin, alt.uitkomst));
        }
    }
    if weergave.kort {
        return t.into();
    }
    t.kop("Zo is er beslist: elke stap wordt gevraagd, de strengste telt");
    if !u.gaat_over {
        t.regel(2, 2, "Dit convenant zegt niets over dit verzoek, en wat er niet in staat mag niet (R6).");
    }
    for stap in &u.stappen {
        stap_in_woorden(&mut t, stap, woorden, weergave.alle_rijen);
    }
    gevraagd(&mut t, &u.verzoek);
    convenant(&mut t, &a.beleid.tekst);
    t.kop("Versie");
    t.regel(2, 2, &versie.regel());
    t.zo(&format!("  {}", versie.digest));
    t.into()
}

/// What the parties agreed on, whatever the rows say.
fn convenant(t: &mut Tekst, tekst: &Convenanttekst) {
    let dag = |t: Tijdstip| t.to_string().get(..10).unwrap_or_default().to_owned();
    t.kop("Convenant");
    t.regel(2, 2, &tekst.titel);
    t.zo(&format!("  Geldt van {} tot {}", dag(tekst.geldig_vanaf), dag(tekst.geldig_tot)));
    let buiten: Vec<_> = tekst.buiten_convenant.iter().map(|c| c.as_str()).collect();
    if !buiten.is_empty() {
        t.regel(2, 2, &format!("Valt erbuiten: {}", buiten.join(", ")));
    }
}

fn stap_in_woorden(t: &mut Tekst, stap: &Stapuitleg, woorden: &Woordenboek, alle_rijen: bool) {
    let naam = woorden.stap(stap.stap).map_or(stap.stap.as_str(), |s| s.naam.as_str());
    let grond = stap.grondslag.map_or_else(String::new, |g| format!(" ({g})"));
    t.zo(&format!("  {} {naam}{grond}: {}", stap.stap as usize + 1, stap.uitkomst));
    for passend in stap.rijen.iter().filter(|p| p.telt || alle_rijen) {
        let rij = rijtekst::kort(passend.nummer, &passend.rij, woorden);
        t.regel(4, 2, &if passend.telt { rij } else { format!("({rij})") });
    }
    if let Some(regel) = stap.zonder_rij {
        t.regel(4, 2, &format!("geen enkele rij laat dit toe · {regel}"));
    }
}

/// What was asked: what was named, and what counts as most restrictive.
fn gevraagd(t: &mut Tekst, verzoek: &Verzoek) {
    t.kop("Gevraagd");
    let json = serde_json::to_value(verzoek).unwrap_or_default();
    let mut streng = Vec::new();
    let mut genoemd = Vec::new();
    for veld in Verzoek::VELDEN {
        let Some(waarde) = json.get(veld.naam) else { continue };
        let tekst = match waarde {
            Value::Array(all) if all.is_empty() => "geen".to_owned(),
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("+"),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        let lists = if Some(tekst.as_str()) == veld.strengste { &mut streng } else { &mut genoemd };
        lists.push(format!("{}={tekst}", veld.naam));
    }
    t.regel(2, 2, &genoemd.join(", "));
    if !streng.is_empty() {
        t.regel(2, 2, &format!("Zo streng mogelijk: {}", streng.join(", ")));
    }
}
