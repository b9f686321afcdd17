//! Seals that are not the agreed form, and seals for someone else.

use inbreng_adapter::sealing::Zegelsleutel;
use inbreng_domain::{
    Code, Envelope, Oin, ProblemCode,
    limits::SIZE_CLASSES,
    part::{Deelbewijs, Toegangsverklaring},
    vocabulary::Doel,
};
use inbreng_harness::{Stuk, naar};
use inbreng_proof::{
    Typ,
    encoding::encode,
    jws::{self, unverified_payload},
    toegang::sign_toegang,
};
use serde_json::json;

use super::{NAAM, Proef, poging};

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_that_is_not_the_agreed_one() {
    use ProblemCode::{NietGelijk, OntvangerOnbekend, SleutelOnbekend, TeGroot, VerzegelingOngeldig};
    let p = Proef::new();
    let beschermd = |json: &str| {
        let text = encode(json.as_bytes());
        p.verzegeld(|e| e.data.delen[0].inhoud.protected = text)
    };
    let kort = |n: usize| encode(&vec![0; n]);
    let (inhoud, bewijs) = ("/data/delen/0/inhoud", "/data/delen/0/eigenaarsbewijs");
    let hub = p.regio.knooppunt();
    let zegel_hub = Zegelsleutel::generate().unwrap();
    let mut vreemde = p.vt.clone();
    vreemde.zegel = Zegelsleutel::generate().unwrap();
    let mut onbekende = p.vt.clone();
    (onbekende.oin, onbekende.zegel) = (Oin::parse("00000009999999999999").unwrap(), Zegelsleutel::generate().unwrap());
    let groot = Stuk::incident(Doel::Beoordelen, NAAM, &[&p.vt]);
    let pogingen = vec![
        poging("tag of one byte", p.verzegeld(|e| e.data.delen[0].inhoud.tag = kort(1)), VerzegelingOngeldig, inhoud),
        poging("tag of seventeen", p.verzegeld(|e| e.data.delen[0].inhoud.tag = kort(17)), VerzegelingOngeldig, inhoud),
        poging("iv of eight", p.verzegeld(|e| e.data.delen[0].inhoud.iv = kort(8)), VerzegelingOngeldig, inhoud),
        poging("zip", beschermd(r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","zip":"DEF"}"#), VerzegelingOngeldig, inhoud),
        poging("algorithm none", beschermd(r#"{"alg":"none","enc":"A256GCM"}"#), VerzegelingOngeldig, inhoud),
        poging("algorithm dir", beschermd(r#"{"alg":"dir","enc":"A256GCM"}"#), VerzegelingOngeldig, inhoud),
        poging("a shorter key", beschermd(r#"{"alg":"ECDH-ES+A256KW","enc":"A128GCM"}"#), VerzegelingOngeldig, inhoud),
        poging(
            "key twice in the header",
            beschermd(r#"{"alg":"none","alg":"ECDH-ES+A256KW","enc":"A256GCM"}"#),
            VerzegelingOngeldig,
            inhoud,
        ),
        poging(
            "typ in the header",
            beschermd(r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","typ":"x"}"#),
            VerzegelingOngeldig,
            inhoud,
        ),
        poging(
            "outside a size class",
            p.verzegeld(|e| e.data.delen[0].inhoud.ciphertext = kort(1000)),
            VerzegelingOngeldig,
            inhoud,
        ),
        poging(
            "plain text for ciphertext",
            p.verzegeld(|e| e.data.delen[0].inhoud.ciphertext = NAAM.to_owned()),
            VerzegelingOngeldig,
            inhoud,
        ),
        poging("padded base64", p.verzegeld(|e| e.data.delen[0].inhoud.tag.push_str("==")), VerzegelingOngeldig, inhoud),
        poging(
            "a short wrap",
            p.verzegeld(|e| e.data.delen[0].inhoud.recipients[1].encrypted_key = kort(24)),
            VerzegelingOngeldig,
            inhoud,
        ),
        poging(
            "labels other than aad",
            p.verzegeld(|e| e.data.delen[0].labels.functie = Code::parse("ander").unwrap()),
            VerzegelingOngeldig,
            "/data/delen/0/inhoud/aad",
        ),
        poging(
            "aad other than labels",
            p.verzegeld(|e| e.data.delen[0].inhoud.aad = encode(b"{}")),
            VerzegelingOngeldig,
            "/data/delen/0/inhoud/aad",
        ),
        poging(
            "the text of another part",
            p.verzegeld(|e| e.data.delen[0].inhoud.ciphertext = e.data.delen[1].inhoud.ciphertext.clone()),
            VerzegelingOngeldig,
            bewijs,
        ),
        poging(
            "the proof of another part",
            p.verzegeld(|e| e.data.delen[0].eigenaarsbewijs = e.data.delen[1].eigenaarsbewijs.clone()),
            VerzegelingOngeldig,
            bewijs,
        ),
        poging("no proof", p.verzegeld(|e| e.data.delen[0].eigenaarsbewijs = NAAM.to_owned()), VerzegelingOngeldig, bewijs),
        poging(
            "no access statement",
            p.verzegeld(|e| e.data.delen[0].toegang[0].verklaring = NAAM.to_owned()),
            VerzegelingOngeldig,
            "/data/delen/0/toegang/0/verklaring",
        ),
        poging(
            "the access statement of another part",
            p.verzegeld(|e| e.data.delen[0].toegang[0] = e.data.delen[1].toegang[0].clone()),
            VerzegelingOngeldig,
            "/data/delen/0/toegang/0/verklaring",
        ),
        poging(
            "a proof signed as an access statement",
            p.verzegeld(|e| {
                let bewijs: Deelbewijs = unverified_payload(&e.data.delen[0].eigenaarsbewijs).unwrap();
                e.data.delen[0].eigenaarsbewijs = jws::sign(&p.politie.sleutel, Typ::Toegang, &bewijs).unwrap();
            }),
            VerzegelingOngeldig,
            bewijs,
        ),
        poging(
            "an access statement signed as a proof",
            p.verzegeld(|e| {
                let verklaring = van_eigenaar(e);
                e.data.delen[0].toegang[0].verklaring = jws::sign(&p.politie.sleutel, Typ::Deel, &verklaring).unwrap();
            }),
            VerzegelingOngeldig,
            "/data/delen/0/toegang/0/verklaring",
        ),
        poging(
            "access for another purpose than the part",
            p.verzegeld(|e| {
                let verklaring = Toegangsverklaring { doel: Doel::Analyse, ..van_eigenaar(e) };
                e.data.delen[0].toegang[0].verklaring = sign_toegang(&p.politie.sleutel, &verklaring).unwrap();
            }),
            VerzegelingOngeldig,
            "/data/delen/0/toegang/0/verklaring",
        ),
        poging(
            "access under another name",
            p.verzegeld(|e| e.data.delen[0].toegang[0].oin = p.om.oin),
            NietGelijk,
            "/data/delen/0/toegang/0/oin",
        ),
        poging(
            "sealed to the wrong key",
            p.geschreven(|b| b.delen[0] = Stuk::incident(Doel::Beoordelen, NAAM, &[&vreemde])),
            SleutelOnbekend,
            "/data/delen/0/toegang/0/oin",
        ),
        poging(
            "a wrap for someone more",
            p.verzegeld(|e| {
                let mut wrap = e.data.delen[0].inhoud.recipients[1].clone();
                wrap.header.kid = p.om.zegel.kid().to_owned();
                e.data.delen[0].inhoud.recipients.push(wrap);
            }),
            SleutelOnbekend,
            "/data/delen/0/inhoud/recipients/2",
        ),
        poging(
            "a wrap for the hub",
            p.verzegeld(|e| {
                let mut wrap = e.data.delen[0].inhoud.recipients[1].clone();
                wrap.header.kid = zegel_hub.kid().to_owned();
                e.data.delen[0].inhoud.recipients.push(wrap);
            }),
            SleutelOnbekend,
            "/data/delen/0/inhoud/recipients/2",
        ),
        poging(
            "no wrap for the owner",
            p.verzegeld(|e| drop(e.data.delen[0].inhoud.recipients.remove(0))),
            SleutelOnbekend,
            "/data/delen/0/inhoud/recipients",
        ),
        poging(
            "someone who is not connected",
            p.geschreven(|b| b.geadresseerden.push(naar(onbekende.oin))),
            OntvangerOnbekend,
            "/data/kop/geadresseerden/1",
        ),
        poging(
            "sealed for someone who is not connected",
            p.geschreven(|b| b.delen[0] = Stuk::incident(Doel::Beoordelen, NAAM, &[&p.vt, &onbekende])),
            OntvangerOnbekend,
            "/data/delen/0/toegang/1/oin",
        ),
        poging(
            "a role that nobody has",
            p.geschreven(|b| b.geadresseerden = vec![serde_json::from_value(json!({"rol": "burgemeester"})).unwrap()]),
            OntvangerOnbekend,
            "/data/kop/geadresseerden/0",
        ),
        poging(
            "to oneself",
            p.geschreven(|b| b.geadresseerden = vec![naar(p.politie.oin)]),
            OntvangerOnbekend,
            "/data/kop/geadresseerden/0",
        ),
        poging(
            "to the hub",
            p.geschreven(|b| b.geadresseerden = vec![naar(hub)]),
            OntvangerOnbekend,
            "/data/kop/geadresseerden/0",
        ),
        poging(
            "sealed for the hub",
            p.geschreven(|b| {
                let mut knooppunt = p.vt.clone();
                (knooppunt.oin, knooppunt.zegel) = (hub, zegel_hub.clone());
                b.delen[0] = Stuk::incident(Doel::Beoordelen, NAAM, &[&p.vt, &knooppunt]);
            }),
            OntvangerOnbekend,
            "/data/delen/0/toegang/1/oin",
        ),
        poging(
            "more than the type needs",
            p.geschreven(|b| {
                b.delen[0] = groot;
                b.delen[0].inhoud["toelichting"] = json!("x".repeat(SIZE_CLASSES[3]));
            }),
            TeGroot,
            "/data/delen/0/inhoud/ciphertext",
        ),
    ];
    p.allemaal_geweigerd(pogingen).await;
}

/// The first access statement of the first part, as its owner made it.
fn van_eigenaar(envelop: &Envelope) -> Toegangsverklaring {
    unverified_payload(&envelop.data.delen[0].toegang[0].verklaring).unwrap()
}
