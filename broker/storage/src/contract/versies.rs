//! Policy versions: content and history that never change, a plan that moves every decision.

use inbreng_domain::{
    ConvenantId, DeelId, Tijdstip, Uitkomst,
    versie::{Beheerfunctie, Versiestaat, Versiestapsoort},
    vocabulary::{Doel, Toegangswijze},
};
use time::Duration;

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, code, digest, oin},
    inzage::zonder_feiten,
};
use crate::{
    Aannameuitslag, Beleidsgrens, Inzage, Inzagegrens, Inzageuitslag, NieuweVersie, Planregel, Planwijziging, Store, StoreError,
    Versieschrift, Versiestap, Versieuitslag,
};

fn convenant() -> ConvenantId {
    ConvenantId::parse("voorbeeldregio").expect("a covenant")
}

fn versie(n: u32) -> NieuweVersie {
    NieuweVersie {
        versie: digest(&format!("bundel {n}")),
        convenant: convenant(),
        nummer: n,
        tabellen_digest: digest("tabellen"),
        bundel: format!(r#"{{"versie":{n}}}"#),
        tabellen: "[]".to_owned(),
        auteur: Some(oin(1)),
    }
}

fn stap(proef: &Proef, soort: Versiestapsoort, staat: Versiestaat) -> Versiestap {
    Versiestap {
        soort,
        staat,
        tijd: proef.nu(),
        door: Some(oin(1)),
        functie: Some(Beheerfunctie::Fg),
        verklaring: Some("een.ondertekende.handeling".to_owned()),
        uitslag: (soort == Versiestapsoort::Simuleren).then(|| r#"{"bekeken":0}"#.to_owned()),
    }
}

fn schrift(proef: &Proef, versie: &NieuweVersie, verwacht: u32, soort: Versiestapsoort, staat: Versiestaat) -> Versieschrift {
    Versieschrift {
        versie: versie.versie,
        nieuw: (verwacht == 0).then(|| versie.clone()),
        verwacht,
        stap: stap(proef, soort, staat),
        plan: None,
        blad: proef.blad("versie"),
    }
}

fn regel(versie: &NieuweVersie, volgnummer: u32, ingang: Tijdstip) -> Planregel {
    Planregel {
        convenant: convenant(),
        volgnummer,
        versie: versie.versie,
        ingang,
        activering: (volgnummer > 0).then(|| format!("activering-{volgnummer}")),
        bundel: format!("bundel-jws-{}", versie.nummer),
    }
}

async fn plannen(
    store: &dyn Store,
    proef: &Proef,
    versie: &NieuweVersie,
    verwacht: u32,
    wijziging: Planwijziging,
) -> Versieuitslag {
    let mut schrift = schrift(proef, versie, verwacht, Versiestapsoort::Plannen, Versiestaat::Gepland);
    schrift.plan = Some(wijziging);
    store.versie_schrijven(schrift).await.expect("write")
}

/// Who did not see the last step writes nothing; what was written is never changed.
pub async fn a_version_only_grows(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let een = versie(1);
    let indienen = || schrift(&proef, &een, 0, Versiestapsoort::Indienen, Versiestaat::Concept);
    assert_eq!(store.versie(een.versie).await.expect("read"), None);
    assert_eq!(store.versie_schrijven(indienen()).await.expect("write"), Versieuitslag::Vastgelegd(1));
    assert_eq!(store.versie_schrijven(indienen()).await.expect("write"), Versieuitslag::Gewijzigd(1), "it is there");
    let anders = NieuweVersie { tabellen_digest: digest("andere tabellen"), ..een.clone() };
    let met_andere = Versieschrift { nieuw: Some(anders), ..indienen() };
    assert_eq!(store.versie_schrijven(met_andere).await.expect("write"), Versieuitslag::BestaatAnders);
    let onbekend = Versieschrift { nieuw: None, ..schrift(&proef, &versie(9), 1, Versiestapsoort::Testen, Versiestaat::Getest) };
    assert_eq!(store.versie_schrijven(onbekend).await.expect("write"), Versieuitslag::Onbekend);

    let testen = || schrift(&proef, &een, 1, Versiestapsoort::Testen, Versiestaat::Getest);
    assert_eq!(store.versie_schrijven(testen()).await.expect("write"), Versieuitslag::Vastgelegd(2));
    assert_eq!(store.versie_schrijven(testen()).await.expect("write"), Versieuitslag::Gewijzigd(2), "a lost update");
    let twee = versie(2);
    let tweede = schrift(&proef, &twee, 0, Versiestapsoort::Indienen, Versiestaat::Concept);
    assert_eq!(store.versie_schrijven(tweede).await.expect("write"), Versieuitslag::Vastgelegd(1));
    assert_eq!(store.hoofd().await.expect("read").0, 3, "one leaf for each step, none for what was refused");
    drop(store);

    let store = plek.openen().await;
    let (kop, stappen) = store.versie(een.versie).await.expect("read").expect("there");
    assert_eq!((kop.stand, kop.staat, kop.auteur, kop.nummer), (2, Versiestaat::Getest, Some(oin(1)), 1));
    let soorten: Vec<_> = stappen.iter().map(|s| (s.soort, s.staat)).collect();
    assert_eq!(soorten, [(Versiestapsoort::Indienen, Versiestaat::Concept), (Versiestapsoort::Testen, Versiestaat::Getest)]);
    assert_eq!(stappen[0].verklaring.as_deref(), Some("een.ondertekende.handeling"));
    assert_eq!(store.versie_inhoud(een.versie).await.expect("read"), Some(een));
    let alle = store.versies(None).await.expect("read");
    assert_eq!(alle.iter().map(|k| (k.nummer, k.stand)).collect::<Vec<_>>(), [(2, 1), (1, 2)], "newest first");
    let elders = ConvenantId::parse("andere-regio").expect("a covenant");
    assert_eq!(store.versies(Some(elders)).await.expect("read"), []);
    assert_eq!(store.versies(Some(convenant())).await.expect("read"), alle);
}

/// Of many who saw the same step one writes; the others are told.
pub async fn of_equal_steps_on_a_version_one_is_first(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let een = versie(1);
    let indienen = schrift(&proef, &een, 0, Versiestapsoort::Indienen, Versiestaat::Concept);
    assert_eq!(store.versie_schrijven(indienen).await.expect("write"), Versieuitslag::Vastgelegd(1));
    let taken: Vec<_> = (0..20)
        .map(|_| {
            let (store, schrift) = (store.clone(), schrift(&proef, &een, 1, Versiestapsoort::Testen, Versiestaat::Getest));
            tokio::spawn(async move { store.versie_schrijven(schrift).await.expect("write") })
        })
        .collect();
    let mut geschreven = 0;
    for taak in taken {
        match taak.await.expect("task") {
            Versieuitslag::Vastgelegd(2) => geschreven += 1,
            anders => assert_eq!(anders, Versieuitslag::Gewijzigd(2)),
        }
    }
    assert_eq!(geschreven, 1);
}

/// One line in force, one at most to come; numbers only rise; a line whose instant came is not taken out.
pub async fn a_plan_has_one_line_to_come(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (een, twee) = (versie(1), versie(2));
    let begin = Tijdstip::from_unix_millis(1_790_000_000_000);
    // The clock of a store under test stands at this instant.
    let klok = Tijdstip::from_unix_millis(1_795_000_000_000);
    let (morgen, overmorgen) = (klok.plus(Duration::days(1)), klok.plus(Duration::days(2)));
    assert_eq!(store.beleidsplan(klok).await.expect("read"), crate::Beleidsplan::default());
    assert_eq!(store.hoogste_plan(convenant()).await.expect("read"), None);

    let mut eerste = schrift(&proef, &een, 0, Versiestapsoort::Inlezen, Versiestaat::Actief);
    eerste.plan = Some(Planwijziging::Toevoegen(regel(&een, 0, begin)));
    assert_eq!(store.versie_schrijven(eerste).await.expect("write"), Versieuitslag::Vastgelegd(1));
    let indienen = schrift(&proef, &twee, 0, Versiestapsoort::Indienen, Versiestaat::Concept);
    assert_eq!(store.versie_schrijven(indienen).await.expect("write"), Versieuitslag::Vastgelegd(1));
    assert_eq!(store.beleidsstand().await.expect("read"), 1);

    let toevoegen = |n, ingang| Planwijziging::Toevoegen(regel(&twee, n, ingang));
    assert_eq!(plannen(&*store, &proef, &twee, 1, toevoegen(1, morgen)).await, Versieuitslag::Vastgelegd(2));
    assert_eq!(plannen(&*store, &proef, &twee, 2, toevoegen(2, overmorgen)).await, Versieuitslag::PlanBezet, "one to come");
    assert_eq!(plannen(&*store, &proef, &twee, 2, toevoegen(1, overmorgen)).await, Versieuitslag::PlanBezet, "a number used");
    let plan = store.beleidsplan(klok).await.expect("read");
    assert_eq!((plan.stand, plan.regels), (2, vec![regel(&een, 0, begin), regel(&twee, 1, morgen)]));
    let plan = store.beleidsplan(morgen).await.expect("read");
    assert_eq!(plan.regels, [regel(&twee, 1, morgen)], "at its instant it is in force, and alone");

    let intrekken = |n| Planwijziging::Intrekken { convenant: convenant(), volgnummer: n };
    assert_eq!(plannen(&*store, &proef, &twee, 2, intrekken(7)).await, Versieuitslag::PlanBezet, "no such line");
    assert_eq!(plannen(&*store, &proef, &twee, 2, intrekken(1)).await, Versieuitslag::Vastgelegd(3));
    assert_eq!(store.beleidsplan(overmorgen).await.expect("read").regels, [regel(&een, 0, begin)]);
    assert_eq!(store.hoogste_plan(convenant()).await.expect("read"), Some(1), "a number is never used twice");
    assert_eq!(plannen(&*store, &proef, &twee, 3, toevoegen(1, morgen)).await, Versieuitslag::PlanBezet);
    assert_eq!(plannen(&*store, &proef, &twee, 3, toevoegen(2, begin)).await, Versieuitslag::Vastgelegd(4), "in force at once");
    assert_eq!(plannen(&*store, &proef, &twee, 4, intrekken(2)).await, Versieuitslag::PlanBezet, "what was in force, was");
    // A plan of one version is not written under another.
    let mut verkeerd = schrift(&proef, &een, 1, Versiestapsoort::Plannen, Versiestaat::Gepland);
    verkeerd.plan = Some(toevoegen(3, begin));
    assert!(matches!(store.versie_schrijven(verkeerd).await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.beleidsstand().await.expect("read"), 4);
    drop(store);
    assert_eq!(plek.openen().await.beleidsplan(klok).await.expect("read").regels, [regel(&twee, 2, begin)]);
}

/// A message, a refusal and a reading that were decided on another plan, or whose policy has ended, are not recorded.
pub async fn no_decision_is_recorded_under_a_policy_that_ended(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let een = versie(1);
    let klok = Tijdstip::from_unix_millis(1_795_000_000_000);
    let mut eerste = schrift(&proef, &een, 0, Versiestapsoort::Inlezen, Versiestaat::Actief);
    eerste.plan = Some(Planwijziging::Toevoegen(regel(&een, 0, klok)));
    store.versie_schrijven(eerste).await.expect("write");
    let in_kracht = Beleidsgrens { stand: 1, tot: Some(klok.plus(Duration::milliseconds(1))) };

    let deel = proef.deel();
    let mut bericht = Bouw::van(&proef, oin(1)).deel(deel, "jwe").geeft(deel, oin(2), Toegangswijze::Inzage).af();
    bericht.beleid = in_kracht;
    aannemen(&*store, &bericht).await;
    let bladen = store.hoofd().await.expect("read").0;
    for oud in [
        Beleidsgrens { stand: 0, ..in_kracht },
        Beleidsgrens { stand: 2, ..in_kracht },
        Beleidsgrens { tot: Some(klok), ..in_kracht },
        Beleidsgrens { tot: Some(klok.plus(Duration::days(-1))), ..in_kracht },
    ] {
        let mut bericht = Bouw::van(&proef, oin(1)).af();
        bericht.beleid = oud;
        assert_eq!(store.aannemen(bericht).await.expect("write"), Aannameuitslag::Verouderd, "{oud:?}");
        let geweigerd = Bouw::van(&proef, oin(1)).besluit(None, oin(2), Uitkomst::Weigeren, Some(8)).af();
        assert!(!store.besluiten_vastleggen(geweigerd.besluiten, geweigerd.bladen, oud).await.expect("write"), "{oud:?}");
        assert_eq!(lezen(&*store, &proef, deel, oud).await, Inzageuitslag::Verouderd, "{oud:?}");
    }
    assert_eq!(store.hoofd().await.expect("read").0, bladen, "nothing was written");
    assert_eq!(lezen(&*store, &proef, deel, in_kracht).await, Inzageuitslag::Vastgelegd);
    assert_eq!(store.besluiten(0, 9).await.expect("read").len(), 1, "one decision, that of the message");
}

async fn lezen(store: &dyn Store, proef: &Proef, deel: DeelId, beleid: Beleidsgrens) -> Inzageuitslag {
    let inzage = Inzage { deel, ontvanger: oin(2), functie: code("triagist"), doel: Doel::Beoordelen, tijd: proef.nu() };
    let op = Inzagegrens { beleid, ..zonder_feiten() };
    store.inzage(inzage, "nonce".to_owned(), "een.verzoek".to_owned(), proef.blad("inzage"), op).await.expect("write")
}
