//! What an officer reads before a yes, and after it.

use std::fmt::Write as _;

use inbreng_domain::{Oin, Tijdstip, schermtekst, versie::Versiestaat, vocabulary::JaNee};
use inbreng_policy::{Bereikverschil, Bundelverschil, Effect, Rij, Veldverschil, Woordenboek, simulatie::Richting};
use serde_json::Value;

use super::{
    controle::{Bekeken, Vergeleken},
    geldend::Machine,
    plan::Voorstel,
    versie::{Simulatie, Toets, Versie, Versieregel},
};

/// How many groups of decisions are shown; `--json` gives all.
const GETOOND: usize = 20;

/// Text under construction.
#[derive(Default)]
pub(super) struct Tekst(String);

impl Tekst {
    /// One line. Notes, titles and names come from others: nothing in them makes it read otherwise.
    pub fn regel(&mut self, tekst: impl AsRef<str>) {
        self.0.push_str(&schermtekst::regel(tekst.as_ref()));
        self.0.push('\n');
    }

    pub fn kop(&mut self, tekst: &str) {
        self.0.push('\n');
        self.regel(tekst);
    }

    pub fn af(self) -> String {
        self.0.trim_end().to_owned()
    }
}

pub(super) fn naam(namen: &[(Oin, String)], oin: &Oin) -> String {
    namen.iter().find(|(o, _)| o == oin).map_or_else(|| oin.to_string(), |(_, naam)| format!("{naam} ({oin})"))
}

/// Where it stands and what comes next.
fn hierna(staat: Versiestaat, ooit: bool) -> &'static str {
    match staat {
        Versiestaat::Concept => "laat de tabellen narekenen: beleid toetsen",
        Versiestaat::Getest => "probeer haar op het verleden: beleid proberen",
        Versiestaat::Gesimuleerd => "twee andere organisaties keuren haar goed: beleid goedkeuren",
        Versiestaat::Goedgekeurd => "schrijf op vanaf wanneer: beleid voorstel; daarna tekent de convenantbeheerder",
        Versiestaat::Gepland => "niets; zij gaat vanzelf gelden. Toch niet: beleid intrekken",
        Versiestaat::Actief => "niets; zij geldt",
        Versiestaat::Vervallen if ooit => "zij kan terugkomen als twee organisaties dat willen: beleid terugdraaien",
        Versiestaat::Vervallen => "niets; zij is ingetrokken",
    }
}

/// The list.
pub(super) fn lijst(versies: &[Versieregel]) -> String {
    let mut t = Tekst::default();
    for v in versies {
        t.regel(format!("{} · versie {} · {} · {}", v.convenant, v.nummer, v.staat, v.versie));
    }
    if versies.is_empty() {
        t.regel("Het knooppunt heeft geen versies.");
    }
    t.af()
}

/// One version: how far, and who did what.
pub(super) fn verloop(versie: &Versie, namen: &[(Oin, String)]) -> String {
    let mut t = Tekst::default();
    kop(&mut t, versie);
    t.kop("Wat er gebeurde");
    for stap in &versie.stappen {
        let door = stap.door.as_ref().map_or_else(|| "het knooppunt".to_owned(), |oin| naam(namen, oin));
        let functie = stap.functie.map_or_else(String::new, |f| format!(", {f}"));
        t.regel(format!("  {}. {} · {} · {door}{functie}", stap.nummer, stap.tijd, stap.soort));
    }
    t.kop(&format!("Nu: {}", hierna(versie.regel.staat, versie.gold_eerder())));
    t.af()
}

fn kop(t: &mut Tekst, versie: &Versie) {
    let r = &versie.regel;
    t.regel(format!("Convenant {}, versie {}: {}", r.convenant, r.nummer, r.staat));
    t.regel(format!("Kenmerk: {}", r.versie));
    if let Some(ingang) = versie.ingang {
        t.regel(format!("Geldt vanaf: {ingang}"));
    }
}

/// Everything that an approval is about.
pub(super) fn bekeken(b: &Bekeken, woorden: Option<&Woordenboek>) -> String {
    let mut t = Tekst::default();
    kop(&mut t, &b.versie);
    t.regel(format!("Titel: {}", b.titel));
    let auteur = b.versie.regel.auteur.as_ref().map_or_else(|| "de installatie".to_owned(), |oin| naam(&b.namen, oin));
    t.regel(format!("Ingediend door: {auteur}"));
    let door: Vec<_> = b.versie.goedkeuringen.iter().map(|oin| naam(&b.namen, oin)).collect();
    let door = if door.is_empty() { "nog niemand".to_owned() } else { door.join(" en ") };
    t.regel(format!("Goedgekeurd door: {door} ({} nodig)", b.versie.nodig));

    t.kop("Nagerekend op deze machine");
    t.regel("  Het kenmerk hoort bij deze inhoud en bij deze tabellen.");
    t.regel("  De versie is nergens ruimer dan het landelijk minimum.");
    t.regel(format!("  Tabellen: {} gevallen, {} anders dan verwacht.", b.tabellen_hier.gevallen, b.tabellen_hier.anders.len()));
    for anders in &b.tabellen_hier.anders {
        t.regel(format!("    {anders}"));
    }
    match (&b.verschil, b.geldend) {
        (Some(verschil), Some(geldend)) => {
            t.kop(&format!("Verschil met wat nu geldt (versie {})", geldend.versie));
            t.regel(format!("  {}", vergeleken_met(&geldend)));
            if verschil.is_leeg() {
                t.regel("  Geen.");
            }
            rijen(&mut t, verschil, woorden);
        }
        _ if b.zelf => t.kop("Dit is de versie die nu geldt."),
        _ => t.kop("Er geldt nu geen versie om mee te vergelijken."),
    }
    if let Some(besluiten) = &b.besluiten {
        groepen(&mut t, besluiten);
    }
    if let Some(simulatie) = &b.versie.simulatie {
        proef(&mut t, simulatie);
    }
    t.af()
}

/// With which number of the covenant manager it was compared, and what this machine knew of it.
fn vergeleken_met(geldend: &Vergeleken) -> String {
    let met = |nummer: u32| match nummer {
        0 => "de eerste versie, van voor nummer 1".to_owned(),
        n => format!("nummer {n}"),
    };
    let nummer = met(geldend.nummer);
    match geldend.machine {
        Machine::Zelfde => format!("Vergeleken met {nummer} van de convenantbeheerder; uw adapter heeft dezelfde."),
        Machine::Ouder(eigen) => {
            format!("Vergeleken met {nummer} van de convenantbeheerder; uw adapter heeft nog {}.", met(eigen))
        }
        Machine::NogGeen => {
            format!("Vergeleken met wat het knooppunt toont ({nummer}); deze machine heeft nog geen versie.")
        }
    }
}

fn rijen(t: &mut Tekst, verschil: &Bundelverschil, woorden: Option<&Woordenboek>) {
    let r = &verschil.rijen;
    t.regel(format!("  Rijen: {} erbij, {} weg, {} gewijzigd", r.erbij.len(), r.weg.len(), r.gewijzigd.len()));
    r.erbij.iter().for_each(|rij| t.regel(rij_in_woorden('+', rij, woorden)));
    r.weg.iter().for_each(|rij| t.regel(rij_in_woorden('-', rij, woorden)));
    for g in &r.gewijzigd {
        t.regel(rij_in_woorden('~', &g.was, woorden));
        g.velden.iter().for_each(|v| t.regel(format!("      {}", veld(v))));
    }
    verschil.velden.iter().for_each(|v| t.regel(format!("  {}", veld(v))));
    for z in &verschil.zinnen {
        t.regel(format!(
            "  zin {}: {} → {}",
            z.sleutel,
            z.was.as_deref().unwrap_or("(geen)"),
            z.wordt.as_deref().unwrap_or("(geen)")
        ));
    }
}

fn rij_in_woorden(teken: char, rij: &Rij, woorden: Option<&Woordenboek>) -> String {
    let stap = woorden.and_then(|w| w.stap(rij.stap)).map_or(rij.stap.as_str(), |s| s.naam.as_str());
    let effect = match (rij.effect, rij.uitkomst) {
        (Effect::Toelaten, _) => "laat toe".to_owned(),
        (Effect::Tegenhouden, u) => {
            format!(
                "houdt tegen ({})",
                u.map_or_else(|| "weigeren".to_owned(), |u| inbreng_domain::Uitkomst::from(u).to_string())
            )
        }
    };
    let mut uit = format!("    {teken} {stap} · {effect}");
    for deel in rij.regel.map(|r| r.to_string()).into_iter().chain(rij.toelichting.clone()) {
        let _written = write!(uit, " · {deel}");
    }
    let lijst = |woord: &str, waarden: Vec<String>| {
        if waarden.is_empty() { String::new() } else { format!(" · {woord}: {}", waarden.join(", ")) }
    };
    let tekst = |waarden: &[inbreng_domain::TypeNaam]| waarden.iter().map(ToString::to_string).collect();
    uit.push_str(&lijst("soorten", tekst(&rij.soorten)));
    uit.push_str(&lijst("gegevens", rij.categorieen.iter().map(ToString::to_string).collect()));
    uit.push_str(&lijst("van", rij.van.iter().map(ToString::to_string).collect()));
    uit.push_str(&lijst("naar", rij.naar.iter().map(ToString::to_string).collect()));
    uit.push_str(&lijst("grond", rij.grondslagen.iter().map(ToString::to_string).collect()));
    uit
}

fn veld(v: &Veldverschil) -> String {
    let leeg = |s: &Option<String>| s.as_deref().filter(|s| !s.is_empty()).unwrap_or("(leeg)").to_owned();
    format!("{}: {} → {}", v.veld, leeg(&v.was), leeg(&v.wordt))
}

fn groepen(t: &mut Tekst, b: &Bereikverschil) {
    t.kop(&format!(
        "Besluiten: {} ruimer, {} strenger, {} met andere plichten ({} gevraagd)",
        b.ruimer, b.strenger, b.anders, b.bekeken
    ));
    for g in b.groepen.iter().take(GETOOND) {
        let richting = match g.richting {
            Richting::Ruimer => "RUIMER",
            Richting::Strenger => "strenger",
            Richting::Anders => "andere plichten",
        };
        let samen = |w: Vec<String>| w.join(", ");
        t.regel(format!("  {richting}: {} · {} → {} · {} keer", g.soort, g.was, g.wordt, g.aantal));
        t.regel(format!(
            "      gegevens {} · van {} · naar {} · grond {}",
            samen(g.categorieen.iter().map(ToString::to_string).collect()),
            samen(g.van.iter().map(ToString::to_string).collect()),
            samen(g.naar.iter().map(ToString::to_string).collect()),
            samen(g.grondslagen.iter().map(ToString::to_string).collect())
        ));
    }
    if b.groepen.len() > GETOOND {
        t.regel(format!("  … en nog {} groepen (met --json ziet u ze allemaal)", b.groepen.len() - GETOOND));
    }
}

/// The counts of the simulation that an approval names.
fn proef(t: &mut Tekst, simulatie: &Simulatie) {
    let u = &simulatie.uitslag;
    let tijd = |veld: &str| u.get(veld).and_then(Value::as_str).unwrap_or("?").get(..10).unwrap_or("?").to_owned();
    let telling = u.get("telling").cloned().unwrap_or_default();
    let getal = |pad: &str| telling.pointer(pad).and_then(Value::as_u64).unwrap_or_default();
    t.kop(&format!("Geprobeerd op het verleden, {} tot {}", tijd("van"), tijd("tot")));
    t.regel(format!(
        "  {} besluiten: {} ruimer, {} strenger, {} met andere plichten (naar beneden afgerond)",
        getal("/bekeken"),
        getal("/gewijzigd/ruimer"),
        getal("/gewijzigd/strenger"),
        getal("/gewijzigd/anders")
    ));
    t.regel(format!("  Kenmerk van de uitkomst: {}", simulatie.digest));
}

/// What running the tables gave.
pub(super) fn toets(toets: &Toets) -> String {
    let mut t = Tekst::default();
    t.regel(format!("{} gevallen, {} anders dan verwacht.", toets.gevallen, toets.mislukt));
    if let Some(fout) = &toets.fout {
        t.regel(format!("Niet bruikbaar: {fout}"));
    }
    for tabel in &toets.tabellen {
        let naam = tabel.get("naam").and_then(Value::as_str).unwrap_or_default();
        if let Some(fout) = tabel.get("fout").and_then(Value::as_str) {
            t.regel(format!("  {naam}: {fout}"));
        }
        for geval in tabel.get("mislukt").and_then(Value::as_array).into_iter().flatten() {
            let verschillen: Vec<_> =
                geval.get("verschillen").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            let geval = geval.get("naam").and_then(Value::as_str).unwrap_or_default();
            t.regel(format!("  {naam}: {geval}: {}", verschillen.join("; ")));
        }
    }
    t.regel(if toets.geslaagd { "De versie kan verder." } else { "De versie blijft een concept." });
    t.af()
}

/// What the covenant manager signs.
pub(super) fn voorstel(v: &Voorstel) -> String {
    let mut t = Tekst::default();
    let terug = if v.terug == JaNee::Ja { " (zij gold eerder, en komt terug)" } else { "" };
    t.regel(format!("{}: convenant {}, versie {}{terug}", v.titel, v.convenant, v.nummer));
    t.regel(format!("Kenmerk: {}", v.versie));
    t.regel(format!("Gaat gelden op: {}", moment(v.ingang)));
    t.regel(format!("Volgnummer: {}", v.volgnummer));
    let door: Vec<_> = v.goedgekeurd_door.iter().map(|g| format!("{} ({})", g.naam, g.oin)).collect();
    t.regel(format!("Goedgekeurd door (volgens het knooppunt): {}", door.join(" en ")));
    t.af()
}

fn moment(t: Tijdstip) -> String {
    format!("{t} (UTC)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_on_its_line() {
        let mut t = Tekst::default();
        t.regel("Titel: gewoon\u{1b}[2J\r\nBesluiten: 0 ruimer");
        t.regel("Titel: strenger\u{202e}remiur\u{2028}Besluiten: 0 ruimer\u{200b}\u{ad}\u{e0041}\u{fe0f}");
        assert_eq!(t.af(), "Titel: gewoon·[2J··Besluiten: 0 ruimer\nTitel: strenger·remiur·Besluiten: 0 ruimer····");
    }
}
