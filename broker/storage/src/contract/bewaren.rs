//! Terms (R40): what waited too long leaves, evidence ends and the log still holds, references of closed cases end.

use inbreng_domain::{
    Tijdstip,
    vocabulary::{Toegangswijze::Meegeleverd, Toestemmingsstand},
};
use sha2::{Digest as _, Sha256};
use time::Duration;

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, levering, oin},
    logboek::wortel_van,
    zaken::toestemming,
};
use crate::{Aanname, Leveringsbericht, Leveringsstaat, Leveringsuitslag, Store, Verstreken, Zaakgevolg};

const STAP: u32 = 50;

/// A message with a part for two, which wait until then.
fn bericht(proef: &Proef, tot: Tijdstip) -> Aanname {
    let deel = proef.deel();
    let bericht =
        Bouw::van(proef, oin(1)).deel(deel, "verzegeld").geeft(deel, oin(2), Meegeleverd).geeft(deel, oin(3), Meegeleverd);
    let mut bericht = bericht.af();
    bericht.leveringen.iter_mut().for_each(|l| l.bewaren_tot = tot);
    bericht
}

async fn zegt(store: &dyn Store, proef: &Proef, bericht: &Aanname, wie: u32, wat: Leveringsbericht) -> Leveringsuitslag {
    let id = levering(bericht, oin(wie));
    store.leveringsbericht(oin(wie), id, wat, "jws".to_owned(), proef.blad("ontvangst")).await.expect("written")
}

async fn heeft_inhoud(store: &dyn Store, bericht: &Aanname) -> bool {
    store.toegangsdeel(oin(1), bericht.delen[0].id).await.expect("read").expect("there").inhoud.is_some()
}

async fn verlopen(store: &dyn Store, proef: &Proef, nu: Tijdstip) -> Vec<Verstreken> {
    let over = store.verstreken(nu, STAP).await.expect("read");
    let wat = over.iter().map(|v| (v.levering, proef.blad("verlopen"))).collect();
    assert_eq!(store.laten_verlopen(nu, wat).await.expect("written"), over.len() as u64);
    over
}

/// The sender sees it, its recipient gets it no more, and the ciphertext leaves with the last who waited for it.
pub async fn what_nobody_fetches_leaves_after_its_term(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let tot = proef.nu().plus(Duration::days(30));
    let bericht = bericht(&proef, tot);
    aannemen(&*store, &bericht).await;
    assert!(store.verstreken(tot.plus(-Duration::milliseconds(1)), STAP).await.expect("read").is_empty(), "its term is not over");
    zegt(&*store, &proef, &bericht, 2, Leveringsbericht::Ontvangen).await;
    assert!(heeft_inhoud(&*store, &bericht).await);

    let bladen = store.hoofd().await.expect("read").0;
    let over = verlopen(&*store, &proef, tot).await;
    let verwacht = Verstreken {
        levering: levering(&bericht, oin(3)),
        bericht: bericht.bericht.id,
        van: oin(1),
        ontvanger: oin(3),
        bewaren_tot: tot,
        open: true,
    };
    assert_eq!(over, [verwacht]);
    assert_eq!(store.hoofd().await.expect("read").0, bladen + 1, "it is in the log");
    assert!(!heeft_inhoud(&*store, &bericht).await, "nobody waits for it");
    assert!(store.open_leveringen(oin(3), 9).await.expect("read").is_empty());
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("the evidence stays");
    let staten: Vec<_> = status.leveringen.iter().map(|l| l.staat).collect();
    assert_eq!(staten, [Leveringsstaat::Ontvangen, Leveringsstaat::Verlopen]);
    assert_eq!(zegt(&*store, &proef, &bericht, 3, Leveringsbericht::Ontvangen).await, Leveringsuitslag::Afgesloten);
    let tellingen = store.tellingen().await.expect("read");
    assert_eq!((tellingen.open, tellingen.verlopen), (0, 1));

    // Two processes that read the same: the second finds nothing to end.
    let nog_eens = vec![(levering(&bericht, oin(3)), proef.blad("verlopen"))];
    assert_eq!(plek.openen().await.laten_verlopen(tot, nog_eens).await.expect("answer"), 0);
    assert!(store.verstreken(tot, STAP).await.expect("read").is_empty());
}

/// What its recipient refused is not for ever, either: its owner has the term to send it anew to another.
pub async fn what_was_refused_leaves_after_its_term(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let tot = proef.nu().plus(Duration::days(30));
    let bericht = bericht(&proef, tot);
    aannemen(&*store, &bericht).await;
    zegt(&*store, &proef, &bericht, 2, Leveringsbericht::Ontvangen).await;
    let weigering = Leveringsbericht::Geweigerd(inbreng_domain::receipts::Weigeringscode::NietTeOpenen);
    zegt(&*store, &proef, &bericht, 3, weigering).await;
    assert!(heeft_inhoud(&*store, &bericht).await);
    assert!(!verlopen(&*store, &proef, tot).await[0].open);
    assert!(!heeft_inhoud(&*store, &bericht).await);
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("there");
    assert_eq!(status.leveringen[1].staat, Leveringsstaat::Geweigerd, "what it was stays what it was");
}

/// A question that no human answered: its part does not wait for ever. What is held does.
pub async fn what_waits_for_a_later_step_leaves_and_what_is_held_stays(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (vraag, gehouden) = (proef.deel(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1))
        .deel(vraag, "vraag")
        .besluit(Some(vraag), oin(2), inbreng_domain::Uitkomst::Vragen, Some(3))
        .deel(gehouden, "gehouden")
        .houdt_aan(gehouden, oin(2))
        .af();
    aannemen(&*store, &bericht).await;
    let inhoud = async |deel| store.toegangsdeel(oin(1), deel).await.expect("read").expect("there").inhoud.is_some();
    assert!(inhoud(vraag).await && inhoud(gehouden).await);
    let voor = bericht.bericht.aangenomen_op;
    assert_eq!(store.wachtende_delen_wissen(voor.plus(-Duration::milliseconds(1)), STAP).await.expect("answer"), 0);
    assert_eq!(store.wachtende_delen_wissen(voor, STAP).await.expect("written"), 1);
    assert!(!inhoud(vraag).await && inhoud(gehouden).await);
    assert!(store.verstreken(voor.plus(Duration::days(9999)), STAP).await.expect("read").is_empty(), "what is held has no term");
    assert_eq!(store.wachtende_delen_wissen(voor, STAP).await.expect("answer"), 0);
}

async fn snoeien(store: &dyn Store, tot: Tijdstip) -> (u64, u64) {
    let (mut plaats, mut gedaan) = (Some(0), (0, 0));
    while let Some(na) = plaats {
        let stap = store.bewijs_snoeien(tot, na, tot, 2, None).await.expect("written");
        gedaan = (gedaan.0 + stap.berichten, gedaan.1 + stap.bladen);
        plaats = stap.verder;
    }
    gedaan
}

/// Messages, deliveries, decisions and words go; hashes, nodes, heads and proofs stay as they were.
pub async fn evidence_ends_and_every_proof_keeps_holding(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let alle: Vec<_> = (0..5).map(|_| bericht(&proef, super::later())).collect();
    let mut bladen = Vec::new();
    for (nr, bericht) in alle.iter().enumerate() {
        aannemen(&*store, bericht).await;
        bladen.extend(bericht.bladen.iter().map(|b| b.hash));
        // The third waits still: its evidence is not complete.
        if nr != 2 {
            for wie in [2, 3] {
                let (id, blad) = (levering(bericht, oin(wie)), proef.blad("ontvangst"));
                bladen.push(blad.hash);
                store.leveringsbericht(oin(wie), id, Leveringsbericht::Ontvangen, "jws".to_owned(), blad).await.expect("written");
            }
        }
    }
    // What says who partners are stays readable.
    let blijft = proef.blad("vermelding");
    bladen.push(blijft.hash);
    store.bladen_toevoegen(vec![blijft.clone()]).await.expect("written");
    let tot = proef.nu();
    let jong = bericht(&proef, super::later());
    aannemen(&*store, &jong).await;
    bladen.extend(jong.bladen.iter().map(|b| b.hash));
    let (omvang, wortel) = store.hoofd().await.expect("read");
    let bewijs = store.insluitingsbewijs(1, omvang).await.expect("read");
    let heel = store.bladen(0, 99).await.expect("read");

    assert_eq!(snoeien(&*store, tot).await, (4, 13), "four messages; the leaf of each message, and of each word");
    for (nr, bericht) in alle.iter().enumerate() {
        let er_nog = store.status(oin(1), bericht.bericht.id).await.expect("read").is_some();
        assert_eq!(er_nog, nr == 2, "message {nr}");
        assert_eq!(store.deelhouders(bericht.delen[0].id).await.expect("read").is_some(), nr == 2);
    }
    assert!(store.status(oin(1), jong.bericht.id).await.expect("read").is_some());
    assert_eq!(store.besluiten(0, 99).await.expect("read").len(), 4, "of the one that waits, and the young one");
    assert_eq!(store.hoofd().await.expect("read"), (omvang, wortel));
    assert_eq!(wortel, wortel_van(&bladen));
    assert_eq!(store.insluitingsbewijs(1, omvang).await.expect("read"), bewijs);
    assert_eq!(store.bladindex(bladen[1]).await.expect("read"), Some(1), "a leaf is found by its hash");
    let gelezen = store.bladen(0, 99).await.expect("read");
    assert_eq!(gelezen.iter().map(|b| b.hash).collect::<Vec<_>>(), bladen);
    // What their hash is over beside kind and moment is there in the place of the salt.
    for (blad, eerder) in gelezen.iter().zip(&heel).filter(|(blad, _)| blad.is_gesnoeid()) {
        assert_eq!(
            (blad.zout, &blad.soort, blad.tijd),
            (hmac(&eerder.zout, eerder.record.as_bytes()), &eerder.soort, eerder.tijd)
        );
    }
    let gesnoeid: Vec<_> = gelezen.iter().map(crate::Blad::is_gesnoeid).collect();
    assert_eq!(gesnoeid.iter().filter(|g| **g).count(), 13);
    let vermelding = &gelezen[13];
    assert_eq!((&*vermelding.soort.as_str(), &vermelding.record), ("vermelding", &blijft.record));
    assert!(!gelezen[14].is_gesnoeid());
    // Again finds nothing, also after reopening.
    assert_eq!(snoeien(&*plek.openen().await, tot).await, (0, 0));
    assert_eq!(store.tellingen().await.expect("read").gesnoeid, 4);
}

/// The leaf of a sweep comes with the first record that goes, and not where none does.
pub async fn what_empties_a_leaf_says_so_with_it(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let vroeg = proef.nu();
    store.bladen_toevoegen(vec![proef.blad("vermelding"), proef.blad("bericht")]).await.expect("written");
    let (tot, veegblad) = (proef.nu(), proef.blad("opgeruimd"));
    let vegen = async |tot, blad| store.bewijs_snoeien(tot, 0, tot, STAP, blad).await.expect("answer").bladen;
    assert_eq!(vegen(vroeg, Some(veegblad.clone())).await, 0, "nothing is as old");
    assert_eq!(store.hoofd().await.expect("read").0, 2, "and nothing says that it was");
    assert_eq!(vegen(tot, Some(veegblad.clone())).await, 1);
    let bladen = store.bladen(0, 99).await.expect("read");
    let staat: Vec<_> = bladen.iter().map(|b| (b.is_gesnoeid(), b.hash == veegblad.hash)).collect();
    assert_eq!(staat, [(false, false), (true, false), (false, true)]);
    let hashes: Vec<_> = bladen.iter().map(|b| b.hash).collect();
    assert_eq!(store.hoofd().await.expect("read"), (3, wortel_van(&hashes)));
    assert_eq!(vegen(tot, Some(proef.blad("opgeruimd"))).await, 0, "it is gone already");
    assert_eq!(store.hoofd().await.expect("read").0, 3);
}

/// HMAC-SHA-256 under a key of 32 bytes (RFC 2104).
fn hmac(sleutel: &[u8; 32], data: &[u8]) -> [u8; 32] {
    let blok = |met: u8| {
        let mut blok = [met; 64];
        blok.iter_mut().zip(sleutel).for_each(|(b, s)| *b ^= s);
        blok
    };
    let binnen = Sha256::new().chain_update(blok(0x36)).chain_update(data).finalize();
    Sha256::new().chain_update(blok(0x5c)).chain_update(binnen).finalize().into()
}

/// Unknown from then on; what joined cases share counts until the last of them is closed long enough; consent stays with the
/// evidence of what rests on it.
pub async fn the_reference_of_a_closed_case_ends(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, ander) = (proef.casus(), proef.casus());
    let deel = proef.deel();
    let mut opent = Bouw::van(&proef, oin(1)).opent(casus).deel(deel, "x").geeft(deel, oin(2), Meegeleverd).af();
    opent.toestemmingen.push(toestemming(casus, &opent, 1, 1, Toestemmingsstand::Gegeven));
    aannemen(&*store, &opent).await;
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(ander).af()).await;
    let in_zaak = |casus, stand, gevolg| {
        let bouw = Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(stand, 0);
        bouw.gevolg(gevolg).af()
    };
    let stand = async |casus| store.zaakstand(casus).await.expect("read").stand;
    let samen = in_zaak(casus, stand(casus).await, Zaakgevolg::Samenvoegen { casus, met: ander });
    aannemen(&*store, &samen).await;
    let sluit = in_zaak(casus, stand(casus).await, Zaakgevolg::Sluiten { casus });
    aannemen(&*store, &sluit).await;
    let nu = super::later();
    assert_eq!(store.zaken_beeindigen(nu, nu, STAP).await.expect("answer"), 0, "the other is open");
    let sluit = in_zaak(ander, stand(ander).await, Zaakgevolg::Sluiten { casus: ander });
    aannemen(&*store, &sluit).await;
    assert_eq!(store.zaken_beeindigen(nu, nu, STAP).await.expect("answer"), 0, "in one of them something waits");
    zegt(&*store, &proef, &opent, 2, Leveringsbericht::Ontvangen).await;
    assert_eq!(store.zaken_beeindigen(nu, nu, STAP).await.expect("written"), 2);
    for casus in [casus, ander] {
        assert!(!store.zaakstand(casus).await.expect("read").bestaat, "as a case that never was");
    }
    assert_eq!(store.zaken_opruimen(STAP).await.expect("answer"), 0, "evidence stands in them, and so does consent");
    let status = store.status(oin(1), opent.bericht.id).await.expect("read");
    assert!(status.is_some(), "the evidence of the delivery stays");
    snoeien(&*store, nu).await;
    assert_eq!(store.zaken_opruimen(STAP).await.expect("written"), 2);
    assert_eq!(store.tellingen().await.expect("read").zaken_beeindigd, 2);
}

/// A case that nobody closes ends with the last of its messages, and with it those that it was joined with.
pub async fn a_case_that_nobody_closes_ends_with_its_last_message(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, ander, jong) = (proef.casus(), proef.casus(), proef.casus());
    let mut opent = Bouw::van(&proef, oin(1)).opent(casus).af();
    opent.toestemmingen.push(toestemming(casus, &opent, 1, 1, Toestemmingsstand::Gegeven));
    aannemen(&*store, &opent).await;
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(ander).af()).await;
    let eerder = proef.nu();
    let stand = store.zaakstand(casus).await.expect("read").stand;
    let samen = Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(stand, 0);
    aannemen(&*store, &samen.gevolg(Zaakgevolg::Samenvoegen { casus, met: ander }).af()).await;
    let tot = proef.nu();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(jong).af()).await;

    snoeien(&*store, eerder).await;
    assert_eq!(store.zaken_opruimen(STAP).await.expect("answer"), 0);
    assert!(store.zaakstand(ander).await.expect("read").bestaat, "in one of them a message is younger");
    snoeien(&*store, tot).await;
    for (casus, er_nog) in [(casus, false), (ander, false), (jong, true)] {
        assert_eq!(store.zaakstand(casus).await.expect("read").bestaat, er_nog);
    }
    assert_eq!(store.zaken_opruimen(STAP).await.expect("written"), 2, "with consent and all");
}

/// One process at a time; one that died loses the task when its time is over.
pub async fn one_process_sweeps_at_a_time(plek: &dyn Plek) {
    let (een, ander, proef) = (plek.openen().await, plek.openen().await, Proef::default());
    let nu = proef.nu();
    let over = |minuten| nu.plus(Duration::minutes(minuten));
    assert!(een.opruimtaak_nemen("een", nu, over(5)).await.expect("answer"));
    assert!(!ander.opruimtaak_nemen("ander", over(4), over(9)).await.expect("answer"));
    assert!(een.opruimtaak_nemen("een", over(4), over(9)).await.expect("answer"), "it goes on");
    assert!(!ander.opruimtaak_nemen("ander", over(5), over(10)).await.expect("answer"));
    assert!(ander.opruimtaak_nemen("ander", over(9), over(14)).await.expect("answer"));
    assert!(!een.opruimtaak_nemen("een", over(10), over(15)).await.expect("answer"));
}
