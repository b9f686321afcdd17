//! An explanation and the statement that names it, and each way in which they do not fit.

use inbreng_domain::{
    jwe::Sleutelwrap,
    vocabulary::{JaNee, Toegangswijze},
};

use super::*;
use crate::{jwe::tests::inhoud, sha256};

fn deel(n: u8) -> DeelId {
    DeelId::parse(&format!("019aa8f1-5c21-7a4b-8c2d-3e4f506172{n:02x}")).unwrap()
}

fn oin(n: u8) -> Oin {
    Oin::parse(&format!("000000010032143450{n:02}")).unwrap()
}

fn kid(n: u8) -> String {
    encode(&[n; 32])
}

fn goed() -> (Inhoud, Toegangsverklaring) {
    let toelichting = inhoud(&toelichting_aad(deel(1), Doel::Strafzaak, oin(1)).unwrap(), 1024, &[&kid(1)]);
    let verklaring = Toegangsverklaring {
        deel: deel(1),
        inhoud: sha256(b"inhoud"),
        ontvanger: oin(1),
        sleutel: kid(1),
        wrap: sha256(b"wrap"),
        wijze: Toegangswijze::Meegeleverd,
        doel: Doel::Strafzaak,
        gebruik: Vec::new(),
        genoemd: JaNee::Nee,
        bewaren_tot: None,
        verzoek: None,
        toelichting: Some(toelichting_digest(&toelichting).unwrap()),
    };
    (toelichting, verklaring)
}

/// Named by the statement as it is.
fn ondertekend(toelichting: Inhoud) -> Result<(), ToelichtingError> {
    let verklaring = Toegangsverklaring { toelichting: Some(toelichting_digest(&toelichting).unwrap()), ..goed().1 };
    check_toelichting(Some(&toelichting), &verklaring, Doel::Analyse)
}

#[test]
fn both_name_it_or_neither_and_for_another_purpose_only() {
    let (toelichting, verklaring) = goed();
    let zonder = Toegangsverklaring { toelichting: None, ..verklaring.clone() };
    check_toelichting(Some(&toelichting), &verklaring, Doel::Analyse).unwrap();
    check_toelichting(None, &zonder, Doel::Analyse).unwrap();
    check_toelichting(None, &zonder, Doel::Strafzaak).unwrap();
    assert_eq!(check_toelichting(None, &verklaring, Doel::Analyse), Err(ToelichtingError::EenVanBeide));
    assert_eq!(check_toelichting(Some(&toelichting), &zonder, Doel::Analyse), Err(ToelichtingError::EenVanBeide));
    assert_eq!(check_toelichting(Some(&toelichting), &verklaring, Doel::Strafzaak), Err(ToelichtingError::EigenDoel));
}

#[test]
fn it_is_for_this_part_recipient_key_and_purpose() {
    ondertekend(goed().0).unwrap();
    for (wat, aad) in [
        ("another part", toelichting_aad(deel(2), Doel::Strafzaak, oin(1))),
        ("another purpose", toelichting_aad(deel(1), Doel::Analyse, oin(1))),
        ("another recipient", toelichting_aad(deel(1), Doel::Strafzaak, oin(2))),
    ] {
        assert_eq!(ondertekend(Inhoud { aad: aad.unwrap(), ..goed().0 }), Err(ToelichtingError::Binding), "{wat}");
    }
    let met = |kids: &[&str]| Inhoud { recipients: inhoud("", 1024, kids).recipients, ..goed().0 };
    for kids in [&[][..], &[&*kid(2)], &[&*kid(1), &*kid(2)]] {
        assert_eq!(ondertekend(met(kids)), Err(ToelichtingError::Sleutel), "{kids:?}");
    }
}

#[test]
fn it_is_the_one_that_was_signed_in_form_and_size() {
    let (toelichting, verklaring) = goed();
    let ander = Inhoud { ciphertext: encode(&[9; 1024]), ..toelichting.clone() };
    assert_eq!(check_toelichting(Some(&ander), &verklaring, Doel::Analyse), Err(ToelichtingError::Digest));
    let wrap = |w: &Sleutelwrap| Sleutelwrap { encrypted_key: encode(&[5; 40]), ..w.clone() };
    let ander = Inhoud { recipients: toelichting.recipients.iter().map(wrap).collect(), ..toelichting.clone() };
    assert_eq!(check_toelichting(Some(&ander), &verklaring, Doel::Analyse), Err(ToelichtingError::Digest));
    ondertekend(Inhoud { ciphertext: encode(&[2; 4096]), ..toelichting.clone() }).unwrap();
    let groot = Inhoud { ciphertext: encode(&[2; 16384]), ..toelichting.clone() };
    assert_eq!(ondertekend(groot), Err(ToelichtingError::TeGroot));
    let kort = Inhoud { tag: encode(&[3]), ..toelichting };
    assert_eq!(ondertekend(kort), Err(ToelichtingError::Vorm(JweShapeError::Tag)));
}
