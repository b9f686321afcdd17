//! What does not fit the contract: types, fields, vocabularies, and members that contradict each other.

use inbreng_domain::{BerichtId, Clock, Code, Digest, Opening, ProblemCode, clock::SystemClock, envelope::Bron};
use inbreng_proof::SystemRandomness;
use serde_json::{Value, json};

use super::{ALS_CODE, BSN, NAAM, Proef, geheel, poging};

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_the_contract() {
    use ProblemCode::{
        BronNietEigen, CasusOngeldig, EigenaarNietAfzender, NietGelijk, OpnieuwToetsen, TypeOnbekend, VeldOngeldig,
        VerklaringOngeldig,
    };
    let p = Proef::new();
    let zet = |pad: &'static str, waarde: Value| {
        p.anders(move |v| {
            let (ouder, naam) = pad.rsplit_once('/').unwrap();
            v.pointer_mut(ouder).and_then(Value::as_object_mut).unwrap().insert(naam.to_owned(), waarde);
        })
    };
    let om = json!(p.om.oin);
    let nieuw = json!(BerichtId::mint(SystemClock.now(), &SystemRandomness));
    let opening = json!(Opening::mint(&SystemRandomness));
    let alles_van_om = p.geschreven(|b| b.van.oin = p.om.oin);
    let pogingen = vec![
        poging("type", zet("/type", json!("nl.inbreng.vermissing.v1")), TypeOnbekend, "/type"),
        poging("version", zet("/type", json!("nl.inbreng.incidentmelding.v2")), TypeOnbekend, "/type"),
        poging("no type name", zet("/type", json!(NAAM)), VeldOngeldig, "/type"),
        poging("specversion", zet("/specversion", json!("0.3")), VeldOngeldig, "/specversion"),
        poging("id", zet("/id", json!(NAAM)), VeldOngeldig, "/id"),
        poging("source", zet("/source", json!(NAAM)), VeldOngeldig, "/source"),
        poging("time", zet("/time", json!("2026-11-22T01:02:03Z")), VeldOngeldig, "/time"),
        poging("category", zet("/data/delen/0/labels/categorie", json!(NAAM)), VeldOngeldig, "/data/delen/0/labels/categorie"),
        poging("purpose", zet("/data/delen/0/labels/doel", json!(ALS_CODE)), VeldOngeldig, "/data/delen/0/labels/doel"),
        poging(
            "ground",
            zet("/data/delen/0/labels/grondslagen", json!([ALS_CODE])),
            VeldOngeldig,
            "/data/delen/0/labels/grondslagen/0",
        ),
        poging(
            "yes or no",
            zet("/data/delen/0/labels/noodbesluit", json!(true)),
            VeldOngeldig,
            "/data/delen/0/labels/noodbesluit",
        ),
        poging("function", zet("/data/delen/0/labels/functie", json!(NAAM)), VeldOngeldig, "/data/delen/0/labels/functie"),
        poging(
            "person",
            zet("/data/delen/0/labels/betrokkenen", json!([{"ref": BSN, "leeftijdsgroep": "18+"}])),
            VeldOngeldig,
            "/data/delen/0/labels/betrokkenen/0/ref",
        ),
        poging(
            "age",
            zet("/data/delen/0/labels/betrokkenen/0/leeftijdsgroep", json!("39")),
            VeldOngeldig,
            "/data/delen/0/labels/betrokkenen/0/leeftijdsgroep",
        ),
        poging("urgency", zet("/data/bericht/urgentie", json!("snel")), VeldOngeldig, "/data/bericht/urgentie"),
        poging(
            "no labels",
            p.achteraf(|v| drop(v["data"]["delen"][0].as_object_mut().unwrap().remove("labels"))),
            VeldOngeldig,
            "/data/delen/0",
        ),
        poging("no kop", p.achteraf(|v| drop(v["data"].as_object_mut().unwrap().remove("kop"))), VeldOngeldig, "/data"),
        poging(
            "variant",
            p.geschreven(|b| b.variant = Some(Code::parse(ALS_CODE).unwrap())),
            VeldOngeldig,
            "/data/bericht/variant",
        ),
        poging(
            "statement",
            p.geschreven(|b| b.verklaring = json!({"toelichting": NAAM})),
            VerklaringOngeldig,
            "/data/bericht/verklaring",
        ),
        poging("owner", zet("/data/delen/0/labels/eigenaar", om.clone()), EigenaarNietAfzender, "/data/delen/0/labels/eigenaar"),
        poging(
            "source of another",
            p.verzegeld(|e| e.source = Bron::new(p.om.oin, Code::parse("gps").unwrap())),
            BronNietEigen,
            "/source",
        ),
        poging("sender is another", zet("/data/bericht/van", om), BronNietEigen, "/data/bericht/van"),
        poging("all of another", alles_van_om, BronNietEigen, "/source"),
        poging("number of the envelope", zet("/id", nieuw.clone()), NietGelijk, "/data/bericht/id"),
        poging("number in the labels", zet("/data/delen/0/labels/bericht", nieuw), NietGelijk, "/data/delen/0/labels/bericht"),
        poging(
            "urgency of labels",
            zet("/data/delen/0/labels/urgentie", json!("acuut")),
            NietGelijk,
            "/data/delen/0/labels/urgentie",
        ),
        poging(
            "covenant of labels",
            zet("/data/delen/0/labels/convenant", json!("elders")),
            NietGelijk,
            "/data/delen/0/labels/convenant",
        ),
        geheel("opening of another case", zet("/data/kop/opening", opening), CasusOngeldig),
        geheel("no case", p.geschreven(|b| b.casus = None), CasusOngeldig),
        poging("an older policy", p.geschreven(|b| b.beleid = Digest::from_bytes([7; 32])), OpnieuwToetsen, "/data/kop/beleid"),
        poging("another covenant", zet("/data/kop/convenant", json!("elders")), NietGelijk, "/data/delen/0/labels/convenant"),
    ];
    // An unknown field, with a name in it, at every level.
    for plaats in [
        "",
        "/data",
        "/data/bericht",
        "/data/kop",
        "/data/delen/0",
        "/data/delen/0/labels",
        "/data/delen/0/inhoud",
        "/data/delen/0/inhoud/recipients/0",
        "/data/delen/0/inhoud/recipients/0/header",
        "/data/delen/0/inhoud/recipients/0/header/epk",
        "/data/delen/0/toegang/0",
    ] {
        let bytes = p.anders(|v| v.pointer_mut(plaats).unwrap()[NAAM] = json!(BSN));
        let antwoord = p.afzender.sturen(bytes).await.met_status(400).probleem();
        assert_eq!(antwoord.code, VeldOngeldig, "{plaats}");
        assert!(antwoord.pad.unwrap().starts_with(plaats), "{plaats}");
    }
    p.allemaal_geweigerd(pogingen).await;
}
