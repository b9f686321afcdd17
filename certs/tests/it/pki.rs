//! The PKI as its readers see it: through `inbreng-proof`, as hub and adapters do, and through webpki, as TLS does.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc, time::Duration as StdDuration};

use super::gemeen::{POLITIE, keten, maken, nu, partner, slug};
use inbreng_certs::{Certificaatsoort, Pki, PkiFout, PkiSpec};
use inbreng_domain::{
    clock::{Clock, FixedClock, SystemClock},
    gids::Sleutelverklaring,
    vocabulary::{JaNee, Partnertype},
};
use inbreng_proof::{
    CertificateError, Gids, SigningKey, Typ,
    certificate::oin_of,
    gids::{Gidsfoutsoort, verklaring_digest},
    jwk::point_of_jwk,
    jws,
};
use rustls_pki_types::{CertificateDer, UnixTime};
use time::Duration;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

fn gids(pki: &Pki) -> (Gids, Vec<inbreng_proof::gids::Gidsfout>) {
    Gids::build(&pki.gids().unwrap(), &pki.anchors().unwrap(), &pki.beheerder().unwrap(), nu())
}

#[test]
fn everything_stands_where_it_is_looked_for() {
    let (dir, pki) = maken();
    let root = dir.path().join("pki");
    for file in [
        "root.pem",
        "root.key",
        "tussen.pem",
        "tussen.key",
        "crl.pem",
        "gids.json",
        "knooppunt/oin.txt",
        "knooppunt/tls.pem",
        "knooppunt/tls.key",
        "knooppunt/ondertekening.pem",
        "knooppunt/ondertekening.key",
        "convenantbeheerder/oin.txt",
        "convenantbeheerder/ondertekening.pem",
        "convenantbeheerder/ondertekening.key",
        "partners/politie/oin.txt",
        "partners/politie/tls.pem",
        "partners/politie/tls.key",
        "partners/politie/ondertekening.pem",
        "partners/politie/ondertekening.key",
        "partners/politie/verzegeling-1.key",
        "partners/politie/gids.json",
    ] {
        assert!(root.join(file).is_file(), "{file}");
    }
    assert_eq!(fs::read_to_string(root.join("partners/politie/oin.txt")).unwrap(), POLITIE);
    assert_eq!(pki.partnermap(&slug("politie")).unwrap().tls_pem(), root.join("partners/politie/tls.pem"));
    let mut keys = 0;
    every_file(&root, &mut |file| {
        if file.extension().is_some_and(|e| e == "key") {
            let text = fs::read_to_string(file).unwrap();
            assert!(text.starts_with("-----BEGIN PRIVATE KEY-----"), "{} is PKCS#8", file.display());
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
            keys += 1;
        }
        assert!(file.extension().is_none_or(|e| e != "nieuw"), "nothing half written is left");
    });
    assert_eq!(keys, 2 + 3 + 2 * 3);
}

fn every_file(dir: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { every_file(&path, visit) } else { visit(&path) }
    }
}

#[test]
fn every_statement_holds_for_its_readers() {
    let (_dir, pki) = maken();
    pki.controleren().unwrap();
    let (gids, fouten) = gids(&pki);
    assert!(fouten.is_empty(), "{fouten:?}");
    let politie = gids.partner(POLITIE.parse().unwrap()).unwrap();
    assert_eq!(politie.vermelding.partnertype, Partnertype::Politie);
    assert_eq!(politie.vermelding.noodontvanger, JaNee::Ja);
    assert_eq!(politie.certificaat.naam, "Organisatie politie (test)");
    assert_eq!(gids.rol(Partnertype::Ggz, Some("0518".parse().unwrap())).len(), 1);
    // Its adapter finds the private key of the statement in the file of the same number.
    let sleutel = politie.sleutel(nu()).unwrap();
    let map = pki.partnermap(&slug("politie")).unwrap();
    let private = openssl_key(&map.verzegeling_key(sleutel.volgnummer));
    assert_eq!(private, point_of_jwk(&sleutel.jwk).unwrap());
    for naam in ["knooppunt", "convenantbeheerder", "politie"] {
        let jws = jws::sign(&pki.ondertekensleutel(&slug(naam)).unwrap(), Typ::Kop, &1).unwrap();
        let chain = keten(&match naam {
            "knooppunt" => pki.knooppuntmap().ondertekening_pem(),
            "convenantbeheerder" => pki.beheerdersmap().ondertekening_pem(),
            _ => map.ondertekening_pem(),
        });
        let certificaat = pki.anchors().unwrap().signing_certificate(&chain, nu()).unwrap();
        assert_eq!(jws::verify::<u8>(&jws, Typ::Kop, &certificaat.key).unwrap(), 1);
    }
}

/// The public point of a private key file, found by another library than the one that made it.
fn openssl_key(pad: &Path) -> [u8; 65] {
    use openssl::{bn::BigNumContext, ec::PointConversionForm, pkey::PKey};
    let key = PKey::private_key_from_pem(&fs::read(pad).unwrap()).unwrap().ec_key().unwrap();
    let mut ctx = BigNumContext::new().unwrap();
    let point = key.public_key().to_bytes(key.group(), PointConversionForm::UNCOMPRESSED, &mut ctx).unwrap();
    point.try_into().unwrap()
}

/// Judged as rustls judges a TLS certificate.
fn tls(pki: &Pki, chain: &[Vec<u8>], usage: KeyUsage) -> Result<(), webpki::Error> {
    let root = CertificateDer::from(keten(&pki.dir().join("root.pem")).remove(0));
    let leaf = CertificateDer::from(chain[0].as_slice());
    let above: Vec<_> = chain[1..].iter().map(|c| CertificateDer::from(c.as_slice())).collect();
    let at = UnixTime::since_unix_epoch(StdDuration::from_millis(nu().unix_millis().try_into().unwrap()));
    let anchors = [anchor_from_trusted_cert(&root)?];
    EndEntityCert::try_from(&leaf)?
        .verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, &above, at, usage, None, None)
        .map(|_| ())
}

#[test]
fn neither_certificate_serves_for_the_other() {
    let (_dir, pki) = maken();
    let map = pki.partnermap(&slug("politie")).unwrap();
    let (tls_chain, signing_chain) = (keten(&map.tls_pem()), keten(&map.ondertekening_pem()));
    assert_eq!(tls_chain.len(), 2, "the intermediate comes along");
    assert_eq!(oin_of(&tls_chain[0]).unwrap().to_string(), POLITIE);
    let anchors = pki.anchors().unwrap();
    anchors.signing_certificate(&signing_chain, nu()).unwrap();
    assert!(matches!(anchors.signing_certificate(&tls_chain, nu()), Err(CertificateError::Usage)));
    tls(&pki, &tls_chain, KeyUsage::client_auth()).unwrap();
    assert!(tls(&pki, &signing_chain, KeyUsage::client_auth()).is_err());
    assert!(tls(&pki, &signing_chain, KeyUsage::server_auth()).is_err());
    assert!(tls(&pki, &tls_chain, KeyUsage::server_auth()).is_err(), "a partner cannot stand in for the hub");
    let hub = keten(&pki.knooppuntmap().tls_pem());
    tls(&pki, &hub, KeyUsage::server_auth()).unwrap();
    tls(&pki, &hub, KeyUsage::client_auth()).unwrap();
}

#[test]
fn the_hub_answers_to_its_names() {
    let (_dir, pki) = maken();
    let chain = keten(&pki.knooppuntmap().tls_pem());
    let leaf = CertificateDer::from(chain[0].as_slice());
    let leaf = EndEntityCert::try_from(&leaf).unwrap();
    let fits = |name: &str| leaf.verify_is_valid_for_subject_name(&name.to_owned().try_into().unwrap()).is_ok();
    for name in ["localhost", "127.0.0.1", "hub.voorbeeld.test", "10.0.0.1"] {
        assert!(fits(name), "{name}");
    }
    assert!(!fits("elders.test") && !fits("10.0.0.2"));
}

#[test]
fn revoked_is_refused_and_a_new_one_is_not() {
    let (_dir, mut pki) = maken();
    let map = pki.partnermap(&slug("politie")).unwrap();
    let (old_tls, old_signing) = (keten(&map.tls_pem()), keten(&map.ondertekening_pem()));

    let series = pki.intrekken(&slug("politie"), &[Certificaatsoort::Tls]).unwrap();
    assert_eq!(series.len(), 1);
    let anchors = pki.anchors().unwrap();
    assert!(anchors.is_revoked(&old_tls[0]) && !anchors.is_revoked(&old_signing[0]));
    assert!(gids(&pki).1.is_empty(), "signing goes on");

    pki.intrekken(&slug("politie"), &Certificaatsoort::ALLE).unwrap();
    let anchors = pki.anchors().unwrap();
    assert!(matches!(anchors.signing_certificate(&old_signing, nu()), Err(CertificateError::Revoked)));
    let (without, fouten) = gids(&pki);
    assert!(without.partner(POLITIE.parse().unwrap()).is_none());
    assert!(matches!(fouten[0].soort, Gidsfoutsoort::Certificaat(CertificateError::Revoked)));
    assert!(matches!(pki.intrekken(&slug("politie"), &Certificaatsoort::ALLE), Err(PkiFout::NietsInTeTrekken(_))));
    pki.controleren().unwrap();

    // Also after a restart of the tool.
    let mut pki = Pki::open(pki.dir(), Arc::new(SystemClock)).unwrap();
    pki.heruitgeven(&slug("politie")).unwrap();
    let anchors = pki.anchors().unwrap();
    assert!(anchors.is_revoked(&old_signing[0]) && anchors.is_revoked(&old_tls[0]));
    assert!(!anchors.is_revoked(&keten(&map.tls_pem())[0]));
    let (with, fouten) = gids(&pki);
    assert!(fouten.is_empty(), "{fouten:?}");
    let politie = with.partner(POLITIE.parse().unwrap()).unwrap();
    assert_eq!(politie.vermelding.volgnummer, 2);
    assert_eq!(politie.sleutel(nu()).unwrap().volgnummer, 2, "what may have leaked with the certificate is not sealed for");
    assert!(map.verzegeling_key(1).exists() && map.verzegeling_key(2).exists());
    pki.controleren().unwrap();
}

#[test]
fn an_expired_list_refuses_everyone() {
    let (_dir, mut pki) = maken();
    let chain = keten(&pki.partnermap(&slug("ggz")).unwrap().ondertekening_pem());
    pki.crl(Duration::days(-1)).unwrap();
    assert!(matches!(pki.anchors().unwrap().signing_certificate(&chain, nu()), Err(CertificateError::CrlExpired)));
    assert!(pki.controleren().is_err());
    pki.crl(Duration::days(1)).unwrap();
    pki.controleren().unwrap();
}

#[test]
fn key_statements_name_the_one_before() {
    let (_dir, mut pki) = maken();
    assert_eq!(pki.sleutel_vernieuwen(&slug("ggz")).unwrap(), 2);
    assert_eq!(pki.sleutel_vernieuwen(&slug("ggz")).unwrap(), 3);
    let shown = pki.gidsvermelding(&slug("ggz")).unwrap().sleutels;
    let read: Vec<Sleutelverklaring> = shown.iter().map(|s| jws::unverified_payload(&s.verklaring).unwrap()).collect();
    assert_eq!(read.iter().map(|s| s.volgnummer).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(read[0].vorige, Some(verklaring_digest(&shown[1].verklaring)));
    assert_eq!(read[1].vorige, Some(verklaring_digest(&shown[2].verklaring)));
    assert_eq!(read[2].vorige, None);
    assert!(read[0].geldig_tot.since(read[0].geldig_vanaf) <= Duration::days(90));
    let (gids, fouten) = gids(&pki);
    assert!(fouten.is_empty(), "{fouten:?}");
    let ggz = gids.partner("00000099000000004000".parse().unwrap()).unwrap();
    assert_eq!(ggz.sleutel(nu()).unwrap().volgnummer, 3);
    assert_eq!(pki.sleutelnummer(&slug("ggz")).unwrap(), 3);
    let map = pki.partnermap(&slug("ggz")).unwrap();
    assert_eq!(openssl_key(&map.verzegeling_key(3)), point_of_jwk(&read[0].jwk).unwrap());
    assert!(map.verzegeling_key(1).exists(), "what was sealed for it must still open");
}

#[test]
fn a_new_covenant_manager_signs_all_again() {
    let (_dir, mut pki) = maken();
    let before = (pki.beheerder().unwrap(), pki.gids().unwrap());
    pki.heruitgeven(&slug("convenantbeheerder")).unwrap();
    assert_ne!(pki.beheerder().unwrap(), before.0);
    let (gids_now, fouten) = gids(&pki);
    assert!(fouten.is_empty(), "{fouten:?}");
    assert_eq!(gids_now.partners().count(), 2);
    // Who still pins the old one believes none of it; the partners' own words are unchanged.
    let (none, _) = Gids::build(&pki.gids().unwrap(), &pki.anchors().unwrap(), &before.0, nu());
    assert_eq!(none.partners().count(), 0);
    for (old, new) in before.1.iter().zip(pki.gids().unwrap()) {
        assert_eq!(old.vermelding.verklaring, new.vermelding.verklaring);
    }
    pki.heruitgeven(&slug("knooppunt")).unwrap();
    pki.controleren().unwrap();
}

#[test]
fn a_partner_is_added_once() {
    let (_dir, mut pki) = maken();
    let school = partner("school", "00000099000000005000", "school");
    let map = pki.partner_toevoegen(&school).unwrap();
    assert!(map.tls_pem().exists());
    assert_eq!(gids(&pki).0.partners().count(), 3);
    assert!(matches!(pki.partner_toevoegen(&school), Err(PkiFout::Dubbel(_))));
    let same_slug = partner("school", "00000099000000006000", "school");
    assert!(matches!(pki.partner_toevoegen(&same_slug), Err(PkiFout::Dubbel(_))));
    let same_oin = partner("kliniek", POLITIE, "ggz");
    assert!(matches!(pki.partner_toevoegen(&same_oin), Err(PkiFout::Dubbel(_))));
    assert!(matches!(pki.heruitgeven(&slug("niemand")), Err(PkiFout::Onbekend(_))));
    assert!(matches!(pki.sleutel_vernieuwen(&slug("knooppunt")), Err(PkiFout::Onbekend(_))));
    assert!(matches!(pki.intrekken(&slug("niemand"), &Certificaatsoort::ALLE), Err(PkiFout::Onbekend(_))));
}

#[test]
fn nothing_is_made_over_a_pki() {
    let (dir, pki) = maken();
    let before = fs::read(pki.dir().join("root.key")).unwrap();
    let again = Pki::create(pki.dir(), &PkiSpec::default(), Arc::new(SystemClock));
    assert!(matches!(again, Err(PkiFout::Bestaat(_))));
    assert_eq!(fs::read(pki.dir().join("root.key")).unwrap(), before);
    assert!(matches!(Pki::open(&dir.path().join("leeg"), Arc::new(SystemClock)), Err(PkiFout::GeenPki(_))));
}

#[test]
fn certificates_and_keys_end() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(nu()));
    let spec = PkiSpec { partners: vec![partner("ggz", "00000099000000004000", "ggz")], crl_dagen: 1000, ..PkiSpec::default() };
    let pki = Pki::create(dir.path(), &spec, Arc::<FixedClock>::clone(&clock) as Arc<dyn Clock>).unwrap();
    clock.advance(Duration::days(89));
    pki.controleren().unwrap();
    clock.advance(Duration::days(2));
    assert!(pki.controleren().unwrap_err().to_string().contains("sleutelverklaring"));
    clock.advance(Duration::days(275));
    assert!(matches!(pki.controleren(), Err(PkiFout::Certificaat(CertificateError::Expired))));
}

#[test]
fn wrong_things_are_wrong_in_the_one_way_they_should_be() {
    let (dir, pki) = maken();
    let foreign = pki.vreemde_pki(&dir.path().join("vreemd")).unwrap();
    let chain = keten(&foreign.partnermap(&slug("politie")).unwrap().ondertekening_pem());
    assert_eq!(oin_of(&chain[0]).unwrap().to_string(), POLITIE, "the same number, another authority");
    assert!(matches!(pki.anchors().unwrap().signing_certificate(&chain, nu()), Err(CertificateError::Untrusted(_))));
    foreign.controleren().unwrap();
    let (none, fouten) = Gids::build(&foreign.gids().unwrap(), &pki.anchors().unwrap(), &pki.beheerder().unwrap(), nu());
    assert_eq!((none.partners().count(), fouten.len()), (0, 2));

    let expired = pki.verlopen_certificaten(&slug("politie"), &dir.path().join("verlopen")).unwrap();
    let chain = keten(&expired.ondertekening_pem());
    assert!(matches!(pki.anchors().unwrap().signing_certificate(&chain, nu()), Err(CertificateError::Expired)));
    assert!(matches!(tls(&pki, &keten(&expired.tls_pem()), KeyUsage::client_auth()), Err(webpki::Error::CertExpired { .. })));
    let key = fs::read_to_string(expired.ondertekening_key()).unwrap();
    SigningKey::from_pem(&key, &chain[0]).unwrap();
}

#[test]
fn a_bundle_is_signed_by_the_covenant_manager() {
    let (_dir, pki) = maken();
    let bundle = serde_json::json!({"versie": 1, "rijen": []});
    let jws = pki.beleid_ondertekenen(&bundle).unwrap();
    assert_eq!(jws::verify::<serde_json::Value>(&jws, Typ::Beleid, &pki.beheerder().unwrap()).unwrap(), bundle);
}
