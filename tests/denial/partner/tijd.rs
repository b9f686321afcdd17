//! What takes longer for what exists: nothing that a partner that takes no part could measure (R16, R21).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use inbreng_domain::{DeelId, antwoorden::Aannameantwoord, receipts::Ontvangstbewijs};
use inbreng_harness::{Antwoord, Deelnemer};
use inbreng_proof::{jws::unverified_payload, sha256};
use serde_json::{Value, json};

use super::{NIEMANDS, Toneel, authzen, gezien, postvak_gezien, proeven::proeven, toneel::munten};
use crate::document::alle_operaties;

/// Measured below by what they say of oneself, and not of a thing that is named.
const VAN_ZICHZELF: [&str; 8] = [
    "POST /access/v1/evaluation",
    "POST /access/v1/evaluations",
    "GET /logboek/bewijzen/insluiting/{hash}",
    "GET /postvak",
    "GET /plichten",
    "GET /beheer/dode-letters",
    "GET /beheer/strengheid",
    "GET /beheer/noodgebruik",
];

/// What they act on is the covenant's, open to all of its parties, or one's own: there is no case behind it that could show.
const ZONDER_ZAAK: [&str; 8] = [
    "POST /beheer/versies",
    "POST /beheer/versies/{versie}/toets",
    "POST /beheer/versies/{versie}/simulaties",
    "POST /beheer/versies/{versie}/goedkeuringen",
    "POST /beheer/versies/{versie}/intrekking",
    "POST /beheer/convenanten/{convenant}/toetredingen",
    "POST /beheer/convenanten/{convenant}/uittredingen",
    "POST /logboek/nazending",
];

/// "Not found" is answered at a whole number of these.
const MAAT: Duration = Duration::from_millis(20);

/// How often each is measured, on what exists and on what does not, in turn.
const KEREN: usize = 30;

/// By chance alone the share of pairs in which one is slower lies around a half, with a standard deviation of 0.075 at this
/// number of measurements; this is nearly five of them. A further look into the store at each request is slower nearly
/// always, on a busy machine too: both are measured in turn, and only the order counts, not how long.
const GRENS: f64 = 0.36;

#[derive(Default)]
struct Meting {
    echt: Vec<u128>,
    niets: Vec<u128>,
}

impl Meting {
    /// In which share of all pairs what exists took longer (Mann and Whitney 1947); a half when nothing can be told.
    fn aandeel(&self) -> f64 {
        let paren = self.echt.iter().flat_map(|e| self.niets.iter().map(move |n| (e, n)));
        let langer: f64 = paren
            .map(|(e, n)| {
                if e > n {
                    1.0
                } else if e == n {
                    0.5
                } else {
                    0.0
                }
            })
            .sum();
        #[expect(clippy::cast_precision_loss, reason = "counts of some thousands")]
        let alle = (self.echt.len() * self.niets.len()) as f64;
        langer / alle
    }
}

#[test]
fn a_difference_shows() {
    let gelijk = Meting { echt: (0..40).map(|n| n * 7 % 40).collect(), niets: (0..40).collect() };
    assert!((gelijk.aandeel() - 0.5).abs() < 0.01);
    let trager = Meting { echt: (30..70).collect(), niets: (0..40).collect() };
    assert!(trager.aandeel() - 0.5 > GRENS, "{}", trager.aandeel());
}

async fn meten(toneel: &Toneel, ander: &Deelnemer, metingen: &mut BTreeMap<String, Meting>, embargo: bool) {
    for keer in 0..KEREN {
        // Another order each time, so that whatever comes second has no advantage.
        let eerst_echt = keer % 2 == 0;
        for (n, proef) in proeven(toneel).into_iter().enumerate() {
            let Some(niets) = proef.niets else { continue };
            let meting = metingen.entry(format!("{n} {}: {}", proef.operatie, proef.wat)).or_default();
            let volgorde = if eerst_echt { [(true, proef.echt), (false, niets)] } else { [(false, niets), (true, proef.echt)] };
            for (echt, verzoek) in volgorde {
                let begin = Instant::now();
                let antwoord = verzoek.sturen(&toneel.derde).await;
                let duur = begin.elapsed().as_nanos();
                assert!((400..500).contains(&antwoord.status), "{}", antwoord.tekst());
                if echt { &mut meting.echt } else { &mut meting.niets }.push(duur);
            }
        }
        if embargo {
            // Who got a part that is held by now asks for it, and for one that is not there.
            let meting = metingen.entry("POST /delen/{id}/inzage: held".to_owned()).or_default();
            let volgorde = if eerst_echt { [true, false] } else { [false, true] };
            for echt in volgorde {
                let deel = if echt { toneel.inzagedeel() } else { munten(DeelId::mint) };
                let begin = Instant::now();
                let _not_there = toneel.inzien(&toneel.vt, deel).await.met_status(404);
                let duur = begin.elapsed();
                assert!(duur >= MAAT, "answered before the beat: {duur:?}");
                if echt { &mut meting.echt } else { &mut meting.niets }.push(duur.as_nanos());
            }
        }
        for (n, (echt, niets)) in authzen::paren(toneel).into_iter().enumerate() {
            let samen = |vraag: &Value| json!({ "evaluations": [vraag, vraag] });
            for (pad, echt, niets) in
                [("/access/v1/evaluation", echt.clone(), niets.clone()), ("/access/v1/evaluations", samen(&echt), samen(&niets))]
            {
                let meting = metingen.entry(format!("POST {pad} {n}")).or_default();
                let volgorde = if eerst_echt { [(true, &echt), (false, &niets)] } else { [(false, &niets), (true, &echt)] };
                for (echt, vraag) in volgorde {
                    let begin = Instant::now();
                    let _no = authzen::vragen(&toneel.derde, pad, vraag).await.met_status(200);
                    if echt { &mut meting.echt } else { &mut meting.niets }.push(begin.elapsed().as_nanos());
                }
            }
        }
        for Blik { operatie, echt, niets } in blikken(toneel, ander, embargo) {
            let meting = metingen.entry(operatie.to_owned()).or_default();
            let volgorde = if eerst_echt { [(true, echt), (false, niets)] } else { [(false, niets), (true, echt)] };
            let mut beide = Vec::new();
            for (echt, (wie, bereik, pad)) in volgorde {
                let begin = Instant::now();
                let antwoord = wie.ophalen(bereik, &pad).await;
                if echt { &mut meting.echt } else { &mut meting.niets }.push(begin.elapsed().as_nanos());
                beide.push(te_zien(operatie, &antwoord));
            }
            assert_eq!(beide[0], beide[1], "{operatie}");
        }
    }
}

type Vraag<'a> = (&'a Deelnemer, &'static str, String);

/// What someone looks at who could learn of a case by it, and the same where there is none.
struct Blik<'a> {
    operatie: &'static str,
    echt: Vraag<'a>,
    niets: Vraag<'a>,
}

/// `ander` is a partner of whom there is nothing at all.
fn blikken<'a>(toneel: &'a Toneel, ander: &'a Deelnemer, embargo: bool) -> Vec<Blik<'a>> {
    let zelf = |operatie, bereik, pad: &str| Blik {
        operatie,
        echt: (&toneel.derde, bereik, pad.to_owned()),
        niets: (ander, bereik, pad.to_owned()),
    };
    // For who would get what is held, too, there is nothing: not even that it is there.
    let postvak = if embargo { &toneel.vt } else { &toneel.derde };
    let Aannameantwoord { ontvangstbewijs, .. } = serde_json::from_slice(&toneel.aangenomen.inhoud).unwrap();
    let bewijs: Ontvangstbewijs = unverified_payload(&ontvangstbewijs).unwrap();
    let insluiting = |hash| (&toneel.derde, "logboek", format!("/logboek/bewijzen/insluiting/{hash}"));
    vec![
        Blik { echt: (postvak, "postvak", "/postvak?wacht=0".to_owned()), ..zelf("GET /postvak", "postvak", "/postvak?wacht=0") },
        zelf("GET /plichten", "berichten", "/plichten"),
        zelf("GET /beheer/dode-letters", "beheer", "/beheer/dode-letters"),
        zelf("GET /beheer/strengheid", "beheer", "/beheer/strengheid?maand=2026-01"),
        zelf("GET /beheer/noodgebruik", "beheer", "/beheer/noodgebruik?maand=2026-01"),
        // What the digest of a message tells: nothing, as any other number.
        Blik {
            operatie: "GET /logboek/bewijzen/insluiting/{hash}",
            echt: insluiting(bewijs.digest),
            niets: insluiting(sha256(munten(DeelId::mint).to_string().as_bytes())),
        },
    ]
}

fn te_zien(operatie: &str, antwoord: &Antwoord) -> (u16, reqwest::header::HeaderMap, String) {
    if operatie == "GET /postvak" { postvak_gezien(antwoord) } else { gezien(antwoord) }
}

/// Whoever adds an operation says how it is judged: measured on what exists and on what does not, or why there is no such thing.
#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_judged_by_its_time() {
    let toneel = Toneel::opbouwen().await;
    let gemeten: BTreeSet<&str> = proeven(&toneel).iter().filter(|p| p.niets.is_some()).map(|p| p.operatie).collect();
    let apart: BTreeSet<&str> = VAN_ZICHZELF.into_iter().chain(ZONDER_ZAAK).chain(NIEMANDS.iter().copied()).collect();
    assert_eq!(apart.intersection(&gemeten).collect::<Vec<_>>(), Vec::<&&str>::new(), "judged twice");
    let bediend = alle_operaties(&toneel.derde.client).await;
    let bediend: BTreeSet<&str> = bediend.iter().map(|o| o.naam.as_str()).collect();
    let geoordeeld: BTreeSet<&str> = gemeten.union(&apart).copied().collect();
    assert_eq!(geoordeeld, bediend);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exists_takes_as_long_as_what_does_not() {
    let toneel = Toneel::opbouwen().await;
    let ander = Toneel::deelnemer(&toneel.regio, &toneel.hub, "ggz");
    for embargo in [false, true] {
        if embargo {
            toneel.embargo().await;
        }
        let mut metingen = BTreeMap::new();
        meten(&toneel, &ander, &mut metingen, embargo).await;
        assert!(metingen.len() > 30, "{}", metingen.len());
        let mut te_zien = Vec::new();
        for (wat, meting) in &metingen {
            let aandeel = meting.aandeel();
            if (aandeel - 0.5).abs() > GRENS {
                te_zien.push(format!("{wat}: {aandeel:.2}"));
            }
        }
        assert!(te_zien.is_empty(), "embargo {embargo}: {te_zien:#?}");
    }
}
