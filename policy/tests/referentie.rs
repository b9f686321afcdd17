//! A second opinion: a short evaluator that knows no index, no classes and no Casbin, compared on random covenants.
//!
//! It reads the rows of a bundle one by one, as `docs/privacy/README.md` (section 0) says, so that it is also the flat
//! evaluation that the small questions must equal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use inbreng_domain::{
    Digest, Uitkomst,
    vocabulary::{Grondslag, Handeling, Ontvangersoort, Scheiding, Stilgelegd},
};
use inbreng_policy::{Beleid, Bundel, Effect, Namen, Rij, Stap, Verzoek};
use samen::toeval::{self, Toeval};

fn any<T: PartialEq>(list: &[T], value: &T) -> bool {
    list.is_empty() || list.contains(value)
}

fn fits(b: &Bundel, r: &Rij, v: &Verzoek, g: Grondslag, vlag: Option<Scheiding>) -> bool {
    if !any(&r.soorten, &v.soort) || r.behalve_soorten.contains(&v.soort) || !any(&r.categorieen, &v.categorie) {
        return false;
    }
    let c = &r.voorwaarden;
    let emergency = v.noodbesluit.is_ja()
        && v.handeling == Handeling::Ontvangen
        && (b.noodontvangers.iter().any(|p| Ontvangersoort::from(*p) == v.naar)
            // Who directs the case; the audience has no need of it.
            || v.regisseur.is_ja()
                && v.naar != Ontvangersoort::Betrokkene
                && matches!(r.stap, Stap::Grond | Stap::Eigenaar | Stap::Plicht));
    let variant = match &v.variant {
        Some(code) => any(&r.varianten, code) && !r.behalve_varianten.contains(code),
        None => r.varianten.is_empty(),
    };
    let own = r.van_oin.is_none_or(|o| v.van_oin == Some(o)) && r.naar_oin.is_none_or(|o| v.naar_oin == Some(o));
    let flag = c.scheiding.is_empty() || vlag.is_some_and(|f| c.scheiding.contains(&f));
    !(r.wijkt_voor_nood && emergency)
        && variant
        && own
        && flag
        && any(&r.doelen, &v.doel)
        && any(&r.handelingen, &v.handeling)
        && any(&r.van, &v.van)
        && any(&r.naar, &v.naar)
        && any(&r.grondslagen, &g)
        && any(&c.afgeschermd, &v.afgeschermd)
        && any(&c.genoemd, &v.genoemd)
        && any(&c.embargo, &v.embargo)
        && any(&c.van_deelnemer, &v.van_deelnemer)
        && any(&c.naar_deelnemer, &v.naar_deelnemer)
        && any(&c.briefing, &v.briefing)
        && any(&c.ondertekend, &v.ondertekend)
        && any(&c.toestemming, &v.toestemming)
        && any(&c.regisseur, &v.regisseur)
        && any(&c.noodbesluit, &v.noodbesluit)
        && any(&c.eigenaarsbesluit, &v.eigenaarsbesluit)
        && any(&c.noodzaak, &v.noodzaak)
        && any(&c.bevestigd, &v.bevestigd)
}

/// One step; also whether it found the sender to be an outsider.
fn step(b: &Bundel, rows: &[&Rij], stap: Stap, v: &Verzoek, g: Grondslag) -> (Uitkomst, bool) {
    let flags: Vec<Option<Scheiding>> = if stap == Stap::Scheiding && !v.scheiding.is_empty() {
        v.scheiding.iter().copied().map(Some).collect()
    } else {
        vec![None]
    };
    let mut worst = None;
    let mut allowed_everywhere = true;
    let mut allowed_somewhere = false;
    let mut duty = false;
    let mut outsider = false;
    for vlag in flags {
        let mut allowed = false;
        for r in rows.iter().filter(|r| r.stap == stap && fits(b, r, v, g, vlag)) {
            match r.effect {
                Effect::Toelaten => {
                    allowed = true;
                    duty |= !r.verplichtingen.is_empty();
                }
                Effect::Tegenhouden => {
                    worst = worst.max(r.uitkomst.map(Uitkomst::from));
                    outsider |= r.regel.is_some_and(|r| r.nummer() == 16);
                }
            }
        }
        allowed_everywhere &= allowed;
        allowed_somewhere |= allowed;
    }
    if worst.is_none() && allowed_everywhere {
        return (if duty { Uitkomst::ToestaanMetPlicht } else { Uitkomst::Toestaan }, false);
    }
    if worst.is_none() || !allowed_somewhere {
        let own = b
            .standaarden
            .iter()
            .filter(|s| s.stap == stap)
            .filter(|s| s.grondslag.is_none_or(|x| x == g) && s.handeling.is_none_or(|x| x == v.handeling))
            .max_by_key(|s| (s.grondslag.is_some(), s.handeling.is_some()))
            .unwrap();
        worst = worst.max(Some(own.uitkomst.into()));
    }
    (worst.unwrap(), outsider)
}

/// What the covenant says, and behind it the guard on what was done to the part since: frozen waits, corrected and recalled never go.
fn reference(b: &Bundel, v: &Verzoek) -> Uitkomst {
    let guard = match v.stilgelegd {
        None => Uitkomst::Toestaan,
        Some(Stilgelegd::Bevroren) => Uitkomst::Aanhouden,
        Some(Stilgelegd::Verbeterd | Stilgelegd::Teruggenomen) => Uitkomst::Weigeren,
    };
    covenant(b, v).max(guard)
}

fn covenant(b: &Bundel, v: &Verzoek) -> Uitkomst {
    // Read once instead of in every step; nothing else is done ahead.
    let rows: Vec<&Rij> = b.rijen.iter().filter(|r| any(&r.soorten, &v.soort) && any(&r.categorieen, &v.categorie)).collect();
    let (audience, outsider) = step(b, &rows, Stap::Kring, v, Grondslag::Geen);
    if outsider {
        return Uitkomst::Weigeren;
    }
    let grounds = if v.grondslagen.is_empty() { vec![Grondslag::Geen] } else { v.grondslagen.clone() };
    let ground =
        grounds.into_iter().map(|g| step(b, &rows, Stap::Grond, v, g).0.max(step(b, &rows, Stap::Plicht, v, g).0)).min().unwrap();
    [Stap::Scheiding, Stap::Embargo, Stap::Eigenaar]
        .into_iter()
        .map(|s| step(b, &rows, s, v, Grondslag::Geen).0)
        .fold(audience.max(ground), Uitkomst::max)
}

/// Covenants and requests under each: together more than 100,000. This crate is optimised in tests as well, so that it takes
/// seconds.
const COVENANTS: u64 = 25;
const REQUESTS: usize = 4_100;

#[test]
fn the_engine_equals_the_reference_on_random_covenants() {
    let catalogus = samen::catalogus();
    let shipped = samen::bundel(&catalogus);
    let namen = Namen { eigenaar: "A", ontvanger: "B", betrokkene: None };
    let mut outcomes = [0usize; 5];
    for covenant in 0..COVENANTS {
        let mut t = Toeval::met(0xC0FFEE + covenant);
        let mut b = shipped.clone();
        if covenant > 0 {
            // A random region: some lines gone, some of its own.
            b.rijen.retain(|r| r.stap == Stap::Grond && r.effect == Effect::Tegenhouden || !t.kans(12));
            b.rijen.extend((0..40).map(|_| toeval::rij(&mut t, &catalogus)));
            b.rijen.extend((0..10).map(|_| toeval::organisatierij(&mut t, &catalogus)));
        }
        let beleid = Beleid::laden_verleden(b.clone(), Digest::from_bytes([0; 32]), &catalogus).unwrap();
        for n in 0..REQUESTS {
            let mut v = toeval::verzoek(&mut t, &catalogus);
            v.van_oin = toeval::organisatie(&mut t);
            v.naar_oin = toeval::organisatie(&mut t);
            let expected = reference(&b, &v);
            assert_eq!(beleid.uitkomst(&v), expected, "covenant {covenant}, request {n}: {v:?}");
            if n % 16 == 0 {
                assert_eq!(beleid.beslissen(&v, &namen).uitkomst, expected, "covenant {covenant}, request {n}: {v:?}");
            }
            outcomes[expected as usize] += 1;
        }
    }
    assert!(outcomes.iter().all(|n| *n > 20), "the draw must reach every outcome: {outcomes:?}");
    assert!(outcomes.iter().sum::<usize>() >= 100_000);
}
