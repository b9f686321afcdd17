//! What an officer reads about parties.

use inbreng_domain::{
    Oin, Tijdstip,
    convenant::{Convenanttekst, Toetreding, Uittreding},
    versie::Versiestaat,
};

use super::stand::Stand;
use crate::beleid::woorden::{Tekst, naam};

fn dag(t: Tijdstip) -> String {
    t.to_string().get(..10).unwrap_or_default().to_owned()
}

/// Who is, will be or was a party.
pub(super) fn lijst(alle: &[Stand], namen: &[(Oin, String)]) -> String {
    let mut t = Tekst::default();
    if alle.is_empty() {
        t.regel("Het knooppunt heeft geen convenanten.");
    }
    for stand in alle {
        let nu = stand.partijen.iter().filter(|p| p.nu).count();
        t.kop(&format!("Convenant {}: {nu} partijen nu, door hun eigen handtekening", stand.convenant));
        for p in &stand.partijen {
            let tot = p.tot.map_or_else(String::new, |tot| format!(" tot {}", dag(tot)));
            let nu = if p.nu { "" } else { " (nu niet)" };
            t.regel(format!("  {} · vanaf {}{tot}, regels van versie {}{nu}", naam(namen, &p.oin), dag(p.vanaf), p.afspraken));
            t.regel(format!("      {} · tekst {}", p.titel, p.tekst));
        }
        for waarom in &stand.geweigerd {
            t.regel(format!("  telt niet: {waarom}"));
        }
        if stand.verzwegen > 0 {
            t.regel(format!(
                "  LET OP: het knooppunt toont {} verklaringen niet die uw adapter eerder kreeg. Zij tellen hier mee.",
                stand.verzwegen
            ));
        }
        eigen(&mut t, stand);
    }
    t.af().trim_start().to_owned()
}

fn eigen(t: &mut Tekst, stand: &Stand) {
    if stand.eigen.is_empty() {
        t.regel("  Uw organisatie verklaarde hier nog niets over.");
    }
    for e in &stand.eigen {
        t.regel(format!("  Uw verklaring {}: {} vanaf {}", e.volgnummer, e.soort, e.vanaf));
    }
}

fn tekst(t: &mut Tekst, tekst: &Convenanttekst) {
    t.regel(format!("Convenant {}: {}", tekst.convenant, tekst.titel));
    t.regel(format!("  Geldt van {} tot {}", dag(tekst.geldig_vanaf), dag(tekst.geldig_tot)));
    let buiten: Vec<_> = tekst.buiten_convenant.iter().map(ToString::to_string).collect();
    let buiten = if buiten.is_empty() { "niets".to_owned() } else { buiten.join(", ") };
    t.regel(format!("  Erbuiten vallen: {buiten}"));
    let document = tekst.document.map_or_else(|| "geen".to_owned(), |d| d.to_string());
    t.regel(format!("  Document: {document}"));
}

fn periode(t: &mut Tekst, toetreding: &Toetreding) {
    let tot = toetreding.tot.map_or_else(|| "zolang het convenant geldt".to_owned(), |tot| format!("tot {tot}"));
    t.regel(format!("Partij vanaf {}, {tot}", toetreding.vanaf));
    t.regel(format!("Nummer {}, als {}", toetreding.volgnummer, toetreding.functie));
}

/// What a party signs.
pub(super) fn toetreding(toetreding: &Toetreding, staat: Versiestaat, stand: &Stand) -> String {
    let mut t = Tekst::default();
    tekst(&mut t, &toetreding.tekst);
    t.regel(format!("  De regels: versie {} ({staat})", toetreding.afspraken));
    t.kop("Wat uw organisatie eerder verklaarde");
    eigen(&mut t, stand);
    t.kop("U tekent");
    periode(&mut t, toetreding);
    t.af()
}

/// What the covenant manager countersigns.
pub(super) fn meetekenen(toetreding: &Toetreding, houder: Option<&str>) -> String {
    let mut t = Tekst::default();
    t.regel(format!("Organisatie: {} ({})", houder.unwrap_or("zonder naam in het certificaat"), toetreding.partij));
    t.regel("  Haar handtekening klopt, met een certificaat dat nu geldt.");
    tekst(&mut t, &toetreding.tekst);
    t.regel(format!("  De regels: versie {}", toetreding.afspraken));
    periode(&mut t, toetreding);
    t.af()
}

/// What who leaves signs.
pub(super) fn uittreding(uittreding: &Uittreding, stand: &Stand) -> String {
    let mut t = Tekst::default();
    t.regel(format!("Convenant {}", uittreding.convenant));
    eigen(&mut t, stand);
    t.regel(format!("U treedt uit vanaf {} (nummer {}, als {}).", uittreding.vanaf, uittreding.volgnummer, uittreding.functie));
    t.regel("Vanaf dan is het convenant voor u geen grond meer. Wat u eerder kreeg, blijft onder de afspraken van toen.");
    t.af()
}
