//! Attack test 6: an old key statement, a revoked signer, an expired revocation list and an older consent: nothing is sealed for them,
//! and they have no effect, whatever the hub shows.

use inbreng_certs::{Certificaatsoort, Partnerspec, Pki, PkiSpec};
use inbreng_domain::{
    BerichtId, CasusRef, Clock, Code, PersoonRef, TypeNaam,
    clock::SystemClock,
    gids::{Bevriesreden, Bevriezing, Sleutelaanleiding},
    part::Betrokkene,
    vocabulary::{Categorie, Doel, Leeftijdsgroep, Partnertype, Toestemmingsstand},
};
use inbreng_policy::toestemming;
use inbreng_proof::{
    SystemRandomness,
    gids::{bevestigen, sign_bevriezing, sign_sleutel},
};
use serde_json::json;

use super::*;
use crate::engine::toestemmingen::{Bron, uit};

/// An adapter's book beside a PKI that can go wrong.
struct Opstelling {
    pki: Pki,
    opslag: Opslag,
    map: tempfile::TempDir,
}

fn slug(naam: &str) -> Code {
    Code::parse(naam).unwrap()
}

fn nu() -> Tijdstip {
    SystemClock.now()
}

impl Opstelling {
    async fn nieuw() -> Self {
        let map = tempfile::tempdir().unwrap();
        let spec = |naam: &str, oin: &str, partnertype| Partnerspec {
            slug: slug(naam),
            naam: format!("{naam} (test)"),
            oin: Oin::parse(oin).unwrap(),
            partnertype,
            gebied: vec![],
            functies: vec![],
            noodontvanger: false,
            namen: vec![],
        };
        let partners = vec![
            spec("ggz", "00000001000000000050", Partnertype::Ggz),
            spec("veilig-thuis", "00000001000000000120", Partnertype::VeiligThuis),
        ];
        let spec = PkiSpec { partners, ..PkiSpec::default() };
        let pki = Pki::create(&map.path().join("pki"), &spec, Arc::new(SystemClock)).unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.db")).await.unwrap();
        Self { pki, opslag, map }
    }

    fn ankers(&self) -> Ankers {
        let pad = |naam: &str| self.map.path().join("pki").join(naam);
        Ankers { root: pad("root.pem"), tussen: pad("tussen.pem"), crl: pad("crl.pem") }
    }

    async fn boek(&self) -> Boek {
        let catalogus = Arc::new(Catalogus::ingebouwd().unwrap());
        Boek::openen(self.ankers(), self.pki.beheerder().unwrap(), catalogus, &self.opslag, nu()).await.unwrap()
    }

    fn gids(&self) -> Gidsvermelding {
        self.pki.gidsvermelding(&slug("veilig-thuis")).unwrap()
    }
}

fn vt() -> Oin {
    Oin::parse("00000001000000000120").unwrap()
}

#[tokio::test]
async fn attack_6_an_old_key_statement_is_sealed_for_by_nobody() {
    let mut o = Opstelling::nieuw().await;
    let oud = o.gids();
    o.pki.sleutel_vernieuwen(&slug("veilig-thuis")).unwrap();
    let boek = o.boek().await;
    let nieuw = boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
    let kid = nieuw.sleutel(nu()).unwrap().kid.clone();
    assert!(matches!(boek.vastpinnen(&oud, &o.opslag, nu()).await, Err(Boekfout::Pin(Pinfout::Ouder(_)))));
    // The one that was seen stands, after a restart too: whoever seals, seals for it.
    let boek = o.boek().await;
    assert_eq!(boek.gids().partner(vt()).unwrap().sleutel(nu()).unwrap().kid, kid);
    assert!(matches!(boek.vastpinnen(&oud, &o.opslag, nu()).await, Err(Boekfout::Pin(Pinfout::Ouder(_)))));
}

/// A hub that shows a key which the one before it does not prove, with whatever is at hand in its place: what was seen before counts.
#[tokio::test]
async fn attack_6_a_key_without_proof_or_confirmation_is_sealed_for_by_nobody() {
    let mut o = Opstelling::nieuw().await;
    let boek = o.boek().await;
    let eerste = boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap().sleutel(nu()).unwrap().kid.clone();
    o.pki.sleutel_vernieuwen(&slug("veilig-thuis")).unwrap();
    let goed = o.gids();
    let met = |opvolging: Option<String>, mede: Option<String>| {
        let mut vals = goed.clone();
        (vals.sleutels[0].opvolging, vals.sleutels[0].medeondertekening) = (opvolging, mede);
        vals
    };
    let ggz = o.pki.gidsvermelding(&slug("ggz")).unwrap();
    let ander = jws::sign(
        &o.pki.ondertekensleutel(&slug("veilig-thuis")).unwrap(),
        Typ::Opvolging,
        &jws::unverified_payload::<Value>(goed.sleutels[0].opvolging.as_ref().unwrap()).unwrap(),
    );
    for vals in [
        met(None, None),
        met(Some(ander.unwrap()), None),
        met(None, goed.sleutels[1].medeondertekening.clone()),
        met(None, ggz.sleutels[0].medeondertekening.clone()),
    ] {
        assert!(matches!(boek.vastpinnen(&vals, &o.opslag, nu()).await, Err(Boekfout::Gids(_))));
    }
    let geldend = |boek: &Boek| boek.gids().partner(vt()).unwrap().sleutel(nu()).map(|s| s.kid.clone());
    assert_eq!(geldend(&o.boek().await), Some(eerste));
    let tweede = boek.vastpinnen(&goed, &o.opslag, nu()).await.unwrap().sleutel(nu()).unwrap().kid.clone();
    assert_eq!(geldend(&o.boek().await), Some(tweede), "the proven one counts");
}

/// Frozen for good, by the owner or by the covenant manager: also for a hub that hides it afterwards.
#[tokio::test]
async fn attack_6_a_frozen_key_is_sealed_for_by_nobody() {
    for door_beheerder in [false, true] {
        let mut o = Opstelling::nieuw().await;
        let boek = o.boek().await;
        let zonder = o.gids();
        let kid = boek.vastpinnen(&zonder, &o.opslag, nu()).await.unwrap().sleutel(nu()).unwrap().kid.clone();
        let vermelding: Vermelding = jws::unverified_payload(&zonder.vermelding.verklaring).unwrap();
        let bevriezing = |certificaten| Bevriezing {
            oin: vt(),
            kid: kid.clone(),
            laatste: verklaring_digest(&zonder.sleutels[0].verklaring),
            reden: Bevriesreden::Gelekt,
            certificaten,
            tijd: nu(),
        };
        let eigen = bevriezing(vermelding.certificaten);
        let (echt, vals) = if door_beheerder {
            let echt = sign_bevriezing(&o.pki.beheerdersleutel().unwrap(), &bevriezing(Vec::new())).unwrap();
            (echt, sign_bevriezing(&o.pki.ondertekensleutel(&slug("ggz")).unwrap(), &bevriezing(Vec::new())).unwrap())
        } else {
            let echt = sign_bevriezing(&o.pki.ondertekensleutel(&slug("veilig-thuis")).unwrap(), &eigen).unwrap();
            (echt, sign_bevriezing(&o.pki.ondertekensleutel(&slug("ggz")).unwrap(), &eigen).unwrap())
        };
        let met = |jws: &str| Gidsvermelding { bevriezingen: vec![jws.to_owned()], ..zonder.clone() };
        let partner = boek.vastpinnen(&met(&vals), &o.opslag, nu()).await.unwrap();
        assert_eq!(partner.sleutel(nu()).map(|s| s.kid.as_str()), Some(kid.as_str()), "another freezes nothing");
        assert!(boek.vastpinnen(&met(&echt), &o.opslag, nu()).await.unwrap().sleutel(nu()).is_none());
        assert!(boek.vastpinnen(&zonder, &o.opslag, nu()).await.unwrap().sleutel(nu()).is_none(), "it was seen");
        assert!(o.boek().await.gids().partner(vt()).unwrap().sleutel(nu()).is_none(), "nor after a restart");
        // It proves nothing; what the covenant manager confirms is sealed for.
        o.pki.sleutel_vernieuwen(&slug("veilig-thuis")).unwrap();
        let mut tweede = o.gids();
        assert!(boek.vastpinnen(&tweede, &o.opslag, nu()).await.unwrap().sleutel(nu()).is_none());
        let jws = tweede.sleutels[0].verklaring.clone();
        let beheerder = o.pki.beheerdersleutel().unwrap();
        tweede.sleutels[0] = bevestigen(&beheerder, jws, Sleutelaanleiding::Bevroren, nu()).unwrap();
        assert!(boek.vastpinnen(&tweede, &o.opslag, nu()).await.unwrap().sleutel(nu()).is_some());
    }
}

/// Who signs the same freeze over and over has everyone keep it once.
#[tokio::test]
async fn attack_6_the_same_freeze_in_other_words_is_kept_once() {
    let o = Opstelling::nieuw().await;
    let boek = o.boek().await;
    let gids = o.gids();
    let vermelding: Vermelding = jws::unverified_payload(&gids.vermelding.verklaring).unwrap();
    let kid = boek.vastpinnen(&gids, &o.opslag, nu()).await.unwrap().sleutels[0].kid.clone();
    let sleutel = o.pki.ondertekensleutel(&slug("veilig-thuis")).unwrap();
    for ronde in 0..3 {
        let bevriezing = |i: i64| Bevriezing {
            oin: vt(),
            kid: kid.clone(),
            laatste: verklaring_digest(&gids.sleutels[0].verklaring),
            reden: Bevriesreden::Gelekt,
            certificaten: vermelding.certificaten.clone(),
            tijd: nu().plus(time::Duration::seconds(-(ronde * 100 + i))),
        };
        let bevriezingen = (1..50).map(|i| sign_bevriezing(&sleutel, &bevriezing(i)).unwrap()).collect();
        let partner = boek.vastpinnen(&Gidsvermelding { bevriezingen, ..gids.clone() }, &o.opslag, nu()).await.unwrap();
        assert_eq!((partner.gids.bevriezingen.len(), partner.sleutel(nu())), (1, None));
    }
}

/// A partner (with a hub that lets it) that shows the key of another as its own.
#[tokio::test]
async fn attack_6_a_key_of_another_is_taken_under_no_second_name() {
    let o = Opstelling::nieuw().await;
    let boek = o.boek().await;
    let ggz = boek.vastpinnen(&o.pki.gidsvermelding(&slug("ggz")).unwrap(), &o.opslag, nu()).await.unwrap();
    let eigen = boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
    boek.lijsten_herlezen(&o.opslag, nu()).await.unwrap();
    let mut vals = o.gids();
    let verklaring = Sleutelverklaring {
        oin: vt(),
        volgnummer: 2,
        vorige: Some(verklaring_digest(&vals.sleutels[0].verklaring)),
        ..ggz.sleutels[0].clone()
    };
    let jws = sign_sleutel(&o.pki.ondertekensleutel(&slug("veilig-thuis")).unwrap(), &verklaring).unwrap();
    let beheerder = o.pki.beheerdersleutel().unwrap();
    vals.sleutels.insert(0, bevestigen(&beheerder, jws, Sleutelaanleiding::Verloren, nu()).unwrap());
    assert!(matches!(boek.vastpinnen(&vals, &o.opslag, nu()).await, Err(Boekfout::SleutelVanAnder(oin)) if oin == vt()));
    boek.lijsten_herlezen(&o.opslag, nu()).await.unwrap();
    assert_eq!(boek.gids().partner(vt()).unwrap().sleutels, eigen.sleutels, "what was seen before counts");
}

/// The same while the entry of that other has expired: whoever lapsed comes back with the key that it has, whatever was shown meanwhile.
#[tokio::test]
async fn attack_6_a_key_of_one_that_lapsed_is_taken_under_no_second_name() {
    let o = Opstelling::nieuw().await;
    let (beheerder, eigen) = (o.pki.beheerdersleutel().unwrap(), o.pki.ondertekensleutel(&slug("ggz")).unwrap());
    let eerste = o.pki.gidsvermelding(&slug("ggz")).unwrap();
    let ggz: Vermelding = jws::unverified_payload(&eerste.vermelding.verklaring).unwrap();
    let geldig = |volgnummer, uren| {
        let vermelding = Vermelding { volgnummer, geldig_tot: nu().plus(time::Duration::hours(uren)), ..ggz.clone() };
        let verklaring = inbreng_proof::gids::sign_vermelding(&eigen, &vermelding).unwrap();
        let vermelding = inbreng_proof::gids::medeonderteken(&beheerder, verklaring, nu()).unwrap();
        Gidsvermelding { vermelding, ..eerste.clone() }
    };
    let boek = o.boek().await;
    let sleutel = boek.vastpinnen(&geldig(2, 1), &o.opslag, nu()).await.unwrap().sleutels[0].clone();
    boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
    let straks = nu().plus(time::Duration::hours(2));
    boek.lijsten_herlezen(&o.opslag, straks).await.unwrap();
    assert!(boek.gids().partner(ggz.oin).is_none() && boek.gids().partner(vt()).is_some(), "it lapsed, the other did not");

    let mut vals = o.gids();
    let verklaring = Sleutelverklaring {
        oin: vt(),
        volgnummer: 2,
        vorige: Some(verklaring_digest(&vals.sleutels[0].verklaring)),
        ..sleutel.clone()
    };
    let jws = sign_sleutel(&o.pki.ondertekensleutel(&slug("veilig-thuis")).unwrap(), &verklaring).unwrap();
    vals.sleutels.insert(0, bevestigen(&beheerder, jws, Sleutelaanleiding::Verloren, nu()).unwrap());
    // Now, and of an adapter that begins while it has lapsed.
    for boek in [
        boek,
        Boek::openen(o.ankers(), o.pki.beheerder().unwrap(), Arc::new(Catalogus::ingebouwd().unwrap()), &o.opslag, straks)
            .await
            .unwrap(),
    ] {
        let uitslag = boek.vastpinnen(&vals, &o.opslag, straks).await;
        assert!(matches!(uitslag, Err(Boekfout::SleutelVanAnder(oin)) if oin == vt()), "{uitslag:?}");
        boek.lijsten_herlezen(&o.opslag, straks).await.unwrap();
        assert_eq!(boek.gids().partner(vt()).unwrap().sleutels.len(), 1, "what was seen before counts");
    }
    // It comes back with the key that it had.
    let terug = o.boek().await.vastpinnen(&geldig(3, 24), &o.opslag, straks).await.unwrap();
    assert_eq!(terug.sleutel(straks), Some(&sleutel));
}

/// Two entries in one look at the hub: what the first of them was pinned with is looked at for the second.
#[tokio::test]
async fn attack_6_a_key_that_was_pinned_a_moment_ago_is_taken_under_no_second_name() {
    let o = Opstelling::nieuw().await;
    let boek = o.boek().await;
    let ggz = boek.vastpinnen(&o.pki.gidsvermelding(&slug("ggz")).unwrap(), &o.opslag, nu()).await.unwrap();
    let mut vals = o.gids();
    let verklaring = Sleutelverklaring { oin: vt(), ..ggz.sleutels[0].clone() };
    let jws = sign_sleutel(&o.pki.ondertekensleutel(&slug("veilig-thuis")).unwrap(), &verklaring).unwrap();
    vals.sleutels = vec![bevestigen(&o.pki.beheerdersleutel().unwrap(), jws, Sleutelaanleiding::Eerste, nu()).unwrap()];
    let uitslag = boek.vastpinnen(&vals, &o.opslag, nu()).await;
    assert!(matches!(uitslag, Err(Boekfout::SleutelVanAnder(oin)) if oin == vt()), "{uitslag:?}");
    boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
}

/// A thief of a key that was retired long ago, never frozen, makes a longer row beside the one that was seen.
#[tokio::test]
async fn attack_6_a_longer_row_in_the_place_of_the_one_that_was_seen_is_sealed_for_by_nobody() {
    let mut o = Opstelling::nieuw().await;
    let naam = slug("veilig-thuis");
    let dief = o.map.path().join("dief");
    kopieren(o.pki.dir(), &dief);
    let mut dief = Pki::open(&dief, Arc::new(SystemClock)).unwrap();
    o.pki.sleutel_vernieuwen(&naam).unwrap();
    let boek = o.boek().await;
    let gezien = boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
    for _ in 0..2 {
        dief.sleutel_vernieuwen(&naam).unwrap();
    }
    let vals = dief.gidsvermelding(&naam).unwrap();
    assert_eq!(vals.sleutels.len(), 3);
    assert!(matches!(boek.vastpinnen(&vals, &o.opslag, nu()).await, Err(Boekfout::Pin(Pinfout::Vertakt(_)))));
    assert_eq!(o.boek().await.gids().partner(vt()).unwrap().sleutels, gezien.sleutels);
    // It goes on from what was seen, or the covenant manager says so.
    o.pki.sleutel_vernieuwen(&naam).unwrap();
    boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
    dief.sleutel_vernieuwen(&naam).unwrap();
    let mut bevestigd = dief.gidsvermelding(&naam).unwrap();
    let jws = bevestigd.sleutels[0].verklaring.clone();
    bevestigd.sleutels[0] = bevestigen(&o.pki.beheerdersleutel().unwrap(), jws, Sleutelaanleiding::Verloren, nu()).unwrap();
    assert_eq!(boek.vastpinnen(&bevestigd, &o.opslag, nu()).await.unwrap().sleutels[0].volgnummer, 4);
}

fn kopieren(van: &std::path::Path, naar: &std::path::Path) {
    std::fs::create_dir(naar).unwrap();
    for een in std::fs::read_dir(van).unwrap() {
        let (een, doel) = (een.as_ref().unwrap().path(), naar.join(een.as_ref().unwrap().file_name()));
        if een.is_dir() {
            kopieren(&een, &doel);
        } else {
            std::fs::copy(een, doel).unwrap();
        }
    }
}

#[tokio::test]
async fn attack_6_a_revoked_signer_is_sealed_for_by_nobody() {
    let mut o = Opstelling::nieuw().await;
    let boek = o.boek().await;
    boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
    boek.lijsten_herlezen(&o.opslag, nu()).await.unwrap();
    assert!(boek.gids().partner(vt()).is_some());
    o.pki.intrekken(&slug("veilig-thuis"), &[Certificaatsoort::Ondertekening]).unwrap();
    // Without a word of the hub, which may keep silent to win time.
    boek.lijsten_herlezen(&o.opslag, nu()).await.unwrap();
    assert!(boek.gids().partner(vt()).is_none(), "nobody to seal for");
    assert!(boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.is_err());
    assert!(o.boek().await.gids().partner(vt()).is_none(), "nor after a restart");
}

#[tokio::test]
async fn attack_6_under_an_expired_list_nothing_is_sealed_for_anyone() {
    let mut o = Opstelling::nieuw().await;
    let boek = o.boek().await;
    boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.unwrap();
    o.pki.crl(time::Duration::seconds(-1)).unwrap();
    boek.lijsten_herlezen(&o.opslag, nu()).await.unwrap();
    assert!(boek.gids().partner(vt()).is_none(), "who cannot be judged is not sealed for");
    assert!(boek.vastpinnen(&o.gids(), &o.opslag, nu()).await.is_err());
    // A list of now, and all is as it was.
    o.pki.crl(time::Duration::days(1)).unwrap();
    boek.lijsten_herlezen(&o.opslag, nu()).await.unwrap();
    assert!(boek.gids().partner(vt()).is_some());
}

#[tokio::test]
async fn attack_6_a_consent_from_before_its_withdrawal_opens_nothing() {
    let o = Opstelling::nieuw().await;
    let (casus, persoon) = (CasusRef::from_bytes([4; 32]), PersoonRef::from_bytes([5; 16]));
    let ggz = Oin::parse("00000001000000000050").unwrap();
    let leren = async |soort: &str, volgnummer: u32| {
        let mut verklaring = json!({
            "persoon": persoon, "door": "betrokkene", "eigenaar": ggz, "ontvangers": [vt()],
            "categorieen": ["medisch"], "doelen": ["beoordelen"], "volgnummer": volgnummer,
        });
        if soort == "toestemming-gegeven" {
            verklaring["stand"] = json!("gegeven");
            verklaring["vanaf"] = json!(nu().plus(time::Duration::hours(-1)));
            verklaring["tot"] = json!(nu().plus(time::Duration::days(90)));
        }
        let soort = TypeNaam::parse(soort).unwrap();
        let id = BerichtId::mint(nu(), &SystemRandomness);
        let bron = Bron { id, soort: &soort, casus: Some(casus), van: ggz, tijd: nu(), verklaring: &verklaring };
        let mut tx = o.opslag.begin().await.unwrap();
        tx.toestemming_leren(&uit(bron).unwrap()).await.unwrap();
        tx.vastleggen().await.unwrap();
    };
    let stand = async || {
        let register = o.opslag.toestemmingen(casus).await.unwrap();
        let over = [Betrokkene { persoon, leeftijdsgroep: Leeftijdsgroep::Volwassen }];
        let vraag = toestemming::Vraag {
            casus: Some(&casus),
            eigenaar: ggz,
            ontvanger: vt(),
            categorie: Categorie::Medisch,
            doel: Doel::Beoordelen,
            nu: nu(),
            maanden: 12,
        };
        toestemming::stand(&register, &over, &vraag)
    };
    leren("toestemming-gegeven", 1).await;
    assert_eq!(stand().await, Toestemmingsstand::Gegeven);
    leren("toestemming-ingetrokken", 2).await;
    assert_eq!(stand().await, Toestemmingsstand::Ingetrokken);
    // The same yes once more, under another message: what the register of this adapter decides on stays withdrawn.
    leren("toestemming-gegeven", 1).await;
    assert_eq!(stand().await, Toestemmingsstand::Ingetrokken);
}

/// A version of the covenant under another key than the covenant manager's, or another than it says it is: what is held stays, also
/// after a restart, whatever number it comes with.
#[tokio::test]
async fn attack_6_a_version_that_the_covenant_manager_did_not_sign_is_taken_by_nobody() {
    let o = Opstelling::nieuw().await;
    let boek = o.boek().await;
    let bundel = |versie| {
        let bron = inbreng_policy::Convenantbron { versie, ..inbreng_policy::Convenantbron::voorbeeldregio().unwrap() };
        inbreng_policy::Bundel::genereren(&bron, &Catalogus::ingebouwd().unwrap()).unwrap()
    };
    let (eerste, tweede) = (bundel(1), bundel(2));
    let (beheerder, ander) = (o.pki.beheerdersleutel().unwrap(), o.pki.ondertekensleutel(&slug("ggz")).unwrap());
    let aanbod = |bundel: &inbreng_policy::Bundel, sleutel, over: &inbreng_policy::Bundel, volgnummer| {
        let (convenant, beleid) = (bundel.convenant.clone(), digest_of(over).unwrap());
        let activering = Activering {
            convenant: convenant.clone(),
            versie: beleid,
            volgnummer,
            ingang: nu(),
            terug: inbreng_domain::vocabulary::JaNee::Nee,
            tijd: nu(),
        };
        Convenantweergave {
            convenant,
            beleid,
            bundel: jws::sign(sleutel, Typ::Beleid, bundel).unwrap(),
            activering: Some(jws::sign(&beheerder, Typ::Activering, &activering).unwrap()),
            toetredingen: Vec::new(),
            uittredingen: Vec::new(),
        }
    };
    let geldend = |boek: &Boek| boek.beleid_van(&eerste.convenant).map(|b| b.digest());
    boek.beleid_aannemen(vec![aanbod(&eerste, &beheerder, &eerste, 1)], &o.opslag, nu()).await.unwrap();
    assert_eq!(geldend(&boek), Some(digest_of(&eerste).unwrap()));
    for vals in
        [aanbod(&tweede, &ander, &tweede, 2), aanbod(&eerste, &beheerder, &tweede, 3), aanbod(&tweede, &ander, &eerste, 4)]
    {
        boek.beleid_aannemen(vec![vals], &o.opslag, nu()).await.unwrap();
        assert_eq!(geldend(&boek), Some(digest_of(&eerste).unwrap()));
    }
    assert_eq!(geldend(&o.boek().await), Some(digest_of(&eerste).unwrap()), "nor after a restart");
    boek.beleid_aannemen(vec![aanbod(&tweede, &beheerder, &tweede, 2)], &o.opslag, nu()).await.unwrap();
    assert_eq!(geldend(&boek), Some(digest_of(&tweede).unwrap()), "what it did sign is taken");
}
