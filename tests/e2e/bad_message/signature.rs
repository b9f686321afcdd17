//! Signatures and digests that do not fit.

use inbreng_domain::ProblemCode;
use inbreng_harness::ondertekenen;
use inbreng_proof::encoding::encode;
use serde_json::{Value, json};

use super::{NAAM, Proef, poging};

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_or_digest_that_does_not_fit() {
    use ProblemCode::{DigestOngelijk, HandtekeningOngeldig};
    let p = Proef::new();
    let handtekening = "/data/kop/handtekening";
    let met_kop = |kop: String| p.achteraf(|v| v["data"]["kop"]["handtekening"] = json!(kop));
    let eigen = |v: &Value| v["data"]["kop"]["handtekening"].as_str().unwrap().to_owned();
    let ander_soort = p.achteraf(|v| v["data"]["kop"]["handtekening"] = v["data"]["bericht"]["handtekening"].clone());
    let van_ander = {
        let mut envelop = p.brief().envelop();
        ondertekenen(&mut envelop, &p.om.sleutel);
        serde_json::to_vec(&envelop).unwrap()
    };
    let niemand = p.achteraf(|v| {
        let leeg = encode(format!(r#"{{"alg":"none","kid":"{}","typ":"inbreng-kop+jws"}}"#, p.politie.sleutel.kid()).as_bytes());
        v["data"]["kop"]["handtekening"] = json!(format!("{leeg}.."));
    });
    let geheime_sleutel = p.achteraf(|v| {
        let hs = encode(format!(r#"{{"alg":"HS256","kid":"{}","typ":"inbreng-kop+jws"}}"#, p.politie.sleutel.kid()).as_bytes());
        let oud = eigen(v);
        v["data"]["kop"]["handtekening"] = json!(format!("{hs}..{}", oud.rsplit('.').next().unwrap()));
    });
    let extra_kop = p.achteraf(|v| {
        let met = encode(
            format!(r#"{{"alg":"ES256","kid":"{}","typ":"inbreng-kop+jws","crit":["b64"]}}"#, p.politie.sleutel.kid()).as_bytes(),
        );
        let oud = eigen(v);
        v["data"]["kop"]["handtekening"] = json!(format!("{met}..{}", oud.rsplit('.').next().unwrap()));
    });
    let lang = p.achteraf(|v| {
        let oud = eigen(v);
        v["data"]["kop"]["handtekening"] = json!(format!("{oud}AAAA"));
    });
    p.allemaal_geweigerd(vec![
        poging("signed by another partner", van_ander, HandtekeningOngeldig, handtekening),
        poging("the signature of another use", ander_soort, HandtekeningOngeldig, handtekening),
        poging("algorithm none", niemand, HandtekeningOngeldig, handtekening),
        poging("algorithm HS256", geheime_sleutel, HandtekeningOngeldig, handtekening),
        poging("a header more", extra_kop, HandtekeningOngeldig, handtekening),
        poging("a longer signature", lang, HandtekeningOngeldig, handtekening),
        poging("no signature", met_kop(String::new()), HandtekeningOngeldig, handtekening),
        poging("a name", met_kop(NAAM.to_owned()), HandtekeningOngeldig, handtekening),
        poging(
            "another addressee",
            p.achteraf(|v| v["data"]["kop"]["geadresseerden"] = json!([{"oin": p.om.oin}])),
            HandtekeningOngeldig,
            handtekening,
        ),
        poging(
            "another municipality",
            p.achteraf(|v| v["data"]["kop"]["gemeente"] = json!("0603")),
            HandtekeningOngeldig,
            handtekening,
        ),
        poging(
            "bericht changed",
            p.achteraf(|v| v["data"]["bericht"]["checkpoint"] = json!("x")),
            DigestOngelijk,
            "/data/kop/bericht",
        ),
        poging(
            "its signature changed",
            p.achteraf(|v| v["data"]["bericht"]["handtekening"] = json!("a..b")),
            DigestOngelijk,
            "/data/kop/bericht",
        ),
        poging(
            "label changed",
            p.achteraf(|v| v["data"]["delen"][0]["labels"]["functie"] = json!("ander")),
            DigestOngelijk,
            "/data/kop/delen/0/digest",
        ),
        poging(
            "access taken away",
            p.achteraf(|v| v["data"]["delen"][1]["toegang"] = json!([])),
            DigestOngelijk,
            "/data/kop/delen/1/digest",
        ),
        poging(
            "proof changed",
            p.achteraf(|v| v["data"]["delen"][0]["eigenaarsbewijs"] = json!("a.b.c")),
            DigestOngelijk,
            "/data/kop/delen/0/digest",
        ),
        poging(
            "parts in another order",
            p.achteraf(|v| v["data"]["delen"].as_array_mut().unwrap().reverse()),
            ProblemCode::NietGelijk,
            "/data/kop/delen/0/id",
        ),
        poging(
            "a part taken out",
            p.achteraf(|v| drop(v["data"]["delen"].as_array_mut().unwrap().pop())),
            ProblemCode::NietGelijk,
            "/data/kop/delen",
        ),
        poging(
            "a part twice",
            p.achteraf(|v| {
                let deel = v["data"]["delen"][0].clone();
                v["data"]["delen"].as_array_mut().unwrap().push(deel);
            }),
            ProblemCode::NietGelijk,
            "/data/kop/delen",
        ),
    ])
    .await;
}
