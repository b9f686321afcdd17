//! Attack tests 2, 3 and 4, and signatures that the hub does not judge: partners with valid certificates that cheat, a real
//! hub between them or one that was taken over, and a real adapter at the receiving end.

use inbreng_adapter::sealing::openen;
use inbreng_domain::{Clock, clock::SystemClock};
use inbreng_domain::{
    Deel, Envelope, LeveringId, Oin,
    antwoorden::Inzageantwoord,
    levering::Levering,
    part::Toegangsverklaring,
    receipts::{Weigering, Weigeringscode},
    vocabulary::Doel,
};
use inbreng_harness::{Adapter, Brief, Deelnemer, Hub, Partner, Regio, Stuk, ondertekenen_kop, wachten_tot};
use inbreng_proof::{
    SystemRandomness, Typ,
    bericht::{sign_bericht, verify_bericht},
    deel::{sign_deel, wrap_digest},
    jws::{self, unverified_payload},
    toegang::sign_toegang,
};
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, lying_hub::LyingHub};

/// Attack test 2: two recipients get different parts. Both verify what they get; and what a recipient gets is, byte for
/// byte, what it would get if the other parts did not exist.
#[tokio::test(flavor = "multi_thread")]
async fn attack_2_nothing_a_recipient_gets_depends_on_what_it_does_not_get() {
    let regio = Regio::maken();
    // Two hubs on the same keys, directory and policy: the same message with and without hidden parts cannot go to one.
    let (vol, kaal) = (hub(&regio, "vol", ""), hub(&regio, "kaal", ""));
    let [politie, vt, om] = ["politie", "veilig-thuis", "om"].map(|naam| regio.partner(naam));
    let voor = |tekst: &str, wie: &[&Partner]| Stuk::incident(Doel::Huisverbod, tekst, wie);
    let brief = Brief::huisverbod(&regio, &politie)
        .aan(&[&vt, &om])
        .met(voor("Voor Veilig Thuis.", &[&vt]))
        .met(voor("Voor allebei.", &[&vt, &om]))
        .met(voor("Alleen voor het OM.", &[&om]))
        .met(voor("Ook alleen voor het OM.", &[&om]));
    let delen: Vec<Deel> = brief.delen.iter().map(|stuk| brief.verzegelen(stuk)).collect();

    // The same parts, the same seals; without those that Veilig Thuis does not get, and without the other addressee.
    let alles = brief.envelop_met(delen.clone());
    let mut zonder =
        Brief { geadresseerden: vec![inbreng_harness::naar(vt.oin)], ..brief.clone() }.envelop_met(delen[..2].to_vec());
    zonder.data.delen[1].toegang.retain(|t| t.oin == vt.oin);
    zonder.data.delen[1].inhoud.recipients.retain(|w| w.header.kid != om.zegel.kid());
    ondertekenen_kop(&mut zonder, &politie.sleutel);
    // The signed message itself must be the same one: ECDSA signs anew each time.
    zonder.data.bericht = alles.data.bericht.clone();
    ondertekenen_kop(&mut zonder, &politie.sleutel);

    let sturen = async |hub: &Hub, envelop: &Envelope| {
        let afzender = Deelnemer::new(&regio, hub, "politie");
        let antwoord = afzender.sturen(serde_json::to_vec(envelop).unwrap()).await.met_status(202).json();
        assert!(antwoord["besluiten"].as_array().unwrap().iter().all(|b| b["stand"] != "geweigerd"), "{antwoord}");
    };
    sturen(&vol, &alles).await;
    sturen(&kaal, &zonder).await;

    let [bij_vol, bij_kaal] = [&vol, &kaal].map(|hub| Deelnemer::new(&regio, hub, "veilig-thuis"));
    let (een, twee) = (kale_tekst(&bij_vol).await, kale_tekst(&bij_kaal).await);
    assert!(een.0 == twee.0, "the body of the mailbox differs");
    assert_eq!(een.1, twee.1, "its headers, the length too");
    assert!(!een.0.contains(&om.oin.to_string()) && !een.0.contains(om.zegel.kid()), "the other recipient shows");
    for verborgen in &brief.delen[2..] {
        assert!(!een.0.contains(&verborgen.id.to_string()), "a hidden part shows");
    }

    // Each verifies and opens its own, with what it got and nothing else.
    for (naam, partner, verwacht) in [
        ("veilig-thuis", &vt, vec!["Voor Veilig Thuis.", "Voor allebei."]),
        ("om", &om, vec!["Voor allebei.", "Alleen voor het OM.", "Ook alleen voor het OM."]),
    ] {
        let levering = Deelnemer::new(&regio, &vol, naam).postvak().await.remove(0);
        verify_bericht(&levering["bericht"]["data"]["bericht"], politie.publiek()).unwrap();
        let gelezen: Levering = serde_json::from_value(levering).unwrap();
        let mut teksten: Vec<Value> = Vec::new();
        for deel in &gelezen.bericht.data.delen {
            assert_eq!((deel.toegang.len(), deel.inhoud.recipients.len()), (1, 1), "its own entry alone");
            let geopend = openen(deel, partner.oin, std::slice::from_ref(&partner.zegel), politie.publiek()).unwrap();
            teksten.push(geopend.inhoud.waarde().unwrap()["toelichting"].clone());
        }
        assert_eq!(teksten, verwacht.into_iter().map(Value::from).collect::<Vec<_>>(), "{naam}");
    }
}

/// A mailbox's body and headers without what each hub draws for itself: the delivery's number and the place behind it, the
/// moment of acceptance and the terms that run from it.
async fn kale_tekst(deelnemer: &Deelnemer) -> (String, Vec<String>) {
    let antwoord = deelnemer.ophalen("postvak", "/postvak?wacht=0").await.met_status(200);
    let (mut tekst, json) = (antwoord.tekst(), antwoord.json());
    let levering = &json["leveringen"][0];
    let plichten = levering["besluiten"].as_array().unwrap().iter().flat_map(|b| b["verplichtingen"].as_array().unwrap());
    let termijnen = plichten.filter_map(|p| p.get("uiterlijk"));
    for eigen in termijnen.chain([&levering["id"], &levering["aangenomenOp"], &json["verder"]]) {
        tekst = tekst.replace(eigen.as_str().unwrap(), "*");
    }
    (tekst, antwoord.vaste_koppen())
}

/// What the sender sees of one recipient that refused.
async fn weigering(afzender: &Deelnemer, brief: &Brief, ontvanger: Oin) -> String {
    wachten_tot("the refusal", async || {
        let status = afzender.status(brief.id).await;
        let regel = status["ontvangers"].as_array().unwrap().iter().find(|o| o["ontvanger"] == json!(ontvanger)).cloned()?;
        assert_ne!(regel["stand"], "ontvangen", "{regel}");
        regel["weigering"].as_str().map(str::to_owned)
    })
    .await
}

/// Attack test 3 at the level of processes: one ciphertext, a second key for the second recipient, every signature the
/// owner's. The hub cannot know; the second recipient's adapter refuses, and the sender is told so under its signature.
#[tokio::test(flavor = "multi_thread")]
async fn attack_3_the_second_recipient_of_two_keys_refuses() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let afzender = Deelnemer::new(&regio, &hub, "politie");
    let adapter = Adapter::starten(PROGRAMMA.as_ref(), &regio, "om", hub.adres).await;
    let (politie, vt, om) = (&afzender.partner, regio.partner("veilig-thuis"), regio.partner("om"));
    let brief =
        Brief::huisverbod(&regio, politie).aan(&[&vt, &om]).met(Stuk::incident(Doel::Huisverbod, "Dit zei hij.", &[&vt, &om]));
    let mut deel = brief.verzegelen(&brief.delen[0]);
    // The same part sealed again has another key: its wrap for the OM is put under the first ciphertext, and signed for.
    let ander = brief.verzegelen(&brief.delen[0]);
    let van_om = |deel: &Deel| deel.inhoud.recipients.iter().position(|w| w.header.kid == om.zegel.kid()).unwrap();
    let (plaats, wrap) = (van_om(&deel), ander.inhoud.recipients[van_om(&ander)].clone());
    let mut verklaring: Toegangsverklaring = unverified_payload(&deel.toegang[1].verklaring).unwrap();
    assert_eq!(verklaring.ontvanger, om.oin);
    verklaring.wrap = wrap_digest(&wrap).unwrap();
    deel.inhoud.recipients[plaats] = wrap;
    deel.toegang[1].verklaring = sign_toegang(&politie.sleutel, &verklaring).unwrap();

    let _accepted = afzender.sturen(serde_json::to_vec(&brief.envelop_met(vec![deel])).unwrap()).await.met_status(202);
    assert_eq!(weigering(&afzender, &brief, om.oin).await, "niet-te-openen");
    assert!(adapter.postbus().await.iter().all(|l| l["stand"] != "geopend"), "opened");
    // The first recipient has what was committed to.
    let levering: Levering =
        serde_json::from_value(Deelnemer::new(&regio, &hub, "veilig-thuis").postvak().await.remove(0)).unwrap();
    let deel = &levering.bericht.data.delen[0];
    assert!(openen(deel, vt.oin, std::slice::from_ref(&vt.zegel), politie.publiek()).is_ok());
}

/// Signatures inside a message are for its recipients: the hub takes them as they are (it verifies the `kop`, which binds
/// them), and the recipient's adapter refuses each that is not who it should be.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_signed_is_refused_by_the_recipient() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let afzender = Deelnemer::new(&regio, &hub, "politie");
    let adapter = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let (politie, vt, ander) = (&afzender.partner, regio.partner("veilig-thuis"), regio.partner("om"));
    type Vervalsing<'a> = Box<dyn Fn(&mut Envelope) + 'a>;
    let (handtekening, toegang, opening, inhoud) =
        ("handtekening-ongeldig", "toegang-ontbreekt", "niet-te-openen", "inhoud-ongeldig");
    let gevallen: Vec<(&str, &str, Vervalsing<'_>)> = vec![
        ("bericht", handtekening, Box::new(|e| sign_bericht(&ander.sleutel, &mut e.data.bericht).unwrap())),
        ("bericht, of another use", handtekening, Box::new(|e| e.data.bericht.handtekening = e.data.kop.handtekening.clone())),
        ("bericht, unsigned", handtekening, Box::new(|e| e.data.bericht.handtekening = String::new())),
        (
            "proof of the part",
            handtekening,
            Box::new(|e| {
                let deel = &mut e.data.delen[0];
                let vervalst = sign_deel(&ander.sleutel, &deel.labels, &deel.inhoud, &[1; 32]).unwrap();
                deel.eigenaarsbewijs = onder_naam_van(&deel.eigenaarsbewijs, &vervalst);
            }),
        ),
        (
            "proof that commits to another key",
            opening,
            Box::new(|e| {
                let deel = &mut e.data.delen[0];
                deel.eigenaarsbewijs = sign_deel(&politie.sleutel, &deel.labels, &deel.inhoud, &[1; 32]).unwrap();
            }),
        ),
        (
            "access statement",
            toegang,
            Box::new(|e| {
                let verklaring: Toegangsverklaring = unverified_payload(&e.data.delen[0].toegang[0].verklaring).unwrap();
                let vervalst = sign_toegang(&ander.sleutel, &verklaring).unwrap();
                e.data.delen[0].toegang[0].verklaring = onder_naam_van(&e.data.delen[0].toegang[0].verklaring, &vervalst);
            }),
        ),
    ];
    for (wat, code, vervals) in gevallen {
        let brief = Brief::incidentmelding(&regio, politie, &vt, "Er was ruzie.");
        let mut envelop = brief.envelop();
        vervals(&mut envelop);
        ondertekenen_kop(&mut envelop, &politie.sleutel);
        let antwoord = afzender.sturen(serde_json::to_vec(&envelop).unwrap()).await;
        assert_eq!(antwoord.status, 202, "{wat}: {}", antwoord.tekst());
        assert_eq!(weigering(&afzender, &brief, vt.oin).await, code, "{wat}");
    }
    // Content that is not what the type asks: sealed and signed as it should be, and nobody could have seen it before.
    let mut brief = Brief::incidentmelding(&regio, politie, &vt, "Er was ruzie.");
    brief.delen[0].inhoud = json!({"soort": "incident"});
    let _accepted = afzender.sturen(brief.bytes()).await.met_status(202);
    assert_eq!(weigering(&afzender, &brief, vt.oin).await, inhoud);
    assert!(adapter.postbus().await.iter().all(|l| l["lichaam"].is_null()), "shown to the own system");
}

/// The statement of one under the protected header of another: it names the owner as its signer, and is not signed by it.
fn onder_naam_van(eigenaar: &str, vervalst: &str) -> String {
    let kop = eigenaar.split('.').next().unwrap();
    format!("{kop}.{}", vervalst.split_once('.').unwrap().1)
}

/// Attack test 4 at the level of processes: a recipient hands its key of a part to a hub that was taken over, which delivers
/// the part to a third under the owner's name. The wrap opens; there is no statement of the owner for it.
#[tokio::test(flavor = "multi_thread")]
async fn attack_4_hub_and_recipient_cannot_pass_a_part_on() {
    let regio = Regio::maken();
    let hub = LyingHub::starten(&regio);
    let derde = Adapter::starten(PROGRAMMA.as_ref(), &regio, "om", hub.adres).await;
    let [politie, vt, om] = ["politie", "veilig-thuis", "om"].map(|naam| regio.partner(naam));
    let brief =
        Brief::huisverbod(&regio, &politie).aan(&[&vt]).met(Stuk::incident(Doel::Huisverbod, "Voor Veilig Thuis.", &[&vt, &om]));
    // What Veilig Thuis could make with the content key that it has: a wrap of it for the OM. (Made by sealing for both.)
    let deel = brief.verzegelen(&brief.delen[0]);
    let wrap = deel.inhoud.recipients.iter().find(|w| w.header.kid == om.zegel.kid()).unwrap().clone();
    let van_vt = deel.toegang.iter().find(|t| t.oin == vt.oin).unwrap().clone();
    let voor_om: Toegangsverklaring =
        unverified_payload(&deel.toegang.iter().find(|t| t.oin == om.oin).unwrap().verklaring).unwrap();
    let eerlijk = deel.toegang.iter().find(|t| t.oin == om.oin).unwrap().clone();
    let ander_doel = Toegangsverklaring { doel: Doel::Analyse, ..voor_om.clone() };
    let bij_om = |verklaring: String| vec![inbreng_domain::Toegang { oin: om.oin, verklaring, toelichting: None }];

    let mut leveringen = Vec::new();
    for (wat, toegang) in [
        ("none", vec![]),
        ("signed by the recipient", bij_om(sign_toegang(&vt.sleutel, &voor_om).unwrap())),
        ("the owner's, signed for another use", bij_om(jws::sign(&politie.sleutel, Typ::Deel, &voor_om).unwrap())),
        ("the owner's, for another purpose", bij_om(sign_toegang(&politie.sleutel, &ander_doel).unwrap())),
        ("the recipient's own", vec![van_vt.clone()]),
        ("the recipient's own under another name", vec![inbreng_domain::Toegang { oin: om.oin, ..van_vt }]),
        ("the owner's", vec![eerlijk]),
    ] {
        let mut gesmokkeld = deel.clone();
        gesmokkeld.inhoud.recipients = vec![wrap.clone()];
        gesmokkeld.toegang = toegang;
        let id = LeveringId::mint(SystemClock.now(), &SystemRandomness).to_string();
        leveringen.push((wat, id.clone(), levering(&id, &brief.envelop_met(vec![gesmokkeld]))));
    }
    hub.levert(leveringen.iter().map(|(_, _, l)| l.clone()));
    let (eerlijk, gesmokkeld) = leveringen.split_last().unwrap();
    for (wat, id, _) in gesmokkeld {
        let (woord, jws) = wachten_tot("the refusal", async || hub.woord(id)).await;
        let weigering: Weigering = jws::verify(&jws, Typ::Weigering, om.publiek()).unwrap();
        assert_eq!((woord.as_str(), weigering.code), ("weigering", Weigeringscode::ToegangOntbreekt), "{wat}");
    }
    // With the owner's statement the same wrap opens: it was the statement that was missing.
    wachten_tot("the honest delivery", async || {
        let mut gekregen = derde.postbus().await.into_iter();
        gekregen.find(|l| l["levering"] == json!(eerlijk.1) && l["stand"] == "geopend").map(drop)
    })
    .await;
    let geopend = derde.postbus().await.into_iter().filter(|l| l["stand"] == "geopend").count();
    assert_eq!(geopend, 1, "and it alone");
}

/// What was sealed for one purpose is read for no other, also where a hub that was taken over hands out the key.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_only_part_is_read_for_its_own_purpose_alone() {
    let regio = Regio::maken();
    let hub = LyingHub::starten(&regio);
    let adapter = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| regio.partner(naam));
    let stuk = Stuk::incident(Doel::Beoordelen, "Alleen om te beoordelen.", &[&vt]).alleen_inzien();
    let brief = Brief::new(&regio, &politie, "incidentmelding").opent().aan(&[&vt]).met(stuk);
    let deel = brief.verzegelen(&brief.delen[0]);
    let wrap = deel.inhoud.recipients.iter().find(|w| w.header.kid == vt.zegel.kid()).unwrap().clone();
    hub.geeft(deel.labels.id, &Inzageantwoord { wrap, toegang: deel.toegang[0].verklaring.clone(), toelichting: None });
    let mut kaal = deel.clone();
    kaal.inhoud.recipients.clear();
    kaal.toegang.clear();
    let id = LeveringId::mint(SystemClock.now(), &SystemRandomness).to_string();
    hub.levert([levering(&id, &brief.envelop_met(vec![kaal]))]);

    let pad = format!("/inzage/{}", deel.labels.id);
    let lezen = async |doel: &str| adapter.sturen(&pad, &json!({"functie": "triagist", "doel": doel})).await;
    let (status, gelezen) = wachten_tot("the delivery", async || {
        let antwoord = lezen("beoordelen").await;
        (antwoord.0 != 404).then_some(antwoord)
    })
    .await;
    assert_eq!((status, &gelezen["inhoud"]["toelichting"]), (200, &json!("Alleen om te beoordelen.")), "{gelezen}");
    let (status, geweigerd) = lezen("analyse").await;
    assert_eq!((status, &geweigerd["code"]), (403, &json!("niet-toegestaan")), "{geweigerd}");
}

/// A delivery as a hub makes it of a message.
pub fn levering(id: &str, envelop: &Envelope) -> Value {
    let mut bericht = serde_json::to_value(envelop).unwrap();
    bericht["data"].as_object_mut().unwrap().remove("kop");
    json!({"id": id, "aangenomenOp": envelop.time, "baan": envelop.data.bericht.urgentie, "bericht": bericht, "besluiten": []})
}
