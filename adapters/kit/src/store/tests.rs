//! The store: order, exactly-once taking, survival of a restart, pins that never go back.

use std::collections::BTreeSet;

use inbreng_domain::{
    BerichtId, CasusRef, Code, DeelId, Digest, LeveringId, PersoonRef, TypeNaam, receipts::Weigeringscode, vocabulary::Urgentie,
};
use inbreng_proof::SystemRandomness;
use tempfile::TempDir;
use time::Duration;

use super::*;
use crate::testsleutels::{GGZ, VEILIG_THUIS, nu, oin};

struct Proef {
    map: TempDir,
    opslag: Opslag,
    soort: TypeNaam,
}

impl Proef {
    async fn nieuw() -> Self {
        let map = tempfile::tempdir().unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.db")).await.unwrap();
        Self { map, opslag, soort: TypeNaam::parse("incidentmelding").unwrap() }
    }

    /// As after `kill -9`: nothing is closed, the file is opened again.
    async fn opnieuw(self) -> Self {
        let opslag = Opslag::openen(&self.map.path().join("adapter.db")).await.unwrap();
        Self { opslag, ..self }
    }

    async fn zenden(&self, kenmerk: &str, zaak: &str, baan: Urgentie) -> BerichtId {
        let bericht = BerichtId::mint(nu(), &SystemRandomness);
        let nieuw = NieuweZending {
            kenmerk,
            vingerafdruk: "x",
            bericht,
            zaak,
            baan,
            soort: &self.soort,
            voorbereiding: "{}",
            waarschuwingen: "[]",
            nu: nu(),
        };
        let mut tx = self.opslag.begin().await.unwrap();
        tx.zending_aannemen(&nieuw).await.unwrap();
        tx.vastleggen().await.unwrap();
        bericht
    }

    /// What is acute, then the rest.
    async fn beurt(&self) -> Vec<String> {
        let mut beurt = self.opslag.aan_de_beurt(nu(), Urgentie::Acuut, &[], 10).await.unwrap();
        beurt.extend(self.opslag.aan_de_beurt(nu(), Urgentie::Normaal, &[], 10).await.unwrap());
        beurt.into_iter().map(|z| z.kenmerk).collect()
    }

    async fn krijgen(&self, zaak: &str, baan: Urgentie) -> LeveringId {
        let levering = LeveringId::mint(nu(), &SystemRandomness);
        assert!(self.opnemen(levering, zaak, baan).await);
        levering
    }

    async fn opnemen(&self, levering: LeveringId, zaak: &str, baan: Urgentie) -> bool {
        let mut tx = self.opslag.begin().await.unwrap();
        let nieuw = Nieuwkomer {
            levering,
            bericht: BerichtId::mint(nu(), &SystemRandomness),
            zaak,
            baan,
            soort: &self.soort,
            van: oin(GGZ),
            digest: inbreng_proof::sha256(b"bericht"),
            over: None,
            na: None,
            ruw: "{}",
            nu: nu(),
        };
        let opgenomen = tx.post_opnemen(&nieuw).await.unwrap();
        tx.vastleggen().await.unwrap();
        opgenomen
    }

    async fn bevestigd(&self, volgorde: i64, casus: Option<inbreng_domain::CasusRef>) {
        let mut tx = self.opslag.begin().await.unwrap();
        tx.zending_bevestigd(volgorde, "{}", casus, nu()).await.unwrap();
        tx.vastleggen().await.unwrap();
    }

    async fn postbeurt(&self) -> Vec<LeveringId> {
        let beurt = Beurt { nu: nu(), herhaald: false, zelf_ophalen: false, bezig: &[], hoogstens: 10 };
        self.opslag.post_aan_de_beurt(&beurt).await.unwrap().into_iter().map(|p| p.levering).collect()
    }
}

#[tokio::test]
async fn a_case_keeps_its_order_and_acute_overtakes() {
    let p = Proef::nieuw().await;
    for (kenmerk, zaak, baan) in [
        ("a1", "a", Urgentie::Normaal),
        ("a2", "a", Urgentie::Normaal),
        ("b1", "b", Urgentie::Normaal),
        ("a3", "a", Urgentie::Acuut),
    ] {
        p.zenden(kenmerk, zaak, baan).await;
    }
    assert_eq!(p.beurt().await, ["a3", "a1", "b1"]);
    let a1 = p.opslag.zending("a1").await.unwrap().unwrap();
    // What is under way is not taken twice, and what follows it in its case waits for it.
    let rest = p.opslag.aan_de_beurt(nu(), Urgentie::Normaal, &[a1.volgorde], 10).await.unwrap();
    assert_eq!(rest.iter().map(|z| z.kenmerk.as_str()).collect::<Vec<_>>(), ["b1"]);
    // One that waits holds up its own case and lane only.
    p.opslag.zending_later(a1.volgorde, nu().plus(Duration::MINUTE)).await.unwrap();
    assert_eq!(p.beurt().await, ["a3", "b1"]);
    // Nothing is put off until tomorrow: that was by a clock that ran ahead.
    p.opslag.zending_later(a1.volgorde, nu().plus(Duration::DAY)).await.unwrap();
    assert_eq!(p.beurt().await, ["a3", "a1", "b1"]);
    p.opslag.zending_later(a1.volgorde, nu().plus(Duration::MINUTE)).await.unwrap();
    p.bevestigd(a1.volgorde, None).await;
    assert_eq!(p.beurt().await, ["a3", "a2", "b1"]);
}

#[tokio::test]
async fn nothing_overtakes_the_message_that_opens_a_case() {
    let p = Proef::nieuw().await;
    let mut tx = p.opslag.begin().await.unwrap();
    let zaak = tx.zaak_openen("H1", oin(GGZ), &SystemRandomness).await.unwrap();
    tx.vastleggen().await.unwrap();
    let verwijzing = zaak.verwijzing.to_string();
    p.zenden("eerste", &verwijzing, Urgentie::Normaal).await;
    p.zenden("acuut", &verwijzing, Urgentie::Acuut).await;
    assert_eq!(p.beurt().await, ["eerste"]);
    let eerste = p.opslag.zending("eerste").await.unwrap().unwrap();
    p.bevestigd(eerste.volgorde, Some(zaak.verwijzing)).await;
    assert_eq!(p.beurt().await, ["acuut"]);
    assert!(p.opslag.zaak(zaak.verwijzing).await.unwrap().unwrap().geopend);
}

#[tokio::test]
async fn sealed_bytes_survive_and_do_not_change() {
    let p = Proef::nieuw().await;
    p.zenden("a", "a", Urgentie::Normaal).await;
    let zending = p.opslag.zending("a").await.unwrap().unwrap();
    p.opslag.zending_getoetst(zending.volgorde, "[]").await.unwrap();
    p.opslag.zending_verzegeld(zending.volgorde, "{\"verzegeld\":1}").await.unwrap();
    p.opslag.zending_verzonden(zending.volgorde).await.unwrap();
    let p = p.opnieuw().await;
    let zending = p.opslag.zending("a").await.unwrap().unwrap();
    assert_eq!((zending.stand, zending.envelop.as_deref()), (Uitstand::Verzonden, Some("{\"verzegeld\":1}")));
    assert_eq!(p.beurt().await, ["a"]);
    p.opslag.zending_opnieuw(zending.volgorde, nu()).await.unwrap();
    let zending = p.opslag.zending("a").await.unwrap().unwrap();
    assert_eq!((zending.stand, zending.envelop), (Uitstand::Aangenomen, None));
}

#[tokio::test]
async fn what_is_not_committed_never_was() {
    let p = Proef::nieuw().await;
    let mut tx = p.opslag.begin().await.unwrap();
    tx.zaak_openen("H1", oin(GGZ), &SystemRandomness).await.unwrap();
    drop(tx);
    let mut tx = p.opslag.begin().await.unwrap();
    assert!(tx.zaak("H1").await.unwrap().is_none());
    tx.vergeten().await.unwrap();
}

#[tokio::test]
async fn a_refused_message_makes_room_for_a_better_one() {
    let p = Proef::nieuw().await;
    let eerste = p.zenden("a", "a", Urgentie::Normaal).await;
    let zending = p.opslag.zending("a").await.unwrap().unwrap();
    p.opslag.zending_geweigerd(zending.volgorde, "{}", nu()).await.unwrap();
    let zending = p.opslag.zending("a").await.unwrap().unwrap();
    assert!(zending.stand.is_eind() && zending.voorbereiding.is_none());
    let tweede = p.zenden("a", "a", Urgentie::Normaal).await;
    assert_ne!(eerste, tweede);
    assert_eq!(p.opslag.zending("a").await.unwrap().unwrap().bericht, tweede);
    // One that was not refused keeps its kenmerk to itself.
    let mut tx = p.opslag.begin().await.unwrap();
    let dubbel = NieuweZending {
        kenmerk: "a",
        vingerafdruk: "y",
        bericht: BerichtId::mint(nu(), &SystemRandomness),
        zaak: "a",
        baan: Urgentie::Normaal,
        soort: &p.soort,
        voorbereiding: "{}",
        waarschuwingen: "[]",
        nu: nu(),
    };
    assert!(tx.zending_aannemen(&dubbel).await.is_err());
}

#[tokio::test]
async fn own_keys_and_references_find_each_other() {
    let p = Proef::nieuw().await;
    let mut tx = p.opslag.begin().await.unwrap();
    let zaak = tx.zaak_openen("H1", oin(GGZ), &SystemRandomness).await.unwrap();
    assert_eq!(inbreng_proof::casus::casus_ref(oin(GGZ), zaak.opening.unwrap()), zaak.verwijzing);
    let persoon = tx.persoon(zaak.verwijzing, "P1", &SystemRandomness).await.unwrap();
    assert_eq!(tx.persoon(zaak.verwijzing, "P1", &SystemRandomness).await.unwrap(), persoon);
    assert_ne!(tx.persoon(zaak.verwijzing, "P2", &SystemRandomness).await.unwrap(), persoon);
    // Another case: another reference, for the same person (R42).
    let ander = tx.zaak_openen("H2", oin(GGZ), &SystemRandomness).await.unwrap();
    assert_ne!(tx.persoon(ander.verwijzing, "P1", &SystemRandomness).await.unwrap(), persoon);

    // Of another's case and person the reference is the key, until the own system gives one.
    let vreemd = CasusRef::from_bytes([9; 32]);
    let gast = PersoonRef::mint(&SystemRandomness);
    tx.zaak_leren(vreemd, None).await.unwrap();
    tx.persoon_leren(vreemd, gast, None).await.unwrap();
    assert_eq!(tx.zaak(&vreemd.to_string()).await.unwrap().unwrap().verwijzing, vreemd);
    assert_eq!(tx.persoon(vreemd, &gast.to_string(), &SystemRandomness).await.unwrap(), gast);
    tx.zaak_leren(vreemd, Some("D-9")).await.unwrap();
    tx.persoon_leren(vreemd, gast, Some("C-1")).await.unwrap();
    let geleerd = tx.zaak("D-9").await.unwrap().unwrap();
    assert!(geleerd.geopend && geleerd.opening.is_none() && geleerd.verwijzing == vreemd);
    assert_eq!(tx.persoon(vreemd, "C-1", &SystemRandomness).await.unwrap(), gast);
    tx.vastleggen().await.unwrap();
    assert_eq!(p.opslag.personen(vreemd).await.unwrap(), [(gast.to_string(), "C-1".to_owned())]);
}

#[tokio::test]
async fn messages_parts_and_series_are_found_again() {
    let p = Proef::nieuw().await;
    let (id, deel) = (BerichtId::mint(nu(), &SystemRandomness), DeelId::mint(nu(), &SystemRandomness));
    let mut tx = p.opslag.begin().await.unwrap();
    let nummer = |kenmerk: &str| Berichtnummer {
        id,
        kenmerk: kenmerk.to_owned(),
        casus: None,
        van: oin(VEILIG_THUIS),
        soort: p.soort.clone(),
    };
    tx.bericht_leren(&nummer(&id.to_string()), &[deel]).await.unwrap();
    tx.bericht_leren(&nummer("M-1"), &[deel]).await.unwrap();
    assert_eq!(tx.bericht("M-1").await.unwrap().unwrap().id, id);
    assert_eq!(tx.bericht(&id.to_string()).await.unwrap().unwrap().kenmerk, "M-1");
    assert_eq!(tx.deel(id, 0).await.unwrap(), Some(deel));
    assert_eq!(tx.deel(id, 1).await.unwrap(), None);
    assert_eq!(
        (tx.volgnummer("r").await.unwrap(), tx.volgnummer("r").await.unwrap(), tx.volgnummer("s").await.unwrap()),
        (1, 2, 1)
    );
}

#[tokio::test]
async fn a_delivery_is_taken_once_and_in_order() {
    let p = Proef::nieuw().await;
    let a1 = p.krijgen("a", Urgentie::Normaal).await;
    let a2 = p.krijgen("a", Urgentie::Normaal).await;
    let acuut = p.krijgen("a", Urgentie::Acuut).await;
    assert!(!p.opnemen(a1, "a", Urgentie::Normaal).await);
    assert_eq!(p.postbeurt().await, [acuut, a1]);
    // Once the own system has it, the next may go; the receipt follows by itself.
    p.opslag.post_zet(a1, Instand::Afgeleverd).await.unwrap();
    assert_eq!(p.postbeurt().await, [acuut, a1, a2]);
    p.opslag.post_gemeld(a1, Instand::Gemeld, None, nu()).await.unwrap();
    assert_eq!(p.postbeurt().await, [acuut, a2]);
    let p = p.opnieuw().await;
    p.opslag.post_geweigerd(a2, Weigeringscode::NietTeOpenen).await.unwrap();
    let post = p.opslag.post(a2).await.unwrap().unwrap();
    assert_eq!((post.stand, post.code), (Instand::Geweigerd, Some(Weigeringscode::NietTeOpenen)));
    p.opslag.post_later(acuut, nu().plus(Duration::MINUTE)).await.unwrap();
    assert_eq!(p.postbeurt().await, [a2]);
    assert_eq!(p.opslag.post_open().await.unwrap(), 2);
}

/// Two may be at one delivery: the receiver, and who asks for the mailbox. Who read it before it moved on puts it back nowhere: nobody
/// would wait for it there, and its content is gone.
#[tokio::test]
async fn a_delivery_goes_on_and_never_back() {
    let p = Proef::nieuw().await;
    let [a, b] = [p.krijgen("a", Urgentie::Normaal).await, p.krijgen("b", Urgentie::Normaal).await];
    let stand = async |levering| p.opslag.post(levering).await.unwrap().unwrap().stand;
    assert!(p.opslag.post_zet(a, Instand::Geopend).await.unwrap());
    assert!(!p.opslag.post_zet(a, Instand::Geopend).await.unwrap(), "by another already");
    assert!(p.opslag.post_zet(a, Instand::Afgeleverd).await.unwrap());
    assert!(!p.opslag.post_zet(a, Instand::Geopend).await.unwrap());
    assert!(!p.opslag.post_geweigerd(a, Weigeringscode::NietTeOpenen).await.unwrap());
    assert_eq!(stand(a).await, Instand::Afgeleverd);
    p.opslag.post_gemeld(a, Instand::Gemeld, None, nu()).await.unwrap();
    for later in [Instand::Opgehaald, Instand::Geopend, Instand::Afgeleverd, Instand::Geweigerd, Instand::Vastgelopen] {
        assert!(!p.opslag.post_zet(a, later).await.unwrap(), "{later:?}");
    }
    p.opslag.post_gemeld(a, Instand::WeigeringGemeld, None, nu()).await.unwrap();
    assert_eq!((stand(a).await, p.opslag.post_open().await.unwrap()), (Instand::Gemeld, 1));

    assert!(p.opslag.post_geweigerd(b, Weigeringscode::NietTeOpenen).await.unwrap());
    assert!(!p.opslag.post_zet(b, Instand::Afgeleverd).await.unwrap());
    p.opslag.post_gemeld(b, Instand::WeigeringGemeld, None, nu()).await.unwrap();
    assert_eq!((stand(b).await, p.opslag.post_open().await.unwrap()), (Instand::WeigeringGemeld, 0));

    // What an adapter of before put back is not waited for, and what waits is left alone.
    let c = p.krijgen("c", Urgentie::Normaal).await;
    assert!(!p.opslag.post_was_gemeld(c).await.unwrap());
    sqlx::query("UPDATE inkomend SET stand = 'afgeleverd' WHERE levering = ?")
        .bind(a.to_string())
        .execute(&p.opslag.pool)
        .await
        .unwrap();
    assert!(p.opslag.post_was_gemeld(a).await.unwrap());
    assert_eq!((stand(a).await, stand(c).await), (Instand::Gemeld, Instand::Opgehaald));
}

/// What keeps failing, and what is being worked on, takes no turn of what is new.
#[tokio::test]
async fn what_failed_before_is_asked_for_apart() {
    let p = Proef::nieuw().await;
    let (a, b, c) = (
        p.krijgen("a", Urgentie::Normaal).await,
        p.krijgen("b", Urgentie::Normaal).await,
        p.krijgen("c", Urgentie::Normaal).await,
    );
    p.opslag.post_later(a, nu()).await.unwrap();
    assert_eq!(p.opslag.post_afgewezen(b, nu()).await.unwrap(), 1);
    assert_eq!(p.opslag.post_afgewezen(b, nu()).await.unwrap(), 2);
    assert_eq!(p.postbeurt().await, [c]);
    let vraag = Beurt { nu: nu(), herhaald: true, zelf_ophalen: false, bezig: &[], hoogstens: 10 };
    let herhaald = p.opslag.post_aan_de_beurt(&vraag).await.unwrap();
    assert_eq!(herhaald.iter().map(|p| (p.levering, p.pogingen, p.afwijzingen)).collect::<Vec<_>>(), [(a, 1, 0), (b, 2, 2)]);
    let bezig = [herhaald[0].volgorde];
    let rest = p.opslag.post_aan_de_beurt(&Beurt { bezig: &bezig, ..vraag }).await.unwrap();
    assert_eq!(rest.iter().map(|p| p.levering).collect::<Vec<_>>(), [b]);
    // Put off by a clock that ran ahead.
    p.opslag.post_later(a, nu().plus(Duration::DAY)).await.unwrap();
    let herhaald = p.opslag.post_aan_de_beurt(&vraag).await.unwrap();
    assert_eq!(herhaald.iter().map(|p| p.levering).collect::<BTreeSet<_>>(), BTreeSet::from([a, b]));
    // What opens waits for a system that fetches by itself; what does not open yet has its turn.
    p.opslag.post_zet(c, Instand::Geopend).await.unwrap();
    let zelf = Beurt { herhaald: false, zelf_ophalen: true, ..vraag };
    assert!(p.opslag.post_aan_de_beurt(&zelf).await.unwrap().is_empty());
    assert_eq!(p.opslag.post_aan_de_beurt(&Beurt { zelf_ophalen: false, ..zelf }).await.unwrap().len(), 1);
}

#[tokio::test]
async fn view_only_parts_are_found_by_their_number() {
    let p = Proef::nieuw().await;
    let levering = p.krijgen("a", Urgentie::Normaal).await;
    let deel = DeelId::mint(nu(), &SystemRandomness);
    let mut tx = p.opslag.begin().await.unwrap();
    tx.inzagedeel(deel, levering).await.unwrap();
    tx.vastleggen().await.unwrap();
    assert_eq!(p.opslag.post_van_deel(deel).await.unwrap().unwrap().levering, levering);
    assert!(p.opslag.post_van_deel(DeelId::mint(nu(), &SystemRandomness)).await.unwrap().is_none());
}

/// Attack test 6, the part that is kept here: an older statement has no effect, nor another one under the same number.
#[tokio::test]
async fn attack_6_a_directory_statement_never_goes_back() {
    let p = Proef::nieuw().await;
    let digest = |n: u8| Digest::from_bytes([n; 32]);
    let pin = |vermelding: u32, sleutel: u32, d: u8| Pin {
        oin: oin(GGZ),
        vermelding_nummer: vermelding,
        vermelding_digest: digest(d),
        sleutels: [(sleutel, digest(d))].into(),
        bevestigd: 0,
    };
    p.opslag.vastpinnen(&pin(2, 2, 1), "\"gids-2\"").await.unwrap();
    p.opslag.vastpinnen(&pin(2, 2, 1), "\"gids-2\"").await.unwrap();
    assert!(matches!(p.opslag.vastpinnen(&pin(1, 2, 1), "\"oud\"").await, Err(Pinfout::Ouder(_))));
    assert!(matches!(p.opslag.vastpinnen(&pin(3, 1, 1), "\"oude sleutel\"").await, Err(Pinfout::Ouder(_))));
    assert!(matches!(p.opslag.vastpinnen(&pin(2, 2, 9), "\"ander\"").await, Err(Pinfout::Dubbel(_))));
    let p = p.opnieuw().await;
    assert!(matches!(p.opslag.vastpinnen(&pin(1, 1, 1), "\"oud\"").await, Err(Pinfout::Ouder(_))));
    assert_eq!(p.opslag.gids().await.unwrap(), ["\"gids-2\""]);
    let rij = |sleutels: &[(u32, u8)], bevestigd: u32| {
        let sleutels = sleutels.iter().map(|(nummer, d)| (*nummer, digest(*d))).collect();
        Pin { sleutels, bevestigd, ..pin(3, 0, 2) }
    };
    p.opslag.vastpinnen(&rij(&[(1, 7), (2, 1), (3, 2)], 1), "\"gids-3\"").await.unwrap();
    assert_eq!(p.opslag.gids().await.unwrap(), ["\"gids-3\""]);
    // A longer row in its place, and one of which what was seen is left out, rest on what nobody here held against it.
    for (sleutels, bevestigd) in [(&[(2, 1), (3, 8), (4, 9)][..], 2), (&[(4, 9), (5, 9)], 3), (&[(4, 9)], 0)] {
        assert!(matches!(p.opslag.vastpinnen(&rij(sleutels, bevestigd), "\"tak\"").await, Err(Pinfout::Vertakt(_))));
    }
    assert_eq!(p.opslag.gids().await.unwrap(), ["\"gids-3\""]);
    p.opslag.vastpinnen(&rij(&[(3, 8), (4, 9)], 4), "\"bevestigd\"").await.unwrap();
    p.opslag.vastpinnen(&rij(&[(4, 9), (5, 5)], 4), "\"gids-5\"").await.unwrap();
    assert_eq!(p.opslag.gids().await.unwrap(), ["\"gids-5\""]);
}

#[tokio::test]
async fn what_was_removed_is_not_in_the_file() {
    let p = Proef::nieuw().await;
    p.opslag.vasthouden("geheim", "Testpersoon Appel").await.unwrap();
    p.opslag.vasthouden("geheim", "weg").await.unwrap();
    p.opslag.opruimen().await.unwrap();
    for item in std::fs::read_dir(p.map.path()).unwrap() {
        let bytes = std::fs::read(item.unwrap().path()).unwrap();
        assert!(!bytes.windows(16).any(|w| w == b"Testpersoon Appe"));
    }
}

#[tokio::test]
async fn an_alarm_is_there_with_what_it_comes_of_or_not_at_all() {
    let p = Proef::nieuw().await;
    for (telt, verwacht) in [(false, 0), (true, 1)] {
        let mut tx = p.opslag.begin().await.unwrap();
        tx.alarmeren("houder-niet-bereikt", "bericht/ggz", "Bel hen.", nu()).await.unwrap();
        if telt {
            tx.vastleggen().await.unwrap()
        } else {
            drop(tx)
        }
        assert_eq!(p.opslag.alarmen().await.unwrap().len(), verwacht);
    }
}

#[tokio::test]
async fn the_same_alarm_again_is_one_that_was_seen_more_often() {
    let p = Proef::nieuw().await;
    for (soort, sleutel) in [("proef", "a"), ("proef", "a"), ("proef", "b"), ("ander", "a"), ("proef", "a")] {
        let mut tx = p.opslag.begin().await.unwrap();
        tx.alarmeren(soort, sleutel, "Uitleg.", nu()).await.unwrap();
        tx.vastleggen().await.unwrap();
    }
    let alarmen = p.opslag.alarmen().await.unwrap();
    let mut gezien: Vec<_> = alarmen.iter().map(|a| (a.soort.as_str(), a.aantal)).collect();
    gezien.sort_unstable();
    assert_eq!(gezien, [("ander", 1), ("proef", 1), ("proef", 3)]);
    assert!(Code::parse(&alarmen[0].soort).is_ok());
}

#[tokio::test]
async fn who_copies_an_id_takes_no_message_over() {
    let proef = Proef::nieuw().await;
    let id = BerichtId::mint(nu(), &SystemRandomness);
    let van =
        |van, kenmerk: &str| Berichtnummer { id, kenmerk: kenmerk.to_owned(), casus: None, van, soort: proef.soort.clone() };
    let (eigen, vreemd) = (DeelId::mint(nu(), &SystemRandomness), DeelId::mint(nu(), &SystemRandomness));
    let mut tx = proef.opslag.begin().await.unwrap();
    tx.bericht_leren(&van(oin(VEILIG_THUIS), "V-1"), &[]).await.unwrap();
    tx.bericht_leren(&van(oin(GGZ), "G-1"), &[vreemd]).await.unwrap();
    tx.bericht_leren(&van(oin(VEILIG_THUIS), "V-2"), &[eigen]).await.unwrap();
    assert_eq!(tx.bericht("V-2").await.unwrap().unwrap().van, oin(VEILIG_THUIS));
    assert!(tx.bericht("G-1").await.unwrap().is_none());
    assert_eq!(tx.deel(id, 0).await.unwrap(), Some(eigen));
    tx.vergeten().await.unwrap();
}

/// To a hub that was put back everything goes again: what it had confirmed, and what it may have taken of which the answer was
/// lost. What it does not take in the end is not said to be there.
#[tokio::test]
async fn a_hub_that_was_put_back_has_everything_only_when_all_is_answered() {
    let proef = Proef::nieuw().await;
    for kenmerk in ["bevestigd", "zonder-antwoord"] {
        proef.zenden(kenmerk, kenmerk, Urgentie::Normaal).await;
    }
    let zendingen = proef.opslag.aan_de_beurt(nu(), Urgentie::Normaal, &[], 10).await.unwrap();
    let [eerste, tweede] = zendingen.iter().map(|z| z.volgorde).collect::<Vec<_>>().try_into().unwrap();
    for volgorde in [eerste, tweede] {
        proef.opslag.zending_verzegeld(volgorde, "{}").await.unwrap();
        proef.opslag.zending_verzonden(volgorde).await.unwrap();
    }
    let bevestigen = async |volgorde| {
        let mut tx = proef.opslag.begin().await.unwrap();
        tx.zending_bevestigd(volgorde, "{}", None, nu()).await.unwrap();
        tx.vastleggen().await.unwrap();
    };
    bevestigen(eerste).await;
    proef.opslag.zending_later(tweede, nu().plus(Duration::MINUTE)).await.unwrap();
    assert_eq!(proef.beurt().await, Vec::<String>::new());

    assert!(proef.opslag.nazenden("punt", nu().plus(-Duration::MINUTE)).await.unwrap());
    assert_eq!(proef.beurt().await, ["bevestigd", "zonder-antwoord"], "also what waited for its next attempt");
    assert_eq!(proef.opslag.nazendingen_open().await.unwrap(), 2);
    proef.zenden("van-later", "c", Urgentie::Normaal).await;
    assert_eq!(proef.opslag.nazendingen_open().await.unwrap(), 2, "what came since is no part of it");
    bevestigen(tweede).await;
    assert_eq!(proef.opslag.nazendingen_open().await.unwrap(), 1);
    assert!(!proef.opslag.nazending_onvolledig("punt").await.unwrap());

    proef.opslag.nazending_opgeven(eerste).await.unwrap();
    assert_eq!(proef.opslag.nazendingen_open().await.unwrap(), 0);
    assert!(proef.opslag.nazending_onvolledig("punt").await.unwrap(), "nothing is open, and not everything is there");
    assert!(!proef.opslag.nazending_onvolledig("volgende").await.unwrap());
}

/// Who throws away what lay ready, or puts it anew, is not overtaken by who had opened it before.
#[tokio::test]
async fn what_lay_ready_is_opened_only_as_it_lies_there() {
    let proef = Proef::nieuw().await;
    let zetten = async |bericht: &str| {
        let een = Klaargezet { kenmerk: "K-1".to_owned(), soort: proef.soort.clone(), bericht: bericht.to_owned(), sinds: nu() };
        let mut tx = proef.opslag.begin().await.unwrap();
        tx.klaarzetten(&een).await.unwrap();
        tx.vastleggen().await.unwrap();
    };
    let ligt = async |een: &Klaargezet| {
        let mut tx = proef.opslag.begin().await.unwrap();
        let er = tx.ligt_klaar(een).await.unwrap();
        tx.vergeten().await.unwrap();
        er
    };
    zetten("eerst").await;
    let gelezen = proef.opslag.klaargezet("K-1").await.unwrap().unwrap();
    assert!(ligt(&gelezen).await);
    zetten("anders").await;
    assert!(!ligt(&gelezen).await, "another text lies there now");
    let gelezen = proef.opslag.klaargezet("K-1").await.unwrap().unwrap();
    let mut tx = proef.opslag.begin().await.unwrap();
    assert!(tx.klaargezet_weg("K-1").await.unwrap());
    tx.vastleggen().await.unwrap();
    assert!(!ligt(&gelezen).await, "thrown away");
}

#[tokio::test]
async fn what_found_no_room_is_taken_as_soon_as_there_is_some() {
    let p = Proef::nieuw().await;
    let ruimte = async |bladzijden: &str| {
        let zin = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {bladzijden}"));
        let _now = sqlx::query(zin).execute(&p.opslag.pool).await.unwrap();
    };
    ruimte("1").await; // No less than there are.
    let (mut aangenomen, voorbereiding) = (0, "x".repeat(10_000));
    for keer in ["vol", "nog steeds vol"] {
        let fout = loop {
            let mut tx = p.opslag.begin().await.unwrap();
            let kenmerk = aangenomen.to_string();
            let nieuw = NieuweZending {
                kenmerk: &kenmerk,
                vingerafdruk: "x",
                bericht: BerichtId::mint(nu(), &SystemRandomness),
                zaak: &kenmerk,
                baan: Urgentie::Normaal,
                soort: &p.soort,
                voorbereiding: &voorbereiding,
                waarschuwingen: "[]",
                nu: nu(),
            };
            if let Err(fout) = tx.zending_aannemen(&nieuw).await {
                break fout;
            }
            tx.vastleggen().await.unwrap();
            aangenomen += 1;
        };
        assert!(matches!(fout, Opslagfout::Vol(_)), "{keer}: {fout:?}");
    }
    assert_eq!(p.opslag.zendingen_open().await.unwrap(), aangenomen, "nothing is half there, and what is there is read");
    ruimte("1000000").await;
    let _taken = p.zenden("daarna", "daarna", Urgentie::Normaal).await;
    assert_eq!(p.opslag.zendingen_open().await.unwrap(), aangenomen + 1);
}

#[tokio::test]
async fn what_was_begun_and_let_go_is_forgotten() {
    let p = Proef::nieuw().await;
    let mut tx = p.opslag.begin().await.unwrap();
    let _zaak = tx.zaak_openen("H1", oin(GGZ), &SystemRandomness).await.unwrap();
    let over = async |p: &Proef| sqlx::query("SELECT 1 FROM casus").fetch_optional(&p.opslag.pool).await.unwrap().is_some();
    drop(tx);
    assert!(!over(&p).await);
    let _taken = p.zenden("daarna", "daarna", Urgentie::Normaal).await;
}
