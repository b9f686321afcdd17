//! Bringing deliveries: what is due, who takes it, in which order, and what stops it.

use inbreng_domain::{
    CasusRef, LeveringId, Tijdstip,
    terugroep::{Bezorggrens, Bezorgreden},
    vocabulary::Urgentie::{self, Acuut, Normaal},
};
use time::Duration;

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, levering, oin},
};
use crate::{Afronding, Doodsoorzaak, Genomen, Greep, Leveringsbericht, Pogingsuitslag, Store, Terugroepregel, Terugroepuitslag};

const BEGIN: i64 = 1_796_000_000_000;

fn op(seconden: i64) -> Tijdstip {
    Tijdstip::from_unix_millis(BEGIN).plus(Duration::seconds(seconden))
}

async fn terugroep(store: &dyn Store, proef: &Proef, wie: u32, volgnummer: u32, actief: bool) -> Terugroepuitslag {
    let record = format!(r#"{{"verklaring":"{wie}-{volgnummer}"}}"#);
    let regel = Terugroepregel { oin: oin(wie), volgnummer, actief, record };
    store.terugroep_plaatsen(regel, proef.blad("terugroep")).await.expect("write")
}

/// A message of partner 1 to partner 2, in this case and lane; gives its delivery.
async fn bericht(store: &dyn Store, proef: &Proef, casus: Option<CasusRef>, baan: Urgentie) -> LeveringId {
    let mut bouw = Bouw::van(proef, oin(1));
    if let Some(casus) = casus {
        let stand = store.zaakstand(casus).await.expect("read");
        bouw = if stand.bestaat { bouw.in_casus(casus).op_feiten(stand.stand, 0) } else { bouw.opent(casus) };
    }
    if baan == Acuut {
        bouw = bouw.acuut();
    }
    let bericht = bouw.naar(oin(2)).af();
    aannemen(store, &bericht).await;
    levering(&bericht, oin(2))
}

async fn nemen(store: &dyn Store, baan: Urgentie, hoogstens: u32, nu: i64) -> Vec<Genomen> {
    let greep = Greep { ontvanger: oin(2), baan, hoogstens, nu: op(nu), tot: op(nu + 30) };
    store.bezorging_nemen(greep).await.expect("write")
}

fn ids(genomen: &[Genomen]) -> Vec<LeveringId> {
    genomen.iter().map(|g| g.levering).collect()
}

async fn eindigt(store: &dyn Store, levering: LeveringId, poging: Option<u32>, nu: i64, uitslag: Pogingsuitslag) -> bool {
    let afronding = Afronding { ontvanger: oin(2), levering, poging, nu: op(nu), uitslag };
    store.bezorging_afronden(afronding).await.expect("write")
}

fn opnieuw(om: i64) -> Pogingsuitslag {
    Pogingsuitslag::Opnieuw { op: op(om), reden: Bezorgreden::Storing, status: Some(503) }
}

fn dood(proef: &Proef) -> Pogingsuitslag {
    Pogingsuitslag::Dood(Doodsoorzaak {
        reden: Bezorgreden::TeTraag,
        status: None,
        grens: Bezorggrens::Pogingen,
        blad: proef.blad("dode-letter"),
    })
}

/// The highest number stands; who repeats itself changes nothing.
pub async fn of_callbacks_the_highest_number_stands(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert!(store.terugroepen().await.expect("read").is_empty());
    assert_eq!(terugroep(&*store, &proef, 2, 3, true).await, Terugroepuitslag::Geplaatst);
    assert_eq!(terugroep(&*store, &proef, 2, 3, true).await, Terugroepuitslag::AlGeplaatst);
    let anders = Terugroepregel { oin: oin(2), volgnummer: 3, actief: false, record: "{}".to_owned() };
    let uitslag = store.terugroep_plaatsen(anders, proef.blad("terugroep")).await.expect("write");
    assert_eq!(uitslag, Terugroepuitslag::Bezet, "another statement under the same number");
    assert_eq!(terugroep(&*store, &proef, 2, 2, true).await, Terugroepuitslag::Bezet);
    assert_eq!(terugroep(&*store, &proef, 3, 1, true).await, Terugroepuitslag::Geplaatst);
    assert_eq!(terugroep(&*store, &proef, 2, 4, false).await, Terugroepuitslag::Geplaatst);
    assert_eq!(store.hoofd().await.expect("read").0, 3, "a leaf for each that was placed");
    drop(store);
    let staan = plek.openen().await.terugroepen().await.expect("read");
    let kort: Vec<_> = staan.iter().map(|r| (r.oin, r.volgnummer, r.actief)).collect();
    assert_eq!(kort, [(oin(2), 4, false), (oin(3), 1, true)]);
}

/// Open deliveries come in when a callback is registered, and go out with it; without one nothing is due.
pub async fn with_a_callback_what_is_open_is_due(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let eerder = bericht(&*store, &proef, None, Normaal).await;
    assert!(nemen(&*store, Normaal, 9, 0).await.is_empty(), "no callback");
    terugroep(&*store, &proef, 2, 1, true).await;
    let later = bericht(&*store, &proef, None, Normaal).await;
    let acuut = bericht(&*store, &proef, None, Acuut).await;
    assert_eq!(ids(&nemen(&*store, Acuut, 9, 0).await), [acuut]);
    let genomen = nemen(&*store, Normaal, 9, 0).await;
    assert_eq!(ids(&genomen), [eerder, later], "in order of acceptance");
    assert!(genomen.iter().all(|g| g.poging == 1 && g.vorige.is_none() && g.omvang > 0));
    terugroep(&*store, &proef, 2, 2, false).await;
    assert!(nemen(&*store, Normaal, 9, 100).await.is_empty());
    assert!(!eindigt(&*store, eerder, Some(1), 1, Pogingsuitslag::Bezorgd).await, "nobody brings it any more");
    bericht(&*store, &proef, None, Normaal).await;
    assert!(nemen(&*store, Normaal, 9, 100).await.is_empty());
    assert_eq!(store.open_leveringen(oin(2), 9).await.expect("read").len(), 4, "all of them can be fetched");
}

/// What one process has taken no other takes, until its time is over: then it is an attempt that broke off.
pub async fn what_is_taken_is_taken_once_until_its_time_is_over(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let id = bericht(&*store, &proef, None, Normaal).await;
    let ander = plek.openen().await;
    let (a, b) = tokio::join!(nemen(&*store, Normaal, 9, 0), nemen(&*ander, Normaal, 9, 0));
    assert_eq!(a.len() + b.len(), 1);
    assert!(nemen(&*ander, Normaal, 9, 29).await.is_empty());
    assert_eq!(store.volgende_bezorging(oin(2), op(1)).await.expect("read"), Some(op(30)));
    let weer = nemen(&*ander, Normaal, 9, 30).await;
    assert_eq!((weer[0].levering, weer[0].poging, weer[0].vorige), (id, 2, Some(Bezorgreden::Afgebroken)));
    assert!(!eindigt(&*store, id, Some(1), 31, Pogingsuitslag::Bezorgd).await, "the first comes too late");
    assert!(eindigt(&*ander, id, Some(2), 31, Pogingsuitslag::Bezorgd).await);
    assert!(!eindigt(&*ander, id, Some(2), 31, Pogingsuitslag::Bezorgd).await);
    assert!(nemen(&*store, Normaal, 9, 1_000).await.is_empty(), "taken is not tried again");
    assert_eq!(store.open_leveringen(oin(2), 9).await.expect("read").len(), 1, "only a receipt ends it");
}

/// Of one case and lane one at a time, in order; other cases and the other lane go on.
pub async fn a_case_comes_in_order_and_holds_up_no_other(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let (een, ander) = (proef.casus(), proef.casus());
    let eerste = bericht(&*store, &proef, Some(een), Normaal).await;
    let tweede = bericht(&*store, &proef, Some(een), Normaal).await;
    let derde = bericht(&*store, &proef, Some(een), Normaal).await;
    let elders = bericht(&*store, &proef, Some(ander), Normaal).await;
    let acuut = bericht(&*store, &proef, Some(een), Acuut).await;
    let wachtend = async |nu| {
        let wachtend = store.wachtende_bezorgingen(op(nu)).await.expect("read");
        assert!(wachtend.iter().all(|w| w.ontvanger == oin(2)));
        wachtend.iter().map(|w| (w.baan, w.levering)).collect::<Vec<_>>()
    };
    assert_eq!(wachtend(0).await, [(Acuut, acuut), (Normaal, eerste)], "one for each lane, however much waits");
    assert_eq!(ids(&nemen(&*store, Normaal, 9, 0).await), [eerste, elders]);
    assert_eq!(wachtend(0).await, [(Acuut, acuut)], "somebody is at the others");
    assert_eq!(ids(&nemen(&*store, Acuut, 9, 0).await), [acuut], "the acute lane waits for nobody");
    assert!(wachtend(29).await.is_empty());
    assert_eq!(wachtend(30).await, [(Acuut, acuut), (Normaal, eerste)], "who took them never said more");
    assert!(eindigt(&*store, eerste, Some(1), 1, opnieuw(60)).await);
    assert!(nemen(&*store, Normaal, 9, 59).await.iter().all(|g| g.levering == elders), "what fails is waited for");
    let weer = nemen(&*store, Normaal, 9, 60).await;
    assert_eq!((ids(&weer), weer[0].vorige), (vec![eerste], Some(Bezorgreden::Storing)));
    assert!(eindigt(&*store, eerste, Some(2), 61, Pogingsuitslag::Bezorgd).await);
    assert_eq!(ids(&nemen(&*store, Normaal, 1, 61).await), [tweede]);
    assert!(eindigt(&*store, tweede, Some(1), 62, dood(&proef)).await);
    assert_eq!(ids(&nemen(&*store, Normaal, 1, 62).await), [derde], "a dead letter holds up nobody");
    // Again: it stands before what came later, as soon as that is not under way.
    let wie = store.herbezorgen(oin(1), tweede, op(63), proef.blad("herbezorging")).await.expect("write");
    assert_eq!(wie, Some(oin(2)));
    assert!(eindigt(&*store, derde, Some(1), 64, opnieuw(65)).await);
    assert_eq!(ids(&nemen(&*store, Normaal, 9, 200).await), [tweede, elders]);
}

/// What ends is brought no more, whoever ended it.
pub async fn what_has_ended_is_not_brought(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let casus = proef.casus();
    let eerste = bericht(&*store, &proef, Some(casus), Normaal).await;
    let tweede = bericht(&*store, &proef, Some(casus), Normaal).await;
    assert!(store.te_bezorgen(oin(2), eerste).await.expect("read").is_some());
    assert!(store.te_bezorgen(oin(3), eerste).await.expect("read").is_none(), "not its recipient");
    let ontvangen = |id: LeveringId| {
        let blad = proef.blad("ontvangst");
        store.leveringsbericht(oin(2), id, Leveringsbericht::Ontvangen, "een.ondertekend.woord".to_owned(), blad)
    };
    ontvangen(eerste).await.expect("write");
    assert!(store.te_bezorgen(oin(2), eerste).await.expect("read").is_none());
    assert_eq!(ids(&nemen(&*store, Normaal, 9, 0).await), [tweede], "the next in line is due");
    ontvangen(tweede).await.expect("write");
    assert!(!eindigt(&*store, tweede, Some(1), 1, dood(&proef)).await, "signed for while it was on its way");
    assert!(store.dode_letters(oin(1), None, 9).await.expect("read").is_empty());
    assert!(nemen(&*store, Normaal, 9, 1_000).await.is_empty());
}

/// An attempt that was not made does not count.
pub async fn an_attempt_that_was_not_made_does_not_count(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let id = bericht(&*store, &proef, None, Normaal).await;
    assert_eq!(nemen(&*store, Normaal, 9, 0).await[0].poging, 1);
    assert!(eindigt(&*store, id, Some(1), 1, Pogingsuitslag::NietGedaan { op: op(5) }).await);
    assert!(nemen(&*store, Normaal, 9, 4).await.is_empty());
    assert_eq!(nemen(&*store, Normaal, 9, 5).await[0].poging, 1);
}

/// A recipient that is back gets at once what waited for its next attempt; what is under way stays with whoever has it, unless a clock
/// that ran ahead has it for hours.
pub async fn who_is_back_is_not_kept_waiting(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let wacht = bericht(&*store, &proef, None, Normaal).await;
    nemen(&*store, Normaal, 9, 0).await;
    eindigt(&*store, wacht, Some(1), 1, opnieuw(3_600)).await;
    let bezig = bericht(&*store, &proef, None, Normaal).await;
    assert_eq!(ids(&nemen(&*store, Normaal, 9, 2).await), [bezig]);
    store.bezorging_versnellen(oin(2), op(3)).await.expect("write");
    assert_eq!(ids(&nemen(&*store, Normaal, 9, 3).await), [wacht]);
    let vooruit = bericht(&*store, &proef, None, Normaal).await;
    assert!(ids(&nemen(&*store, Normaal, 9, 7_200).await).contains(&vooruit));
    assert!(nemen(&*store, Normaal, 9, 4).await.is_empty());
    store.bezorging_versnellen(oin(2), op(4)).await.expect("write");
    assert!(ids(&nemen(&*store, Normaal, 9, 4).await).contains(&vooruit), "the clock was set back");
}

/// The final age counts from when it was first seen, for what waits behind another too, and for what was taken and never
/// signed for; what is under way is left alone.
pub async fn what_is_too_old_is_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let casus = proef.casus();
    let eerste = bericht(&*store, &proef, Some(casus), Normaal).await;
    let tweede = bericht(&*store, &proef, Some(casus), Normaal).await;
    let verlopen = async |voor, nu| store.verlopen_bezorgingen(oin(2), op(voor), op(nu), 9).await.expect("read");
    assert!(verlopen(-60, 0).await.is_empty(), "seen now");
    assert_eq!(verlopen(0, 60).await.len(), 2);
    nemen(&*store, Normaal, 9, 60).await;
    assert_eq!(verlopen(0, 61).await.iter().map(|v| v.levering).collect::<Vec<_>>(), [tweede], "the first is under way");
    assert!(!eindigt(&*store, eerste, None, 61, dood(&proef)).await);
    eindigt(&*store, eerste, Some(1), 62, Pogingsuitslag::Bezorgd).await;
    let alle = verlopen(0, 63).await;
    assert_eq!(alle.iter().filter(|v| v.bezorgd).map(|v| v.levering).collect::<Vec<_>>(), [eerste]);
    for een in &alle {
        assert!(eindigt(&*store, een.levering, None, 64, dood(&proef)).await);
    }
    assert!(verlopen(1_000, 1_000).await.is_empty());
}

/// Dead letters are for who sent them and who should have got them; one of them has it brought again, once.
pub async fn dead_letters_are_for_sender_and_recipient(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let mut gestorven = Vec::new();
    for _ in 0..3 {
        let id = bericht(&*store, &proef, None, Normaal).await;
        nemen(&*store, Normaal, 9, 0).await;
        assert!(eindigt(&*store, id, Some(1), 1, dood(&proef)).await);
        gestorven.push(id);
    }
    let bladen = store.hoofd().await.expect("read").0;
    for wie in [1, 2] {
        let letters = store.dode_letters(oin(wie), None, 2).await.expect("read");
        assert_eq!(letters.iter().map(|l| l.levering).collect::<Vec<_>>(), gestorven[..2]);
        let rest = store.dode_letters(oin(wie), Some(gestorven[1]), 2).await.expect("read");
        assert_eq!(rest.iter().map(|l| l.levering).collect::<Vec<_>>(), gestorven[2..]);
        let eerste = &letters[0];
        assert_eq!((eerste.van, eerste.ontvanger, eerste.pogingen), (oin(1), oin(2), 1));
        assert_eq!((eerste.reden, eerste.grens, eerste.dood_op), (Bezorgreden::TeTraag, Bezorggrens::Pogingen, op(1)));
    }
    assert!(store.dode_letters(oin(3), None, 9).await.expect("read").is_empty());
    assert_eq!(store.tellingen().await.expect("read").dode_letters, 3);
    let weer = |wie, id| store.herbezorgen(oin(wie), id, op(2), proef.blad("herbezorging"));
    assert_eq!(weer(3, gestorven[0]).await.expect("write"), None, "not a third");
    assert_eq!(weer(2, gestorven[0]).await.expect("write"), Some(oin(2)));
    assert_eq!(weer(1, gestorven[0]).await.expect("write"), None, "it is none any more");
    assert_eq!(store.hoofd().await.expect("read").0, bladen + 1);
    let genomen = nemen(&*store, Normaal, 9, 2).await;
    assert_eq!((genomen[0].levering, genomen[0].poging, genomen[0].vorige), (gestorven[0], 1, None), "as if it were new");
    // A receipt by another way ends a dead letter too.
    let blad = proef.blad("ontvangst");
    let woord = "een.ondertekend.woord".to_owned();
    store.leveringsbericht(oin(2), gestorven[1], Leveringsbericht::Ontvangen, woord, blad).await.expect("write");
    assert_eq!(store.dode_letters(oin(1), None, 9).await.expect("read").len(), 1);
}

/// The sender sees how it goes.
pub async fn a_sender_sees_how_bringing_goes(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    terugroep(&*store, &proef, 2, 1, true).await;
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).naar(oin(3)).af();
    aannemen(&*store, &bericht).await;
    let id = levering(&bericht, oin(2));
    let stand = async || {
        let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("its sender");
        assert!(status.leveringen[1].bezorging.is_none(), "who fetches is not brought to");
        status.leveringen[0].bezorging.clone()
    };
    assert_eq!(stand().await.expect("brought").pogingen, 0);
    nemen(&*store, Normaal, 9, 0).await;
    eindigt(&*store, id, Some(1), 1, opnieuw(60)).await;
    let wacht = stand().await.expect("brought");
    assert_eq!((wacht.pogingen, wacht.reden, wacht.laatste_poging), (1, Some(Bezorgreden::Storing), Some(op(0))));
    assert_eq!((wacht.volgende_poging, wacht.bezorgd_op, wacht.dood_op), (Some(op(60)), None, None));
    nemen(&*store, Normaal, 9, 60).await;
    eindigt(&*store, id, Some(2), 61, Pogingsuitslag::Bezorgd).await;
    let bezorgd = stand().await.expect("brought");
    assert_eq!((bezorgd.bezorgd_op, bezorgd.reden, bezorgd.volgende_poging), (Some(op(61)), None, None));
}
