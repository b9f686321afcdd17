//! What every partner may look up: catalogue, covenants, directory, routing.

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_catalogue::{Catalogus, Definitie, Naar, NaarWoord, Van, VanWoord};
use inbreng_domain::{
    Berichttype, GemeenteCode, Oin,
    antwoorden::{
        Aangeslotene, Berichttypen, Berichttypeweergave, Partners, Partnerweergave, Routering, Routeringsregel, Variantweergave,
    },
    terugroep::Bezorgschema,
    vocabulary::Partnertype,
};
use inbreng_proof::{Gids, Partner};

/// The catalogue.
pub(crate) fn berichttypen(catalogus: &Catalogus) -> Berichttypen {
    Berichttypen { berichttypen: catalogus.definities().map(berichttype).collect() }
}

fn berichttype(d: &Definitie) -> Berichttypeweergave {
    Berichttypeweergave {
        berichttype: Berichttype::new(d.naam.clone(), d.versie),
        nummer: d.nummer,
        titel: d.titel.clone(),
        omschrijving: d.omschrijving.clone(),
        varianten: d
            .varianten
            .iter()
            .map(|v| Variantweergave { code: v.code.clone(), omschrijving: v.omschrijving.clone() })
            .collect(),
        van: d.van.iter().map(van).collect(),
        naar: d.naar.iter().map(naar).collect(),
        doelen: d.doelen.clone(),
        categorieen: d.categorieen().into_iter().collect(),
        minimaal_delen: d.delen.minimaal,
        maximaal_delen: d.delen.maximaal,
        grootste_inhoud: d.delen.grootste_inhoud,
        wijze: d.toegang.wijze,
        gebruik: d.toegang.gebruik.clone(),
        antwoord_op: d.antwoord_op.clone(),
    }
}

fn van(van: &Van) -> String {
    match van {
        Van::Partner(p) => p.as_str(),
        Van::Woord(VanWoord::Iedereen) => "iedereen",
        Van::Woord(VanWoord::Ontvanger) => "ontvanger",
        Van::Woord(VanWoord::Deelnemer) => "deelnemer",
        Van::Woord(VanWoord::Casusregisseur) => "casusregisseur",
        Van::Woord(VanWoord::Knooppunt) => "knooppunt",
    }
    .to_owned()
}

fn naar(naar: &Naar) -> String {
    match naar {
        Naar::Soort(s) => s.as_str(),
        Naar::Woord(NaarWoord::Iedereen) => "iedereen",
        Naar::Woord(NaarWoord::Vrager) => "vrager",
        Naar::Woord(NaarWoord::Deelnemer) => "deelnemer",
        Naar::Woord(NaarWoord::Casusregisseur) => "casusregisseur",
        Naar::Woord(NaarWoord::Knooppunt) => "knooppunt",
        Naar::Woord(NaarWoord::Eigenaar) => "eigenaar",
        Naar::Woord(NaarWoord::Houder) => "houder",
    }
    .to_owned()
}

/// The directory.
pub(crate) fn partners(gids: &Gids, schema: impl Fn(Oin) -> Option<Bezorgschema>) -> Partners {
    Partners {
        partners: gids
            .partners()
            .map(|p| Partnerweergave {
                oin: p.vermelding.oin,
                naam: p.vermelding.naam.clone(),
                partnertype: p.vermelding.partnertype,
                gids: p.gids.clone(),
                bezorgschema: schema(p.vermelding.oin),
            })
            .collect(),
    }
}

/// Who fills which role in a municipality: by the routing of the covenants, or else by the directory.
pub(crate) fn routering(gids: &Gids, gemeente: GemeenteCode, route: impl Fn(Partnertype) -> Vec<Oin>) -> Routering {
    let regel = |rol: Partnertype| {
        let mut partners = route(rol);
        if partners.is_empty() {
            partners = gids.rol(rol, Some(gemeente)).into_iter().map(|p| p.vermelding.oin).collect();
        }
        partners.retain(|oin| gids.partner(*oin).is_some());
        partners.sort_unstable();
        partners.dedup();
        (!partners.is_empty()).then_some(Routeringsregel { rol, partners })
    };
    Routering { gemeente, rollen: Partnertype::ALL.iter().copied().filter_map(regel).collect() }
}

/// A partner as the transport needs it; nothing when its certificate cannot be read.
pub(crate) fn aangeslotene(partner: &Partner) -> Option<Aangeslotene> {
    let certificaat = STANDARD.decode(partner.vermelding.certificaten.first()?).ok()?;
    Some(Aangeslotene {
        oin: partner.vermelding.oin,
        naam: partner.vermelding.naam.clone(),
        partnertype: partner.vermelding.partnertype,
        kid: partner.certificaat.thumbprint.clone(),
        certificaat,
        geldig_tot: partner.certificaat.geldig_tot,
    })
}
