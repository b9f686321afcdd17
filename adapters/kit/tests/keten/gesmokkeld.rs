//! What a hub that is taken over may try with a delivery: each is refused with its code, and none reaches the own system.

use inbreng_domain::{LeveringId, Tijdstip};
use inbreng_proof::SystemRandomness;
use serde_json::{Value, json};

use crate::{
    liegend::Liegend,
    regio::{Partner, Regio, fixture, oin},
};

/// A delivery as an honest hub makes it of this envelope, for one recipient.
fn levering(envelop: &Value, ontvanger: &str, kid: &str) -> Value {
    let mut bericht = envelop.clone();
    bericht["data"].as_object_mut().unwrap().remove("kop");
    for deel in bericht["data"]["delen"].as_array_mut().unwrap() {
        deel["toegang"].as_array_mut().unwrap().retain(|t| t["oin"] == ontvanger);
        deel["inhoud"]["recipients"].as_array_mut().unwrap().retain(|w| w["header"]["kid"] == kid);
    }
    let beleid = envelop["data"]["kop"]["beleid"].clone();
    let besluiten: Vec<Value> = bericht["data"]["delen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| json!({"deel": d["labels"]["id"], "zin": "Zo hoort het.", "verplichtingen": [], "beleid": beleid}))
        .collect();
    let id = LeveringId::mint(Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap(), &SystemRandomness);
    json!({
        "id": id, "aangenomenOp": "2026-11-22T01:00:00.000Z", "baan": bericht["data"]["bericht"]["urgentie"],
        "bericht": bericht, "besluiten": besluiten,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hub_that_is_taken_over_can_forge_nothing() {
    let regio = Regio::nieuw().await;
    let hub = Liegend::start(&regio, Partner::VeiligThuis).await;
    let politie = regio.partner_bij(Partner::Politie, &hub.adres).await;
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    assert_eq!(politie.post("/mutaties/huiselijk-geweld", &mutatie).await.status, 202);
    let envelop = hub.eerste().await;
    politie.stoppen().await;
    let vt = regio.partner_bij(Partner::VeiligThuis, &hub.adres).await;
    let kid = regio.kid(Partner::VeiligThuis);
    let goed = || levering(&envelop, &oin(Partner::VeiligThuis), &kid);

    type Streek<'a> = (&'a str, &'a str, Box<dyn Fn(&mut Value) + 'a>);
    let ander_casus = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let streken: Vec<Streek<'_>> = vec![
        (
            "statement changed",
            "handtekening-ongeldig",
            Box::new(|l| l["bericht"]["data"]["bericht"]["tijd"] = json!("2026-11-22T01:02:03.004Z")),
        ),
        (
            "envelope differs from message",
            "handtekening-ongeldig",
            Box::new(|l| l["bericht"]["time"] = json!("2026-11-22T01:02:03.004Z")),
        ),
        ("another case", "handtekening-ongeldig", Box::new(|l| l["bericht"]["subject"] = json!(ander_casus))),
        (
            "another sender",
            "handtekening-ongeldig",
            Box::new(|l| {
                let bron = l["bericht"]["source"].as_str().unwrap().replace(&oin(Partner::Politie), &oin(Partner::Ggz));
                l["bericht"]["source"] = json!(bron);
            }),
        ),
        ("another lane", "handtekening-ongeldig", Box::new(|l| l["baan"] = json!("acuut"))),
        (
            "label changed",
            "handtekening-ongeldig",
            Box::new(|l| l["bericht"]["data"]["delen"][0]["labels"]["functie"] = json!("arts")),
        ),
        (
            "label and aad changed",
            "handtekening-ongeldig",
            Box::new(|l| {
                let ander = l["bericht"]["data"]["delen"][1]["inhoud"]["aad"].clone();
                l["bericht"]["data"]["delen"][0]["inhoud"]["aad"] = ander;
            }),
        ),
        (
            "ciphertext of another part",
            "handtekening-ongeldig",
            Box::new(|l| {
                let ander = l["bericht"]["data"]["delen"][1]["inhoud"].clone();
                l["bericht"]["data"]["delen"][0]["inhoud"] = ander;
            }),
        ),
        (
            "statement of another part",
            "toegang-ontbreekt",
            Box::new(|l| {
                let ander = l["bericht"]["data"]["delen"][1]["toegang"].clone();
                l["bericht"]["data"]["delen"][0]["toegang"] = ander;
            }),
        ),
        ("no statement", "toegang-ontbreekt", Box::new(|l| l["bericht"]["data"]["delen"][0]["toegang"] = json!([]))),
        (
            "wrap of the owner in the place of ours",
            "niet-te-openen",
            Box::new(|l| {
                l["bericht"]["data"]["delen"][0]["inhoud"]["recipients"] =
                    json!([envelop["data"]["delen"][0]["inhoud"]["recipients"][0]]);
            }),
        ),
        ("one-byte tag", "handtekening-ongeldig", Box::new(|l| l["bericht"]["data"]["delen"][0]["inhoud"]["tag"] = json!("AA"))),
        ("stripped of its parts", "inhoud-ongeldig", Box::new(|l| l["bericht"]["data"]["delen"] = json!([]))),
        (
            "a part twice",
            "inhoud-ongeldig",
            Box::new(|l| {
                let delen = l["bericht"]["data"]["delen"].as_array_mut().unwrap();
                delen.push(delen[0].clone());
            }),
        ),
        ("unknown member", "inhoud-ongeldig", Box::new(|l| l["bericht"]["data"]["delen"][0]["inhoud"]["zip"] = json!("DEF"))),
    ];
    for (wat, code, streek) in streken {
        let mut levering = goed();
        streek(&mut levering);
        assert_eq!(hub.leveren(levering).await, code, "{wat}");
    }
    assert_eq!(vt.systeem.aantal(), 0);
    // A human is told of each; and what cannot be read at all holds nobody up.
    for kapot in [json!(17), json!({"id": "geen nummer"}), json!({"id": goed()["id"], "bericht": {"id": 3}})] {
        hub.zomaar(kapot);
    }
    let soorten = |g: &Value, soort: &str| g["alarmen"].as_array().unwrap().iter().filter(|a| a["soort"] == soort).count();
    vt.tot("/gezondheid", |g| soorten(g, "levering-geweigerd") == 14 && soorten(g, "levering-onleesbaar") >= 2).await;
    assert_eq!(hub.leveren(goed()).await, "ontvangst");
    // Its decision came without the duties that the policy asks: they hold all the same, and a human is told.
    vt.tot("/gezondheid", |g| soorten(g, "besluit-wijkt-af") == 1).await;
    assert_eq!(vt.systeem.aantal(), 1);
    // The same again under another number: it is here, and comes in once.
    assert_eq!(hub.leveren(goed()).await, "ontvangst");
    let mut een_deel = goed();
    een_deel["bericht"]["data"]["delen"].as_array_mut().unwrap().truncate(1);
    assert_eq!(hub.leveren(een_deel).await, "ontvangst");
    assert_eq!(vt.systeem.aantal(), 1);
}

/// What the hub leaves out of a delivery, the recipient does not sign for; and its signature is the hub's only evidence.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_part_that_is_left_out_on_the_way_is_noticed_by_its_sender() {
    let regio = Regio::nieuw().await;
    let hub = Liegend::start_aannemend(&regio, Partner::VeiligThuis).await;
    let politie = regio.partner_bij(Partner::Politie, &hub.adres).await;
    let vt = regio.partner_bij(Partner::VeiligThuis, &hub.adres).await;
    let kid = regio.kid(Partner::VeiligThuis);
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let kenmerk = mutatie["registratienummer"].as_str().unwrap();
    let antwoord = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    // It says that it delivered, and has nothing to show for it.
    let pad = format!("/verzonden/{kenmerk}");
    politie.tot(&pad, |s| s["ontvangers"][0]["bewijs"] == "wijkt-af").await;

    let mut levering = levering(&hub.eerste().await, &oin(Partner::VeiligThuis), &kid);
    let delen = levering["bericht"]["data"]["delen"].as_array_mut().unwrap();
    let weg = delen.pop().unwrap();
    assert!(!delen.is_empty());
    let heel = {
        let mut heel = levering.clone();
        heel["id"] = json!(LeveringId::mint(Tijdstip::parse("2026-11-22T01:00:01.000Z").unwrap(), &SystemRandomness));
        heel["bericht"]["data"]["delen"].as_array_mut().unwrap().push(weg);
        heel
    };
    assert_eq!(hub.leveren(levering).await, "ontvangst", "what came is sound by itself");
    let van =
        |g: &Value| g["alarmen"].as_array().unwrap().iter().any(|a| a["uitleg"].as_str().unwrap().contains("delen niet aan"));
    politie.tot(&pad, |s| s["ontvangers"][0]["bewijs"] == "wijkt-af").await;
    let gezondheid = politie.tot("/gezondheid", van).await;
    assert_eq!(gezondheid["alarmen"][0]["soort"], "ontvangst-wijkt-af");
    // With the whole of it there is nothing to say.
    assert_eq!(hub.leveren(heel).await, "ontvangst");
    politie.tot(&pad, |s| s["ontvangers"][0]["bewijs"] == "klopt").await;
    drop(vt);
}
