//! The examples of the published schemas are worked ones: their signatures, digests and commitments hold.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, its helpers included")]

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement,
    key_wrap::{AES_256, AesKek, KeyWrap},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    Deel, Kop, Opening,
    gids::{Gidsvermelding, Medeondertekening, Sleutelverklaring, Vermelding},
    receipts::{Ontvangst, Ontvangstbewijs},
    schemas,
};
use inbreng_proof::{Typ, VerifyingKey, bericht, canonical, casus, deel, digest_of, encoding, gids, jwk, jws, sha256};
use serde_json::Value;

fn voorbeeld(naam: &str, n: usize) -> Value {
    let schema: Value = serde_json::from_str(schemas::schema(naam).unwrap()).unwrap();
    schema["examples"][n].clone()
}

/// A partner of the examples: its statements, and the key they are signed with.
fn partner(n: usize) -> (Vermelding, Sleutelverklaring, VerifyingKey) {
    let gids: Gidsvermelding = serde_json::from_value(voorbeeld("gidsvermelding", n)).unwrap();
    let over: Vermelding = jws::unverified_payload(&gids.vermelding.verklaring).unwrap();
    let key = VerifyingKey::from_certificate_der(&STANDARD.decode(&over.certificaten[0]).unwrap()).unwrap();
    let vermelding: Vermelding = jws::verify(&gids.vermelding.verklaring, Typ::Vermelding, &key).unwrap();
    let sleutel: Sleutelverklaring = jws::verify(&gids.sleutels[0].verklaring, Typ::Sleutel, &key).unwrap();
    let mede: Medeondertekening = jws::unverified_payload(&gids.vermelding.medeondertekening).unwrap();
    assert_eq!(mede.verklaring, gids::verklaring_digest(&gids.vermelding.verklaring));
    assert_eq!(jwk::jwk_thumbprint(&sleutel.jwk), sleutel.kid);
    (vermelding, sleutel, key)
}

#[test]
fn the_message_is_signed_bound_and_opens_its_case() {
    let (politie, _, key) = partner(1);
    let data = voorbeeld("data", 0);
    bericht::verify_bericht(&data["bericht"], &key).unwrap();
    bericht::verify_kop(&data["kop"], &key).unwrap();
    let kop: Kop = serde_json::from_value(data["kop"].clone()).unwrap();
    bericht::check_samenhang(&kop, &data["bericht"], data["delen"].as_array().unwrap()).unwrap();
    let opening: Opening = kop.opening.unwrap();
    assert_eq!(Value::from(casus::casus_ref(politie.oin, opening).to_string()), data["bericht"]["casus"]);
    let envelop = voorbeeld("bericht-envelop", 0);
    assert_eq!(envelop["data"], data);
    assert_eq!((&envelop["id"], &envelop["subject"]), (&data["bericht"]["id"], &data["bericht"]["casus"]));
}

#[test]
fn the_part_is_its_owners_and_the_recipient_may_open_it() {
    let ((_, _, politie), (veilig_thuis, sleutel, _)) = (partner(1), partner(0));
    let verzonden: Deel = serde_json::from_value(voorbeeld("deel", 0)).unwrap();
    let geleverd: Deel = serde_json::from_value(voorbeeld("levering", 0)["bericht"]["data"]["delen"][0].clone()).unwrap();
    assert_eq!((verzonden.inhoud.recipients.len(), geleverd.inhoud.recipients.len()), (2, 1));
    for stuk in [&verzonden, &geleverd] {
        let bewijs = deel::verify_deel(stuk, &politie).unwrap();
        assert_eq!(serde_json::to_value(bewijs).unwrap(), voorbeeld("deelbewijs", 0));
    }
    let toegang = deel::verify_toegang(&geleverd.toegang[0].verklaring, &politie).unwrap();
    let wrap = &geleverd.inhoud.recipients[0];
    deel::check_toegang(&toegang, &geleverd, veilig_thuis.oin, &sleutel.kid, wrap).unwrap();
    assert_eq!(serde_json::to_value(toegang).unwrap(), voorbeeld("toegangsverklaring", 0));
}

#[test]
fn receipts_name_what_was_sent_and_received() {
    let bewijs: Ontvangstbewijs = serde_json::from_value(voorbeeld("ontvangstbewijs", 0)).unwrap();
    assert_eq!(bewijs.digest, digest_of(&voorbeeld("bericht-envelop", 0)).unwrap());
    let antwoord = voorbeeld("aannameantwoord", 0);
    assert_eq!(jws::unverified_payload::<Ontvangstbewijs>(antwoord["ontvangstbewijs"].as_str().unwrap()).unwrap(), bewijs);
    let ontvangst: Ontvangst = serde_json::from_value(voorbeeld("ontvangst", 0)).unwrap();
    let geleverd = voorbeeld("levering", 0)["bericht"]["data"].clone();
    assert_eq!(ontvangst.digest, digest_of(&geleverd["bericht"]).unwrap());
    let delen: Vec<_> = ontvangst.delen.iter().map(ToString::to_string).collect();
    assert_eq!(delen, [geleverd["delen"][0]["labels"]["id"].as_str().unwrap()]);
    assert_eq!(voorbeeld("postvak", 0)["leveringen"][0], voorbeeld("levering", 0));
}

/// The private key that `docs/wire.md` publishes for the examples.
fn zegelsleutel() -> agreement::PrivateKey {
    let tekst = include_str!("../../../docs/wire.md").split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    let jwk: Value = serde_json::from_str(tekst).unwrap();
    let d = encoding::decode(jwk["d"].as_str().unwrap()).unwrap();
    agreement::PrivateKey::from_private_key(&agreement::ECDH_P256, &d).unwrap()
}

#[test]
fn the_content_opens_with_the_published_key_and_is_what_was_committed_to() {
    let deel: Deel = serde_json::from_value(voorbeeld("levering", 0)["bericht"]["data"]["delen"][0].clone()).unwrap();
    let wrap = &deel.inhoud.recipients[0];
    let epk = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, jwk::point_of_jwk(&wrap.header.epk).unwrap());
    // RFC 7518 §4.6.2, one round: counter, Z, AlgorithmID, empty PartyUInfo and PartyVInfo, 256 bits.
    let kek = agreement::agree(&zegelsleutel(), epk, (), |z| {
        let alg = b"ECDH-ES+A256KW";
        let info = [&1u32.to_be_bytes()[..], z, &14u32.to_be_bytes(), alg, &[0; 8], &256u32.to_be_bytes()].concat();
        Ok(*sha256(&info).as_bytes())
    })
    .unwrap();
    let mut cek = [0; 40];
    let verpakt = encoding::decode(&wrap.encrypted_key).unwrap();
    let cek: &[u8] = AesKek::new(&AES_256, &kek).unwrap().unwrap(&verpakt, &mut cek).unwrap();
    assert!(deel::is_gebonden(cek, &serde_json::from_value(voorbeeld("deelbewijs", 0)).unwrap()));

    let sleutel = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, cek).unwrap());
    let nonce = Nonce::try_assume_unique_for_key(&encoding::decode(&deel.inhoud.iv).unwrap()).unwrap();
    let mut tekst = encoding::decode(&deel.inhoud.ciphertext).unwrap();
    tekst.extend(encoding::decode(&deel.inhoud.tag).unwrap());
    let aad = Aad::from(format!("{}.{}", deel.inhoud.protected, deel.inhoud.aad));
    let open = sleutel.open_in_place(nonce, aad, &mut tekst).unwrap();
    assert_eq!(open.len(), 1024);
    let inhoud: Value = serde_json::from_slice(open).unwrap();
    assert!(open.starts_with(&canonical(&inhoud).unwrap()), "canonical form, then spaces");
    assert_eq!(inhoud["soort"], "incident");
}
