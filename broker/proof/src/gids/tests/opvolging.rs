//! A new encryption key rests on the one before it, or on the word of the covenant manager; a frozen one proves nothing.

use inbreng_domain::gids::{Bevriesreden, Medeondertekening, Sleutelaanleiding};
use rcgen::KeyPair;

use super::*;
use crate::{
    gids::{bevestigen, opvolgen, sign_bevriezing, verify_bevriezing},
    jws::Typ,
};

/// An encryption key with the statement that publishes it.
struct Schakel {
    sleutel: SigningKey,
    kid: String,
    vermelding: Sleutelvermelding,
}

impl Schakel {
    fn digest(&self) -> Digest {
        verklaring_digest(&self.vermelding.verklaring)
    }
}

impl Streek {
    fn los(&self, nummer: u32, vorige: Option<Digest>) -> Schakel {
        let paar = KeyPair::generate().unwrap();
        let jwk = jwk_of_point(paar.public_key_raw()).unwrap();
        let verklaring = Sleutelverklaring { kid: jwk_thumbprint(&jwk), jwk, ..sleutel(nummer, vorige) };
        let sleutel = SigningKey::of_encryption_key(&paar.serialize_pem()).unwrap();
        assert_eq!(sleutel.kid(), verklaring.kid);
        let jws = sign_sleutel(&self.politie.key(), &verklaring).unwrap();
        let vermelding = Sleutelvermelding { verklaring: jws, medeondertekening: None, opvolging: None };
        Schakel { sleutel, kid: verklaring.kid, vermelding }
    }

    fn eerste(&self) -> Schakel {
        self.bevestigd(self.los(1, None), Sleutelaanleiding::Eerste)
    }

    fn bevestigd(&self, schakel: Schakel, aanleiding: Sleutelaanleiding) -> Schakel {
        let vermelding = bevestigen(&self.beheerder.key(), schakel.vermelding.verklaring, aanleiding, nu()).unwrap();
        Schakel { vermelding, ..schakel }
    }

    /// The next key, proven by this one.
    fn volgende(&self, oud: &Schakel, nummer: u32) -> Schakel {
        let schakel = self.los(nummer, Some(oud.digest()));
        let vermelding = opvolgen(&oud.sleutel, &oud.vermelding.verklaring, schakel.vermelding.verklaring).unwrap();
        Schakel { vermelding, ..schakel }
    }

    fn bevriezing(&self, welke: &Schakel, laatste: &Schakel) -> Bevriezing {
        Bevriezing {
            oin: oin(POLITIE),
            kid: welke.kid.clone(),
            laatste: laatste.digest(),
            reden: Bevriesreden::Gelekt,
            certificaten: certificaatketen(&self.politie.chain),
            tijd: nu(),
        }
    }

    fn bevroren_door_eigenaar(&self, welke: &Schakel, laatste: &Schakel) -> String {
        sign_bevriezing(&self.politie.key(), &self.bevriezing(welke, laatste)).unwrap()
    }

    /// The partner with these key statements, oldest first, and these freezes; and what is wrong with its keys.
    fn met(&self, schakels: &[&Schakel], bevriezingen: &[String]) -> (Partner, Option<Gidsfoutsoort>) {
        let sleutels = schakels.iter().rev().map(|s| s.vermelding.clone()).collect();
        let mut gids = self.gids(&self.vermelding(&self.politie, POLITIE), sleutels);
        gids.bevriezingen = bevriezingen.to_vec();
        let beheerder = self.beheerder.key();
        let (partner, fout) = verify_gidsvermelding(&gids, &self.pki.anchors(&[]), beheerder.verifying_key(), nu()).unwrap();
        (partner, fout.map(|f| f.soort))
    }

    fn geweigerd(&self, schakels: &[&Schakel]) -> Gidsfoutsoort {
        let (partner, fout) = self.met(schakels, &[]);
        assert!(partner.sleutel(nu()).is_none() && partner.sleutels.is_empty());
        fout.unwrap()
    }

    fn geldend(&self, schakels: &[&Schakel], bevriezingen: &[String]) -> Option<String> {
        let (partner, fout) = self.met(schakels, bevriezingen);
        assert!(fout.is_none(), "{fout:?}");
        partner.sleutel(nu()).map(|s| s.kid.clone())
    }
}

#[test]
fn the_previous_key_proves_the_next() {
    let s = Streek::new();
    let een = s.eerste();
    let twee = s.volgende(&een, 2);
    let drie = s.volgende(&twee, 3);
    assert_eq!(s.geldend(&[&een, &twee, &drie], &[]), Some(drie.kid.clone()));
    // Shown from a statement that the covenant manager confirmed; not from one whose proof cannot be held against anything.
    assert!(matches!(s.geweigerd(&[&twee, &drie]), Gidsfoutsoort::Opvolging(None)));
    let twee = s.bevestigd(s.los(2, Some(een.digest())), Sleutelaanleiding::Verloren);
    let drie = s.volgende(&twee, 3);
    assert_eq!(s.geldend(&[&twee, &drie], &[]), Some(drie.kid.clone()));
}

/// Whoever fetches the directory holds every statement in it: an entry shows no more of them than it has to.
#[test]
fn a_row_is_no_longer_than_it_has_to_be() {
    let s = Streek::new();
    let mut rij = vec![s.eerste()];
    for nummer in 2..=65 {
        rij.push(s.volgende(&rij[rij.len() - 1], nummer));
    }
    let alle: Vec<_> = rij.iter().collect();
    assert_eq!(s.geldend(&alle[..64], &[]), Some(rij[63].kid.clone()));
    assert!(matches!(s.geweigerd(&alle), Gidsfoutsoort::SleutelsVeel));
}

/// Whoever has the signing key alone makes a statement that verifies, and that no key before it proves.
#[test]
fn attack_6_a_stolen_signing_key_brings_no_encryption_key_in() {
    let s = Streek::new();
    let een = s.eerste();
    let los = s.los(2, Some(een.digest()));
    assert!(matches!(s.geweigerd(&[&een, &los]), Gidsfoutsoort::SleutelOnbewezen));
    // Proven by itself, by the signing key, by the key of another, or by the right key about something else.
    let met = |opvolging: String| {
        let vermelding = Sleutelvermelding { opvolging: Some(opvolging), ..los.vermelding.clone() };
        Schakel { vermelding, sleutel: los.sleutel.clone(), kid: los.kid.clone() }
    };
    let door = |sleutel: &SigningKey, over: &Schakel| {
        opvolgen(sleutel, &een.vermelding.verklaring, over.vermelding.verklaring.clone()).unwrap().opvolging.unwrap()
    };
    for vals in [door(&los.sleutel, &los), door(&s.politie.key(), &los), door(&s.los(1, None).sleutel, &los)] {
        assert!(matches!(s.geweigerd(&[&een, &met(vals)]), Gidsfoutsoort::Opvolging(Some(JwsError::Kid))));
    }
    let ander = s.los(2, Some(een.digest()));
    assert!(matches!(s.geweigerd(&[&een, &met(door(&een.sleutel, &ander))]), Gidsfoutsoort::Opvolging(None)));
    let na_ander = opvolgen(&een.sleutel, "iets.anders.dan-dit", los.vermelding.verklaring.clone()).unwrap().opvolging.unwrap();
    assert!(matches!(s.geweigerd(&[&een, &met(na_ander)]), Gidsfoutsoort::Opvolging(None)));
    // The signature of a key for another use.
    let ander_gebruik = crate::jws::sign(&een.sleutel, Typ::Sleutel, &serde_json::json!({})).unwrap();
    assert!(matches!(s.geweigerd(&[&een, &met(ander_gebruik)]), Gidsfoutsoort::Opvolging(Some(JwsError::Typ))));
    assert_eq!(s.geldend(&[&een, &met(door(&een.sleutel, &los))], &[]), Some(los.kid.clone()), "the key itself does");
}

/// Whoever has the encryption key alone cannot sign a statement.
#[test]
fn attack_6_a_stolen_encryption_key_makes_no_statement() {
    let s = Streek::new();
    let een = s.eerste();
    let twee = s.los(2, Some(een.digest()));
    let verklaring: Sleutelverklaring = crate::jws::unverified_payload(&twee.vermelding.verklaring).unwrap();
    let jws = sign_sleutel(&een.sleutel, &verklaring).unwrap();
    let vermelding = opvolgen(&een.sleutel, &een.vermelding.verklaring, jws).unwrap();
    let vals = Schakel { vermelding, ..twee };
    assert!(matches!(s.geweigerd(&[&een, &vals]), Gidsfoutsoort::Sleutel(JwsError::Kid)));
}

/// From the date on, a countersignature of a key says why; what was countersigned before counts until its statement ends.
#[test]
fn a_confirmation_says_why_from_its_date_on() {
    let s = Streek::new();
    let vanaf = inbreng_domain::gids::bevestiging_vanaf();
    let met = |tijd: Tijdstip, bevestigt: Option<Sleutelaanleiding>| {
        let verklaring = Sleutelverklaring { geldig_tot: vanaf.plus(time::Duration::days(40)), ..sleutel(1, None) };
        let jws = sign_sleutel(&s.politie.key(), &verklaring).unwrap();
        let mede = Medeondertekening { verklaring: verklaring_digest(&jws), tijd, bevestigt };
        let mede = crate::jws::sign(&s.beheerder.key(), Typ::Medeondertekening, &mede).unwrap();
        let vermelding = Sleutelvermelding { verklaring: jws, medeondertekening: Some(mede), opvolging: None };
        let gids = s.gids(&s.vermelding(&s.politie, POLITIE), vec![vermelding]);
        let beheerder = s.beheerder.key();
        let op = vanaf.plus(time::Duration::minutes(1));
        let anchors = s.pki.anchors_tot(op.plus(time::Duration::days(1)), &[]);
        verify_gidsvermelding(&gids, &anchors, beheerder.verifying_key(), op).unwrap().1.map(|f| f.soort)
    };
    let ervoor = vanaf.plus(time::Duration::milliseconds(-1));
    assert!(met(ervoor, None).is_none(), "of before");
    assert!(matches!(met(vanaf, None), Some(Gidsfoutsoort::SleutelOnbewezen)));
    assert!(met(vanaf, Some(Sleutelaanleiding::Eerste)).is_none());
}

#[test]
fn a_frozen_key_is_sealed_for_by_nobody_and_what_it_replaced_does_not_come_back() {
    let s = Streek::new();
    let een = s.eerste();
    let twee = s.volgende(&een, 2);
    let door_eigenaar = s.bevroren_door_eigenaar(&twee, &twee);
    assert_eq!(s.geldend(&[&een, &twee], std::slice::from_ref(&door_eigenaar)), None);
    let door_beheerder = Bevriezing { certificaten: vec![], ..s.bevriezing(&twee, &twee) };
    let door_beheerder = sign_bevriezing(&s.beheerder.key(), &door_beheerder).unwrap();
    assert_eq!(s.geldend(&[&een, &twee], &[door_beheerder]), None);
    // Nor is it thawed by a later statement of the same key, confirmed or not.
    let weer = Sleutelverklaring {
        volgnummer: 3,
        vorige: Some(twee.digest()),
        ..crate::jws::unverified_payload(&twee.vermelding.verklaring).unwrap()
    };
    let jws = sign_sleutel(&s.politie.key(), &weer).unwrap();
    let vermelding = bevestigen(&s.beheerder.key(), jws, Sleutelaanleiding::Bevroren, nu()).unwrap();
    let weer = Schakel { vermelding, sleutel: twee.sleutel.clone(), kid: twee.kid.clone() };
    assert_eq!(s.geldend(&[&een, &twee, &weer], std::slice::from_ref(&door_eigenaar)), None);
    // An older key that is frozen takes nothing from the one that was there at the freeze.
    assert_eq!(s.geldend(&[&een, &twee], &[s.bevroren_door_eigenaar(&een, &twee)]), Some(twee.kid.clone()));
}

/// Whoever has both keys makes a successor. The freeze takes it away, also where it was there before, and the covenant manager's word
/// alone brings a key again.
#[test]
fn attack_6_a_frozen_key_proves_no_successor() {
    let s = Streek::new();
    let een = s.eerste();
    let vals = s.volgende(&een, 2);
    let daarna = s.volgende(&vals, 3);
    assert_eq!(s.geldend(&[&een, &vals, &daarna], &[]), Some(daarna.kid.clone()), "nobody could know yet");
    let bevroren = [s.bevroren_door_eigenaar(&een, &een)];
    let (partner, fout) = s.met(&[&een, &vals, &daarna], &bevroren);
    assert!(fout.is_none() && partner.sleutel(nu()).is_none(), "nor what rests on it");
    assert_eq!(partner.vervallen.iter().copied().collect::<Vec<_>>(), [2, 3]);
    let vier = s.bevestigd(s.los(4, Some(daarna.digest())), Sleutelaanleiding::Bevroren);
    assert_eq!(s.geldend(&[&een, &vals, &daarna, &vier], &bevroren), Some(vier.kid.clone()));
    let vijf = s.volgende(&vier, 5);
    assert_eq!(s.geldend(&[&een, &vals, &daarna, &vier, &vijf], &bevroren), Some(vijf.kid.clone()));
}

#[test]
fn only_the_organisation_itself_and_the_covenant_manager_freeze() {
    let s = Streek::new();
    let een = s.eerste();
    let ggz = s.pki.partner(GGZ);
    let beheerder = s.beheerder.key();
    let lezen = |jws: &str, anchors| verify_bevriezing(jws, &anchors, beheerder.verifying_key(), nu());
    let eigen = s.bevriezing(&een, &een);
    let goed = sign_bevriezing(&s.politie.key(), &eigen).unwrap();
    assert_eq!(lezen(&goed, s.pki.anchors(&[])).unwrap(), eigen);
    // Its certificate was revoked since: the key stays frozen.
    assert!(lezen(&goed, s.pki.anchors(std::slice::from_ref(&s.politie.serial))).is_ok());
    let van_ggz = Bevriezing { certificaten: certificaatketen(&ggz.chain), ..eigen.clone() };
    let later = Bevriezing { tijd: dagen(1), ..eigen.clone() };
    for (vals, sleutel) in [
        (eigen.clone(), ggz.key()),
        (van_ggz, ggz.key()),
        (Bevriezing { certificaten: vec![], ..eigen.clone() }, s.politie.key()),
        (Bevriezing { certificaten: vec!["geen".to_owned()], ..eigen.clone() }, s.politie.key()),
        (eigen, een.sleutel.clone()),
        (later, s.politie.key()),
    ] {
        let jws = sign_bevriezing(&sleutel, &vals).unwrap();
        assert!(lezen(&jws, s.pki.anchors(&[])).is_err(), "{vals:?}");
        // Beside an entry it counts for nothing.
        assert_eq!(s.geldend(&[&een], &[jws]), Some(een.kid.clone()));
    }
}
