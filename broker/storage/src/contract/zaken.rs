//! Cases: who takes part, who is responsible, what the persons concerned allowed.

use inbreng_domain::{
    CasusRef, Oin, PersoonRef, Toestemming,
    vocabulary::{Categorie, Deelname, Doel, Gezag, Toestemmingsgever, Toestemmingsstand},
    zaak::Deelnemer,
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, oin},
};
use crate::{Aanname, StoreError, Zaakgevolg, Zaakstand};

/// What is not there has no facts.
pub async fn an_unknown_case_looks_like_none(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(proef.casus()).af()).await;
    let Zaakstand { bestaat, deelnemers, verantwoordelijk, overgenomen, toestemmingen, feiten, gesloten_op, stand } =
        store.zaakstand(proef.casus()).await.expect("read");
    assert_eq!((bestaat, deelnemers, verantwoordelijk, overgenomen), (false, vec![], None, vec![]));
    assert_eq!((toestemmingen, feiten, gesloten_op, stand), (vec![], vec![], None, 0));
}

/// Every change moves the facts; what changes nothing does not, so that neighbours need not decide again.
pub async fn participation_and_responsibility_move_the_facts(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    let deelnemer = |n, rol| Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(oin(n), rol) };
    let bericht = Bouw::van(&proef, oin(1)).opent(casus).gevolg(deelnemer(1, Deelname::Ja)).gevolg(deelnemer(2, Deelname::Ja));
    aannemen(&*store, &bericht.af()).await;
    let zaak = store.zaakstand(casus).await.expect("read");
    assert!(zaak.bestaat && zaak.stand > 0);
    assert_eq!(gesorteerd(&zaak), [(oin(1), Deelname::Ja), (oin(2), Deelname::Ja)]);
    assert_eq!(zaak.verantwoordelijk, None);

    let mut stand = zaak.stand;
    let mut stap = async |gevolg: Zaakgevolg, beweegt: bool| {
        aannemen(&*store, &Bouw::van(&proef, oin(1)).in_casus(casus).gevolg(gevolg).op_feiten(stand, 0).af()).await;
        let zaak = store.zaakstand(casus).await.expect("read");
        assert_eq!(zaak.stand > stand, beweegt);
        stand = zaak.stand;
        zaak
    };
    stap(deelnemer(2, Deelname::Ja), false).await;
    stap(Zaakgevolg::Openen { casus, door: oin(1) }, false).await;
    let zaak = stap(deelnemer(2, Deelname::Deskundige), true).await;
    assert_eq!(gesorteerd(&zaak), [(oin(1), Deelname::Ja), (oin(2), Deelname::Deskundige)]);
    let zaak = stap(deelnemer(2, Deelname::Nee), true).await;
    assert_eq!(gesorteerd(&zaak), [(oin(1), Deelname::Ja)], "who left takes no part");
    let overdrachten = [(); 4].map(|()| proef.bericht());
    let verantwoordelijk = |n: u32| Zaakgevolg::Verantwoordelijk {
        casus,
        partner: oin(n),
        bericht: proef.bericht(),
        overdracht: overdrachten[usize::try_from(n).expect("few")],
    };
    assert_eq!(stap(verantwoordelijk(1), true).await.verantwoordelijk, Some(oin(1)));
    assert_eq!(stap(verantwoordelijk(1), false).await.verantwoordelijk, Some(oin(1)));
    assert_eq!(stap(verantwoordelijk(3), true).await.verantwoordelijk, Some(oin(3)));
    assert_eq!(store.zaakstand(casus).await.expect("read").overgenomen, [overdrachten[1], overdrachten[3]]);
    // Counted when it moves, not when it stays.
    assert_eq!(store.tellingen().await.expect("read").overgedragen, 2);

    // A message without effects leaves the facts alone, and other cases stay as they were.
    aannemen(&*store, &Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(stand, 0).naar(oin(2)).af()).await;
    assert_eq!(store.zaakstand(casus).await.expect("read").stand, stand);
}

fn gesorteerd(zaak: &Zaakstand) -> Vec<(Oin, Deelname)> {
    zaak.deelnemers.iter().map(|d| (d.partner, d.rol)).collect()
}

/// Nothing happens to a case that nobody opened.
pub async fn an_effect_needs_its_case(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    let deelnemer = Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(oin(2), Deelname::Ja) };
    let bericht = Bouw::van(&proef, oin(1)).in_casus(casus).gevolg(deelnemer).af();
    let mut met_toestemming = Bouw::van(&proef, oin(1)).in_casus(casus).af();
    met_toestemming.toestemmingen.push(toestemming(casus, &met_toestemming, 1, 1, Toestemmingsstand::Gegeven));
    for aanname in [bericht, met_toestemming] {
        let uitslag = store.aannemen(aanname).await;
        assert!(matches!(uitslag, Err(StoreError::Conflict { .. })), "{uitslag:?}");
    }
    assert!(!store.zaakstand(casus).await.expect("read").bestaat);
    assert_eq!(store.hoofd().await.expect("read").0, 0);
}

pub(super) fn toestemming(
    casus: CasusRef,
    in_bericht: &Aanname,
    persoon: u8,
    volgnummer: u32,
    stand: Toestemmingsstand,
) -> Toestemming {
    Toestemming {
        casus,
        persoon: PersoonRef::from_bytes([persoon; 16]),
        stand,
        door: Toestemmingsgever::Betrokkene,
        gezag: None,
        incident_op: None,
        eigenaar: oin(1),
        ontvangers: vec![oin(2)],
        categorieen: vec![Categorie::Medisch],
        doelen: vec![Doel::Beoordelen],
        volgnummer,
        vanaf: in_bericht.bericht.aangenomen_op,
        tot: in_bericht.bericht.aangenomen_op.plus(time::Duration::days(365)),
        geregistreerd_door: in_bericht.bericht.van,
        bericht: in_bericht.bericht.id,
    }
}

/// Per registrar, person, owner and what it is about; an older number that arrives late, or the same number again, changes nothing
/// (R10, R11).
pub async fn of_consent_the_highest_number_counts(plek: &dyn Plek) {
    use Toestemmingsstand::{Gegeven, Geweigerd, Ingetrokken};
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    let mut stand = store.zaakstand(casus).await.expect("read").stand;
    let mut registreren = async |van, persoon, volgnummer, wat| {
        let mut aanname = Bouw::van(&proef, oin(van)).in_casus(casus).op_feiten(stand, 0).af();
        aanname.toestemmingen.push(toestemming(casus, &aanname, persoon, volgnummer, wat));
        aannemen(&*store, &aanname).await;
        let zaak = store.zaakstand(casus).await.expect("read");
        assert!(zaak.stand > stand, "consent is a fact");
        stand = zaak.stand;
        let mut geldend: Vec<_> =
            zaak.toestemmingen.iter().map(|t| (t.geregistreerd_door, t.persoon.as_bytes()[0], t.volgnummer, t.stand)).collect();
        geldend.sort();
        (geldend, zaak.toestemmingen)
    };
    let (geldend, volledig) = registreren(1, 1, 2, Gegeven).await;
    assert_eq!(geldend, [(oin(1), 1, 2, Gegeven)]);
    assert_eq!((&volledig[0].ontvangers, &volledig[0].categorieen), (&vec![oin(2)], &vec![Categorie::Medisch]));
    assert_eq!(registreren(1, 1, 1, Geweigerd).await.0, [(oin(1), 1, 2, Gegeven)], "replayed older statement");
    assert_eq!(registreren(1, 1, 2, Geweigerd).await.0, [(oin(1), 1, 2, Gegeven)], "the number is taken");
    // What a yes took the place of must not come back with its withdrawal, so both stay (R11).
    let beide = [(oin(1), 1, 2, Gegeven), (oin(1), 1, 10, Ingetrokken)];
    assert_eq!(registreren(1, 1, 10, Ingetrokken).await.0, beide);
    assert_eq!(registreren(1, 2, 1, Gegeven).await.0, [beide[0], beide[1], (oin(1), 2, 1, Gegeven)]);
    assert_eq!(registreren(3, 1, 1, Gegeven).await.0.len(), 4, "another registrar speaks for itself");
    // What a newer statement does not speak of, an older one still says (R10).
    let mut elders = Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(stand, 0).af();
    elders.toestemmingen.push(Toestemming { ontvangers: vec![oin(4)], ..toestemming(casus, &elders, 1, 11, Gegeven) });
    aannemen(&*store, &elders).await;
    let van_een = store.zaakstand(casus).await.expect("read").toestemmingen;
    let mut nummers: Vec<_> =
        van_een.iter().filter(|t| t.geregistreerd_door == oin(1) && t.persoon.as_bytes()[0] == 1).map(|t| t.volgnummer).collect();
    nummers.sort_unstable();
    assert_eq!(nummers, [2, 10, 11], "for another recipient");
    // What one speaker said is not put aside by another, whose word may weigh nothing (R26); the person's own word counts for all.
    let spreken = async |volgnummer, door, gezag| {
        let mut aanname =
            Bouw::van(&proef, oin(5)).in_casus(casus).op_feiten(store.zaakstand(casus).await.expect("read").stand, 0).af();
        aanname.toestemmingen.push(Toestemming { door, gezag, ..toestemming(casus, &aanname, 7, volgnummer, Gegeven) });
        aannemen(&*store, &aanname).await;
        let alle = store.zaakstand(casus).await.expect("read").toestemmingen;
        let mut nummers: Vec<_> = alle.iter().filter(|t| t.geregistreerd_door == oin(5)).map(|t| t.volgnummer).collect();
        nummers.sort_unstable();
        nummers
    };
    use Toestemmingsgever::{Betrokkene, Gezaghebbende};
    assert_eq!(spreken(1, Gezaghebbende, Some(Gezag::ZonderVerdachte)).await, [1]);
    assert_eq!(spreken(2, Gezaghebbende, Some(Gezag::AlleenVerdachte)).await, [1, 2]);
    assert_eq!(spreken(3, Gezaghebbende, Some(Gezag::ZonderVerdachte)).await, [2, 3]);
    assert_eq!(spreken(4, Betrokkene, None).await, [4]);
}
