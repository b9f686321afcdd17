//! What takes longer for what exists: nothing that a partner that takes no part could measure (R16, R21).

use std::{collections::BTreeMap, time::Instant};

use inbreng_domain::DeelId;

use super::{Toneel, authzen, proeven::proeven, toneel::munten};

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

async fn meten(toneel: &Toneel, metingen: &mut BTreeMap<String, Meting>, embargo: bool) {
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
                if echt { &mut meting.echt } else { &mut meting.niets }.push(begin.elapsed().as_nanos());
            }
        }
        for (n, (echt, niets)) in authzen::paren(toneel).into_iter().enumerate() {
            let meting = metingen.entry(format!("POST /access/v1/evaluation {n}")).or_default();
            let volgorde = if eerst_echt { [(true, echt), (false, niets)] } else { [(false, niets), (true, echt)] };
            for (echt, vraag) in volgorde {
                let begin = Instant::now();
                let _no = authzen::vragen(&toneel.derde, "/access/v1/evaluation", &vraag).await.met_status(200);
                if echt { &mut meting.echt } else { &mut meting.niets }.push(begin.elapsed().as_nanos());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exists_takes_as_long_as_what_does_not() {
    let toneel = Toneel::opbouwen().await;
    for embargo in [false, true] {
        if embargo {
            toneel.embargo().await;
        }
        let mut metingen = BTreeMap::new();
        meten(&toneel, &mut metingen, embargo).await;
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
