//! A party by two signatures, gone by one.

use inbreng_domain::{convenant::Convenanttekst, versie::Beheerfunctie, vocabulary::Categorie};

use super::*;
use crate::{
    gids::{certificaatketen, medeonderteken},
    testpki::{GGZ, Getekend, POLITIE, TestPki, dagen, nu, oin},
};

struct Streek {
    pki: TestPki,
    beheerder: Getekend,
    politie: Getekend,
}

fn convenant() -> ConvenantId {
    "andere-regio".parse().unwrap()
}

fn tekst() -> Convenanttekst {
    Convenanttekst {
        convenant: convenant(),
        titel: "Convenant Andere Regio".to_owned(),
        document: None,
        geldig_vanaf: dagen(-100),
        geldig_tot: dagen(900),
        buiten_convenant: vec![Categorie::Medisch],
    }
}

impl Streek {
    fn new() -> Self {
        let pki = TestPki::new();
        let beheerder = pki.partner("00000001003214345099");
        let politie = pki.partner(POLITIE);
        Self { pki, beheerder, politie }
    }

    fn toetreding(&self) -> Toetreding {
        Toetreding {
            tekst: tekst(),
            partij: oin(POLITIE),
            afspraken: 1,
            vanaf: nu(),
            tot: None,
            volgnummer: 1,
            functie: Beheerfunctie::Bestuurder,
            certificaten: certificaatketen(&self.politie.chain),
            tijd: nu(),
        }
    }

    fn uittreding(&self) -> Uittreding {
        Uittreding {
            convenant: convenant(),
            partij: oin(POLITIE),
            vanaf: dagen(5),
            volgnummer: 2,
            functie: Beheerfunctie::Bestuurder,
            certificaten: certificaatketen(&self.politie.chain),
            tijd: nu(),
        }
    }

    fn mede(&self, verklaring: String) -> Medeondertekend {
        medeonderteken(&self.beheerder.key(), verklaring, nu()).unwrap()
    }

    fn getekend(&self, toetreding: &Toetreding) -> Medeondertekend {
        self.mede(sign_toetreding(&self.politie.key(), toetreding).unwrap())
    }

    fn lezen(&self, verklaring: &Medeondertekend, anchors: &Anchors, op: Tijdstip) -> Result<Toetreding, Partijfoutsoort> {
        verify_toetreding(verklaring, anchors, self.beheerder.key().verifying_key(), op).map_err(|f| f.soort)
    }

    fn geweigerd(&self, verklaring: &Medeondertekend) -> Partijfoutsoort {
        self.lezen(verklaring, &self.pki.anchors(&[]), nu()).unwrap_err()
    }
}

#[test]
fn a_party_joins_by_two_signatures_and_leaves_by_one() {
    let s = Streek::new();
    let toe = s.getekend(&s.toetreding());
    let uit = sign_uittreding(&s.politie.key(), &s.uittreding()).unwrap();
    let anchors = s.pki.anchors(&[]);
    let beheerder = s.beheerder.key();
    let lezen =
        |toe: &[Medeondertekend], uit: &[String]| partijen(&convenant(), toe, uit, &anchors, beheerder.verifying_key(), nu());
    let (leden, fouten) = lezen(std::slice::from_ref(&toe), &[]);
    assert!(fouten.is_empty());
    assert!(leden.lid(&tekst(), oin(POLITIE), nu()).is_some() && leden.lid(&tekst(), oin(GGZ), nu()).is_none());
    assert!(leden.lid(&tekst(), oin(POLITIE), dagen(6)).is_some());
    let (leden, fouten) = lezen(std::slice::from_ref(&toe), &[uit]);
    assert!(fouten.is_empty());
    assert!(leden.lid(&tekst(), oin(POLITIE), dagen(4)).is_some() && leden.lid(&tekst(), oin(POLITIE), dagen(5)).is_none());
    // The party's signature is not enough, nor is the covenant manager's over something else.
    let (leden, fouten) =
        lezen(&[Medeondertekend { medeondertekening: s.mede("iets.anders.dan-dit".to_owned()).medeondertekening, ..toe }], &[]);
    assert_eq!((leden, fouten.len()), (Partijen::default(), 1));
    // Of another covenant it says nothing.
    let ander = Toetreding { tekst: Convenanttekst { convenant: "derde-regio".parse().unwrap(), ..tekst() }, ..s.toetreding() };
    let (leden, fouten) = lezen(&[s.getekend(&ander)], &[]);
    assert_eq!(leden, Partijen::default());
    assert!(matches!(fouten.as_slice(), [Partijfout { soort: Partijfoutsoort::AnderConvenant, .. }]));
}

#[test]
fn nobody_makes_a_party_of_another() {
    let s = Streek::new();
    let ggz = s.pki.partner(GGZ);
    let toe = s.toetreding();
    let van_ggz = |t: &Toetreding| s.mede(sign_toetreding(&ggz.key(), t).unwrap());
    // What the covenant manager looks at before its own word: the party's part alone.
    let eigen =
        |van: &Getekend, op| verify_eigen_toetreding(&sign_toetreding(&van.key(), &toe).unwrap(), &s.pki.anchors(&[]), op);
    assert_eq!(eigen(&s.politie, nu()).unwrap(), toe);
    assert!(matches!(eigen(&ggz, nu()).unwrap_err().soort, Partijfoutsoort::Verklaring(_)));
    assert!(matches!(eigen(&s.politie, dagen(9_000)).unwrap_err().soort, Partijfoutsoort::Certificaat(_)), "not of then");
    assert!(matches!(s.geweigerd(&van_ggz(&toe)), Partijfoutsoort::Verklaring(_)), "signed by another");
    let eigen_keten = Toetreding { certificaten: certificaatketen(&ggz.chain), ..toe.clone() };
    assert!(matches!(s.geweigerd(&van_ggz(&eigen_keten)), Partijfoutsoort::AndereOrganisatie));
    // An authority that nobody trusts.
    let elders = TestPki::new().partner(POLITIE);
    let vreemd = Toetreding { certificaten: certificaatketen(&elders.chain), ..toe.clone() };
    let vreemd = s.mede(sign_toetreding(&elders.key(), &vreemd).unwrap());
    assert!(matches!(s.geweigerd(&vreemd), Partijfoutsoort::Certificaat(CertificateError::Untrusted(_))));
    // Countersigned by the party itself.
    let zelf = medeonderteken(&s.politie.key(), sign_toetreding(&s.politie.key(), &toe).unwrap(), nu()).unwrap();
    assert!(matches!(s.geweigerd(&zelf), Partijfoutsoort::Medeondertekening(_)));
    // Signed for another use, or meant for TLS.
    let ander_gebruik = s.mede(jws::sign(&s.politie.key(), Typ::Vermelding, &toe).unwrap());
    assert!(matches!(s.geweigerd(&ander_gebruik), Partijfoutsoort::Verklaring(_)));
    let tls = s.pki.tls(POLITIE);
    let met_tls = Toetreding { certificaten: certificaatketen(&tls.chain), ..toe.clone() };
    let met_tls = s.mede(sign_toetreding(&tls.key(), &met_tls).unwrap());
    assert!(matches!(s.geweigerd(&met_tls), Partijfoutsoort::Certificaat(CertificateError::Usage)));
    let leeg = Toetreding { certificaten: vec!["%".to_owned()], ..toe };
    assert!(matches!(s.geweigerd(&s.getekend(&leeg)), Partijfoutsoort::Keten));
}

#[test]
fn a_certificate_that_expires_takes_no_signature_away_and_one_that_is_revoked_does() {
    let mut s = Streek::new();
    s.politie = s.pki.certificaat(POLITIE, |p| p.not_after = dagen(10).offset());
    let toe = s.getekend(&s.toetreding());
    let uit = sign_uittreding(&s.politie.key(), &s.uittreding()).unwrap();
    let anchors = s.pki.anchors(&[]);
    assert!(s.lezen(&toe, &anchors, dagen(20)).is_ok());
    assert!(verify_uittreding(&uit, &anchors).is_ok());
    let ingetrokken = s.pki.anchors(&[s.politie.serial.clone()]);
    let weg = s.lezen(&toe, &ingetrokken, nu());
    assert!(matches!(weg, Err(Partijfoutsoort::Certificaat(CertificateError::Revoked))), "{weg:?}");
    assert!(verify_uittreding(&uit, &ingetrokken).is_ok(), "who left is not brought back");
    // Without a fresh list nothing is known.
    let oud = s.lezen(&toe, &anchors, dagen(40));
    assert!(matches!(oud, Err(Partijfoutsoort::Certificaat(CertificateError::CrlExpired))), "{oud:?}");
    assert!(verify_uittreding(&uit, &anchors).is_ok());
    let elders = sign_uittreding(&s.pki.partner(GGZ).key(), &s.uittreding()).unwrap();
    assert!(verify_uittreding(&elders, &anchors).is_err(), "nobody leaves for another");
    // That a certificate has ended is no way around its path.
    let vreemd = TestPki::new().certificaat(POLITIE, |p| p.not_after = dagen(-1).offset());
    let vals = Uittreding { certificaten: certificaatketen(&vreemd.chain), ..s.uittreding() };
    let vals = verify_uittreding(&sign_uittreding(&vreemd.key(), &vals).unwrap(), &anchors).map_err(|f| f.soort);
    assert!(matches!(vals, Err(Partijfoutsoort::Certificaat(CertificateError::Untrusted(_)))), "{vals:?}");
    let tls = s.pki.tls(POLITIE);
    let met_tls = Uittreding { certificaten: certificaatketen(&tls.chain), ..s.uittreding() };
    let met_tls = verify_uittreding(&sign_uittreding(&tls.key(), &met_tls).unwrap(), &anchors).map_err(|f| f.soort);
    assert!(matches!(met_tls, Err(Partijfoutsoort::Certificaat(CertificateError::Usage))), "{met_tls:?}");
}
