//! The directory: two signatures, or nothing.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use inbreng_domain::{
    Digest,
    gids::{MAX_KEY_DAYS, Medeondertekend, Sleutelvermelding},
};
use serde_json::json;

use super::*;
use crate::{
    CertificateError,
    jwk::{jwk_of_point, jwk_thumbprint},
    jws::{JwsError, SigningKey},
    testpki::{GGZ, Getekend, POLITIE, TestPki, dagen, nu, oin},
};

mod opvolging;

struct Streek {
    pki: TestPki,
    beheerder: Getekend,
    politie: Getekend,
}

impl Streek {
    fn new() -> Self {
        let pki = TestPki::new();
        let beheerder = pki.partner("00000001003214345099");
        let politie = pki.partner(POLITIE);
        Self { pki, beheerder, politie }
    }

    fn vermelding(&self, partner: &Getekend, digits: &str) -> Vermelding {
        let _ = self;
        serde_json::from_value(json!({
            "oin": digits, "naam": "Testorganisatie", "partnertype": "politie", "gebied": ["0518"], "functies": ["piketdesk"],
            "noodontvanger": "nee", "certificaten": certificaatketen(&partner.chain), "volgnummer": 1,
            "geldigVanaf": dagen(-1), "geldigTot": dagen(300)
        }))
        .unwrap()
    }

    fn mede(&self, verklaring: String) -> Medeondertekend {
        medeonderteken(&self.beheerder.key(), verklaring, nu()).unwrap()
    }

    fn gids(&self, vermelding: &Vermelding, sleutels: Vec<Sleutelvermelding>) -> Gidsvermelding {
        let vermelding = self.mede(sign_vermelding(&self.politie.key(), vermelding).unwrap());
        Gidsvermelding { vermelding, sleutels, bevriezingen: vec![] }
    }

    fn build(&self, gidsen: &[Gidsvermelding]) -> (Gids, Vec<Gidsfout>) {
        Gids::build(gidsen, &self.pki.anchors(&[]), self.beheerder.key().verifying_key(), nu())
    }

    /// What a single directory statement is refused for.
    fn refused(&self, gids: Gidsvermelding) -> Gidsfoutsoort {
        let (gids, mut fouten) = self.build(&[gids]);
        assert_eq!(gids.partners().count(), 0);
        assert_eq!(fouten.len(), 1);
        fouten.remove(0).soort
    }

    /// What key statements are refused for; the partner itself stays, without keys.
    fn keys_refused(&self, sleutels: Vec<Sleutelvermelding>) -> Gidsfoutsoort {
        let (gids, mut fouten) = self.build(&[self.gids(&self.vermelding(&self.politie, POLITIE), sleutels)]);
        assert!(gids.partner(oin(POLITIE)).unwrap().sleutels.is_empty());
        assert_eq!(fouten.len(), 1);
        fouten.remove(0).soort
    }
}

fn sleutel(nummer: u32, vorige: Option<Digest>) -> Sleutelverklaring {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let jwk = jwk_of_point(pair.public_key().as_ref()).unwrap();
    Sleutelverklaring {
        oin: oin(POLITIE),
        kid: jwk_thumbprint(&jwk),
        jwk,
        volgnummer: nummer,
        vorige,
        geldig_vanaf: dagen(-1),
        geldig_tot: dagen(60),
    }
}

/// Signed key statements 1 to `n`, newest first.
fn reeks(streek: &Streek, key: &SigningKey, n: u32) -> Vec<Sleutelvermelding> {
    let mut reeks: Vec<Sleutelvermelding> = Vec::new();
    for nummer in 1..=n {
        let vorige = reeks.first().map(|m| verklaring_digest(&m.verklaring));
        reeks.insert(0, streek.mede(sign_sleutel(key, &sleutel(nummer, vorige)).unwrap()).into());
    }
    reeks
}

#[test]
fn a_partner_with_its_keys() {
    let s = Streek::new();
    let sleutels = reeks(&s, &s.politie.key(), 3);
    let (gids, fouten) = s.build(&[s.gids(&s.vermelding(&s.politie, POLITIE), sleutels)]);
    assert!(fouten.is_empty(), "{fouten:?}");
    let politie = gids.partner(oin(POLITIE)).unwrap();
    assert_eq!(politie.certificaat.oin, oin(POLITIE));
    let newest = politie.sleutel(nu()).unwrap();
    assert_eq!(newest.volgnummer, 3);
    assert!(politie.sleutel(dagen(61)).is_none() && politie.sleutel(dagen(-2)).is_none());
    assert_eq!(politie.sleutel_met_kid(&newest.kid), Some(newest));
    assert_eq!(gids.ondertekenaar(s.politie.key().kid()).unwrap().vermelding.oin, oin(POLITIE));
    assert!(gids.partner(oin(GGZ)).is_none() && gids.ondertekenaar("x").is_none());
}

#[test]
fn a_role_is_filled_by_area() {
    let s = Streek::new();
    let (gids, _) = s.build(&[s.gids(&s.vermelding(&s.politie, POLITIE), vec![])]);
    let here = GemeenteCode::parse("0518").unwrap();
    let there = GemeenteCode::parse("0599").unwrap();
    assert_eq!(gids.rol(Partnertype::Politie, Some(here)).len(), 1);
    assert_eq!(gids.rol(Partnertype::Politie, None).len(), 1);
    assert!(gids.rol(Partnertype::Politie, Some(there)).is_empty());
    assert!(gids.rol(Partnertype::Ggz, Some(here)).is_empty());
    let region = Vermelding { gebied: vec![], ..s.vermelding(&s.politie, POLITIE) };
    let (gids, _) = s.build(&[s.gids(&region, vec![])]);
    assert_eq!(gids.rol(Partnertype::Politie, Some(there)).len(), 1);
}

#[test]
fn both_must_have_signed() {
    let s = Streek::new();
    let good = s.gids(&s.vermelding(&s.politie, POLITIE), vec![]);
    let jws = good.vermelding.verklaring.clone();
    let with = |mede: String| Gidsvermelding {
        vermelding: Medeondertekend { verklaring: jws.clone(), medeondertekening: mede },
        sleutels: vec![],
        bevriezingen: vec![],
    };
    // The hub, or the partner itself, countersigns.
    let own = medeonderteken(&s.politie.key(), jws.clone(), nu()).unwrap().medeondertekening;
    assert!(matches!(s.refused(with(own)), Gidsfoutsoort::Medeondertekening(JwsError::Kid)));
    assert!(matches!(s.refused(with(String::new())), Gidsfoutsoort::Medeondertekening(_)));
    let other = s.mede("een andere verklaring".to_owned()).medeondertekening;
    assert!(matches!(s.refused(with(other)), Gidsfoutsoort::AndereVerklaring));
    let later = medeonderteken(&s.beheerder.key(), jws.clone(), dagen(1)).unwrap().medeondertekening;
    assert!(matches!(s.refused(with(later)), Gidsfoutsoort::Toekomst));
    // The covenant manager signs in a partner's place.
    let forged = sign_vermelding(&s.beheerder.key(), &s.vermelding(&s.politie, POLITIE)).unwrap();
    let forged = Gidsvermelding { vermelding: s.mede(forged), sleutels: vec![], bevriezingen: vec![] };
    assert!(matches!(s.refused(forged), Gidsfoutsoort::Vermelding(JwsError::Kid)));
    // A key statement passed off as a directory statement.
    let wrong = s.mede(reeks(&s, &s.politie.key(), 1).remove(0).verklaring);
    let wrong = Gidsvermelding { vermelding: wrong, sleutels: vec![], bevriezingen: vec![] };
    assert!(matches!(s.refused(wrong), Gidsfoutsoort::Vermelding(JwsError::Shape(_))));
}

#[test]
fn the_certificate_is_of_the_organisation_and_holds() {
    let s = Streek::new();
    let other = s.vermelding(&s.politie, GGZ);
    assert!(matches!(s.refused(s.gids(&other, vec![])), Gidsfoutsoort::AndereOrganisatie));
    let garbage = Vermelding { certificaten: vec!["geen certificaat".to_owned()], ..s.vermelding(&s.politie, POLITIE) };
    assert!(matches!(s.refused(s.gids(&garbage, vec![])), Gidsfoutsoort::Keten));
    let none = Vermelding { certificaten: vec![], ..s.vermelding(&s.politie, POLITIE) };
    assert!(matches!(s.refused(s.gids(&none, vec![])), Gidsfoutsoort::Certificaat(CertificateError::Empty)));
    let past = Vermelding { geldig_tot: nu(), ..s.vermelding(&s.politie, POLITIE) };
    assert!(matches!(s.refused(s.gids(&past, vec![])), Gidsfoutsoort::Geldigheid));

    let revoked = s.pki.anchors(std::slice::from_ref(&s.politie.serial));
    let good = [s.gids(&s.vermelding(&s.politie, POLITIE), vec![])];
    let (gids, fouten) = Gids::build(&good, &revoked, s.beheerder.key().verifying_key(), nu());
    assert!(gids.partners().next().is_none());
    assert!(matches!(fouten[0].soort, Gidsfoutsoort::Certificaat(CertificateError::Revoked)));
    assert_eq!(fouten[0].oin, Some(oin(POLITIE)));
}

#[test]
fn the_highest_number_counts_and_a_double_never() {
    let s = Streek::new();
    let numbered = |n, naam: &str| {
        let v = s.vermelding(&s.politie, POLITIE);
        s.gids(&Vermelding { volgnummer: n, naam: naam.to_owned(), ..v }, vec![])
    };
    let (one, two, also_two, three) = (numbered(1, "a"), numbered(2, "b"), numbered(2, "c"), numbered(3, "d"));
    for order in [[one.clone(), two.clone()], [two.clone(), one.clone()]] {
        let (gids, fouten) = s.build(&order);
        assert_eq!(gids.partner(oin(POLITIE)).unwrap().vermelding.volgnummer, 2);
        assert!(matches!(fouten[0].soort, Gidsfoutsoort::Vervangen) && fouten.len() == 1);
    }
    let (gids, fouten) = s.build(&[two.clone(), one.clone(), also_two.clone(), two.clone()]);
    assert!(gids.partner(oin(POLITIE)).is_none(), "two statements with one number: neither counts");
    assert_eq!(fouten.len(), 4);
    let (gids, _) = s.build(&[two, also_two, three, one]);
    assert_eq!(gids.partner(oin(POLITIE)).unwrap().vermelding.naam, "d");
}

#[test]
fn key_statements_follow_on_each_other() {
    let s = Streek::new();
    let key = s.politie.key();
    let good = reeks(&s, &key, 3);
    let statements = |which: &[usize]| which.iter().map(|i| good[*i].clone()).collect::<Vec<_>>();
    // Older ones that nobody needs any more may be left out; not one in between, and none twice.
    let newest = s.gids(&s.vermelding(&s.politie, POLITIE), statements(&[0, 1]));
    assert_eq!(s.build(&[newest]).0.partner(oin(POLITIE)).unwrap().sleutels.len(), 2);
    assert!(matches!(s.keys_refused(statements(&[0, 2])), Gidsfoutsoort::SleutelKeten));
    assert!(matches!(s.keys_refused(statements(&[0, 0, 1, 2])), Gidsfoutsoort::SleutelKeten));
    // Another second statement than the one that the third names.
    let mut fork = good.clone();
    let vorige = Some(verklaring_digest(&good[2].verklaring));
    fork[1] = s.mede(sign_sleutel(&key, &sleutel(2, vorige)).unwrap()).into();
    assert!(matches!(s.keys_refused(fork), Gidsfoutsoort::SleutelKeten));
    let sign = |v: &Sleutelverklaring| vec![s.mede(sign_sleutel(&key, v).unwrap()).into()];
    let first_with_a_past = sleutel(1, Some(crate::sha256(b"x")));
    assert!(matches!(s.keys_refused(sign(&first_with_a_past)), Gidsfoutsoort::SleutelKeten));
    assert!(matches!(s.keys_refused(sign(&sleutel(2, None))), Gidsfoutsoort::SleutelKeten));
    assert!(matches!(s.keys_refused(sign(&sleutel(0, None))), Gidsfoutsoort::SleutelKeten));
}

#[test]
fn a_key_statement_is_the_partners_own() {
    let s = Streek::new();
    let key = s.politie.key();
    let ggz = s.pki.partner(GGZ);
    assert!(matches!(s.keys_refused(reeks(&s, &ggz.key(), 1)), Gidsfoutsoort::Sleutel(JwsError::Kid)));
    let sign = |v: &Sleutelverklaring| vec![s.mede(sign_sleutel(&key, v).unwrap()).into()];
    let of_another = Sleutelverklaring { oin: oin(GGZ), ..sleutel(1, None) };
    assert!(matches!(s.keys_refused(sign(&of_another)), Gidsfoutsoort::SleutelAnder));
    let misnamed = Sleutelverklaring { kid: sleutel(1, None).kid, ..sleutel(1, None) };
    assert!(matches!(s.keys_refused(sign(&misnamed)), Gidsfoutsoort::SleutelVorm));
    let mut beside = sleutel(1, None);
    beside.jwk.y = beside.jwk.x.clone();
    beside.kid = jwk_thumbprint(&beside.jwk);
    assert!(matches!(s.keys_refused(sign(&beside)), Gidsfoutsoort::SleutelVorm));
    let long = Sleutelverklaring { geldig_tot: dagen(MAX_KEY_DAYS), ..sleutel(1, None) };
    assert!(matches!(s.keys_refused(sign(&long)), Gidsfoutsoort::SleutelDuur));
    let backwards = Sleutelverklaring { geldig_tot: dagen(-2), ..sleutel(1, None) };
    assert!(matches!(s.keys_refused(sign(&backwards)), Gidsfoutsoort::SleutelDuur));
    // Signed by the partner, not seen by the covenant manager.
    let own = medeonderteken(&key, sign_sleutel(&key, &sleutel(1, None)).unwrap(), nu()).unwrap();
    assert!(matches!(s.keys_refused(vec![own.into()]), Gidsfoutsoort::Medeondertekening(_)));
}

#[test]
fn any_character_changed_is_refused() {
    let s = Streek::new();
    let good = s.gids(&s.vermelding(&s.politie, POLITIE), reeks(&s, &s.politie.key(), 1));
    let text = serde_json::to_string(&good).unwrap();
    let anchors = s.pki.anchors(&[]);
    let beheerder = s.beheerder.key().verifying_key().clone();
    for i in (0..text.len()).step_by(7) {
        let mut bytes = text.clone().into_bytes();
        bytes[i] = if bytes[i] == b'A' { b'Q' } else { b'A' };
        let Ok(changed) = serde_json::from_slice::<Gidsvermelding>(&bytes) else { continue };
        let (gids, fouten) = Gids::build(&[changed], &anchors, &beheerder, nu());
        assert!(!fouten.is_empty(), "character {i}");
        assert!(gids.partners().all(|p| p.sleutels.is_empty()), "character {i}");
    }
}
