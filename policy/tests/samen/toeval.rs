//! Seeded chance: requests and rows drawn from the closed vocabularies.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Code, ConvenantId, Oin, RegelId, TypeNaam,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Scheiding, Stilgelegd, Toestemmingsstand,
    },
};
use inbreng_policy::{Effect, Handhaving, Laag, Plicht, Rij, Stap, Verzoek, Voorwaarden};

pub use super::mutaties::Toeval;

/// A request; half of the time close to what a type allows, so that not everything is refused for trivial reasons.
pub fn verzoek(t: &mut Toeval, catalogus: &Catalogus) -> Verzoek {
    let types: Vec<_> = catalogus.definities().collect();
    let d = types[t.getal(types.len())];
    let near = t.kans(2);
    let regel = &d.delen.regels[t.getal(d.delen.regels.len())];
    let pick = |t: &mut Toeval, near: bool| near && !t.kans(6);
    let categorie = if pick(t, near) { t.kies(&regel.categorieen) } else { t.kies(Categorie::ALL) };
    let doel = if pick(t, near) { t.kies(&d.doelen) } else { t.kies(Doel::ALL) };
    let mut v = Verzoek::strengste(
        ConvenantId::parse("voorbeeldregio").unwrap(),
        d.naam.clone(),
        (t.kies(Ontvangersoort::ALL), t.kies(Ontvangersoort::ALL)),
        categorie,
        doel,
        if near { Handeling::Ontvangen } else { t.kies(Handeling::ALL) },
    );
    if !d.varianten.is_empty() && t.kans(2) {
        v.variant = Some(d.varianten[t.getal(d.varianten.len())].code.clone());
    }
    v.grondslagen = if pick(t, near) { vec![t.kies(&regel.grondslagen)] } else { t.enige(Grondslag::ALL) };
    v.toestemming = t.kies(Toestemmingsstand::ALL);
    v.ondertekend = if near { Ondertekend::Beide } else { t.kies(Ondertekend::ALL) };
    v.van_deelnemer = if near { Deelname::Ja } else { t.kies(Deelname::ALL) };
    v.naar_deelnemer = if near { Deelname::Ja } else { t.kies(Deelname::ALL) };
    v.regisseur = t.kies(JaNee::ALL);
    v.noodbesluit = t.kies(JaNee::ALL);
    v.noodzaak = t.kies(Noodzaak::ALL);
    v.embargo = if near { JaNee::Nee } else { t.kies(JaNee::ALL) };
    v.scheiding = t.enige(Scheiding::ALL);
    v.eigenaarsbesluit = t.kies(Eigenaarsbesluit::ALL);
    v.genoemd = t.kies(JaNee::ALL);
    v.afgeschermd = t.kies(JaNee::ALL);
    v.briefing = t.kies(JaNee::ALL);
    v.stilgelegd = t.kans(8).then(|| t.kies(Stilgelegd::ALL));
    v.bevestigd = if near { JaNee::Ja } else { t.kies(JaNee::ALL) };
    v
}

/// A row that a bundle may hold.
pub fn rij(t: &mut Toeval, catalogus: &Catalogus) -> Rij {
    let types: Vec<TypeNaam> = catalogus.definities().map(|d| d.naam.clone()).collect();
    let stap = t.kies(&Stap::ALL);
    let effect = if t.kans(2) { Effect::Tegenhouden } else { Effect::Toelaten };
    let grounds: Vec<Grondslag> = Grondslag::ALL
        .iter()
        .copied()
        .filter(|g| effect == Effect::Tegenhouden || matches!(g, Grondslag::Toestemming | Grondslag::DoorbrekenBeroepsgeheim))
        .collect();
    let mut grondslagen = if matches!(stap, Stap::Grond | Stap::Plicht) { t.enige(&grounds) } else { Vec::new() };
    if stap == Stap::Grond && effect == Effect::Toelaten && grondslagen.is_empty() {
        grondslagen.push(Grondslag::Toestemming);
    }
    // Rules that have a sentence for every outcome that is drawn here.
    let rule = |n| Some(RegelId::new(n).unwrap());
    let (regel, uitkomst, verplichtingen) = match effect {
        Effect::Tegenhouden => {
            (rule(7), Some(t.kies(&[Handhaving::Vragen, Handhaving::Aanhouden, Handhaving::Weigeren])), vec![])
        }
        Effect::Toelaten => {
            let duty = Plicht { soort: Code::parse("proefplicht").unwrap(), regel: RegelId::new(3).unwrap(), werkdagen: None };
            (rule(10), None, if t.kans(3) { vec![duty] } else { vec![] })
        }
    };
    let soorten = t.enige(&types);
    let behalve_soorten = if soorten.is_empty() && t.kans(3) { t.enige(&types) } else { Vec::new() };
    Rij {
        laag: Laag::Convenant,
        stap,
        effect,
        regel,
        uitkomst,
        verplichtingen,
        soorten,
        behalve_soorten,
        varianten: Vec::new(),
        behalve_varianten: Vec::new(),
        categorieen: t.enige(Categorie::ALL),
        doelen: if t.kans(4) { t.enige(Doel::ALL) } else { Vec::new() },
        handelingen: t.enige(Handeling::ALL),
        van: t.enige(Ontvangersoort::ALL),
        naar: t.enige(Ontvangersoort::ALL),
        grondslagen,
        van_oin: None,
        naar_oin: None,
        voorwaarden: voorwaarden(t, stap),
        wijkt_voor_nood: effect == Effect::Tegenhouden && t.kans(2),
        toelichting: Some("een rij van de proef".to_owned()),
    }
}

/// One of three organisations, or none.
pub fn organisatie(t: &mut Toeval) -> Option<Oin> {
    let n = t.getal(4);
    (n > 0).then(|| Oin::parse(&format!("0000000100000000090{n}")).unwrap())
}

/// A row of one organisation about what it gives or takes.
pub fn organisatierij(t: &mut Toeval, catalogus: &Catalogus) -> Rij {
    loop {
        let row = rij(t, catalogus);
        let Some(oin) = organisatie(t).filter(|_| row.effect == Effect::Tegenhouden) else { continue };
        let gives = t.kans(2);
        return Rij { laag: Laag::Organisatie, van_oin: gives.then_some(oin), naar_oin: (!gives).then_some(oin), ..row };
    }
}

fn voorwaarden(t: &mut Toeval, stap: Stap) -> Voorwaarden {
    let mut v = Voorwaarden::GEEN;
    match stap {
        Stap::Scheiding => {
            v.scheiding = t.enige(Scheiding::ALL);
            v.afgeschermd = t.enige(JaNee::ALL);
            v.genoemd = t.enige(JaNee::ALL);
        }
        Stap::Embargo => v.embargo = t.enige(JaNee::ALL),
        Stap::Kring => {
            v.van_deelnemer = t.enige(Deelname::ALL);
            v.naar_deelnemer = t.enige(Deelname::ALL);
            v.briefing = t.enige(JaNee::ALL);
            v.noodbesluit = t.enige(JaNee::ALL);
        }
        Stap::Grond => {
            v.ondertekend = t.enige(Ondertekend::ALL);
            v.toestemming = t.enige(Toestemmingsstand::ALL);
            v.regisseur = t.enige(JaNee::ALL);
            v.noodbesluit = t.enige(JaNee::ALL);
        }
        Stap::Eigenaar => {
            v.eigenaarsbesluit = t.enige(Eigenaarsbesluit::ALL);
            v.toestemming = t.enige(Toestemmingsstand::ALL);
            v.regisseur = t.enige(JaNee::ALL);
            v.noodbesluit = t.enige(JaNee::ALL);
        }
        Stap::Plicht => {
            v.noodzaak = t.enige(Noodzaak::ALL);
            v.bevestigd = t.enige(JaNee::ALL);
            v.eigenaarsbesluit = t.enige(Eigenaarsbesluit::ALL);
        }
    }
    v
}
