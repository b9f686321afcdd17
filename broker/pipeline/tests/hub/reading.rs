//! Reading a view-only part: each time asked, decided and logged, and seen by its owner.

use inbreng_domain::{
    Code, DeelId, Tijdstip,
    problem::ProblemCode,
    receipts::Inzageverzoek,
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use inbreng_proof::{Typ, encoding::encode, jws};
use serde_json::{Value, json};

use crate::wereld::{Brief, Organisatie, Stuk, Wereld, brief::bytes, nu, over_minuten};

fn van(wie: &Organisatie, deel: DeelId, doel: Doel, tijd: Tijdstip) -> Inzageverzoek {
    Inzageverzoek {
        deel,
        ontvanger: wie.oin,
        functie: Code::parse("triagist").unwrap(),
        doel,
        nonce: encode(&bytes::<16>()),
        tijd,
    }
}

fn teken(wie: &Organisatie, verzoek: &Inzageverzoek) -> String {
    jws::sign(&wie.sleutel, Typ::Inzage, verzoek).unwrap()
}

pub fn verzoek(wie: &Organisatie, deel: DeelId, doel: Doel) -> String {
    teken(wie, &van(wie, deel, doel, nu()))
}

/// A view-only part that Veilig Thuis has received.
pub async fn inzagedeel(w: &Wereld) -> (inbreng_domain::BerichtId, DeelId) {
    let (mut melding, _) = w.melding();
    melding.delen[0].voor[0].1 = Toegangswijze::Inzage;
    w.aangenomen(&melding).await;
    w.ontvangt(&w.vt).await;
    (melding.id, melding.delen[0].id)
}

#[tokio::test]
async fn each_reading_gets_the_key_and_shows_to_the_owner() {
    let w = Wereld::new().await;
    let (melding, deel) = inzagedeel(&w).await;
    for _ in 0..2 {
        let antwoord = w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap();
        assert_eq!(antwoord.wrap.header.kid, w.vt.kid());
        inbreng_proof::deel::verify_toegang(&antwoord.toegang, w.politie.sleutel.verifying_key()).unwrap();
    }
    let inzagen = w.hub.status(w.politie.oin, melding).await.unwrap().ontvangers.remove(0).inzagen;
    assert_eq!(inzagen.len(), 2);
    assert!(inzagen.iter().all(|i| i.deel == deel && i.functie.to_string() == "triagist" && i.doel == Doel::Beoordelen));
    let soorten: Vec<_> = w.store.bladen(0, 100).await.unwrap().into_iter().map(|b| b.soort.to_string()).collect();
    assert_eq!(soorten.iter().filter(|s| *s == "inzage").count(), 2);
}

#[tokio::test]
async fn a_request_counts_once() {
    let w = Wereld::new().await;
    let (_, deel) = inzagedeel(&w).await;
    let jws = verzoek(&w.vt, deel, Doel::Beoordelen);
    w.hub.inzage(w.vt.oin, deel, &jws).await.unwrap();
    assert_eq!(w.hub.inzage(w.vt.oin, deel, &jws).await.unwrap_err().code(), ProblemCode::InzageHerhaald);
}

#[tokio::test]
async fn only_fresh_and_about_this_part_and_by_this_reader() {
    let w = Wereld::new().await;
    let (_, deel) = inzagedeel(&w).await;
    let code = async |wie: &Organisatie, jws: &str| w.hub.inzage(wie.oin, deel, jws).await.unwrap_err().code();

    for minuten in [-6, 6] {
        let oud = teken(&w.vt, &van(&w.vt, deel, Doel::Beoordelen, over_minuten(minuten)));
        assert_eq!(code(&w.vt, &oud).await, ProblemCode::VeldOngeldig, "{minuten}");
    }
    let net = teken(&w.vt, &van(&w.vt, deel, Doel::Beoordelen, over_minuten(-5)));
    w.hub.inzage(w.vt.oin, deel, &net).await.unwrap();
    let zonder_nonce = Inzageverzoek { nonce: "kort".to_owned(), ..van(&w.vt, deel, Doel::Beoordelen, nu()) };
    assert_eq!(code(&w.vt, &teken(&w.vt, &zonder_nonce)).await, ProblemCode::VeldOngeldig);
    let namens_ander = van(&w.vt, deel, Doel::Beoordelen, nu());
    assert_eq!(code(&w.om, &teken(&w.om, &namens_ander)).await, ProblemCode::NietGelijk);
    assert_eq!(code(&w.vt, &teken(&w.om, &namens_ander)).await, ProblemCode::HandtekeningOngeldig);
    assert_eq!(code(&w.om, &verzoek(&w.om, deel, Doel::Beoordelen)).await, ProblemCode::NietGevonden);
    // The owner itself is no recipient.
    assert_eq!(code(&w.politie, &verzoek(&w.politie, deel, Doel::Beoordelen)).await, ProblemCode::NietGevonden);
}

#[tokio::test]
async fn another_purpose_is_decided_upon_and_refused() {
    let w = Wereld::new().await;
    let (_, deel) = inzagedeel(&w).await;
    let fout = w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Verantwoording)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    assert_eq!(fout.besluiten().len(), 1);
    assert!(fout.besluiten()[0].alternatieven.is_empty());
}

/// An answer may be asked for the assessment and for the analysis: what its owner sealed for the one is not for the other.
#[tokio::test]
async fn what_was_sealed_for_one_purpose_is_read_for_no_other() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let mut antwoord = Brief::new(&w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(vraag)
        .zegt(json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Hulp, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]));
    antwoord.delen[0].voor[0].1 = Toegangswijze::Inzage;
    let deel = antwoord.delen[0].id;
    w.aangenomen(&antwoord).await;
    w.ontvangt(&w.vt).await;

    let bladen = async || w.store.bladen(0, 100).await.unwrap();
    let eerst = bladen().await.len();
    let fout = w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Analyse)).await.unwrap_err();
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::NietToegestaan, Some("/verklaring")));
    // The policy would have allowed it; the owner did not.
    assert_eq!(fout.besluiten().len(), 1);
    assert!(fout.besluiten()[0].zin.contains("ander doel"), "{}", fout.besluiten()[0].zin);

    // It is logged, and is no reading.
    let bladen = bladen().await;
    assert_eq!(bladen.len(), eerst + 1);
    let record: Value = serde_json::from_str(&bladen[eerst].record).unwrap();
    assert_eq!((&record["doel"], &record["fout"]), (&json!("analyse"), &json!("niet-toegestaan")));
    assert!(w.hub.status(w.ggz.oin, antwoord.id).await.unwrap().ontvangers.remove(0).inzagen.is_empty());
    w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap();

    // Asked beforehand, the answer is the same.
    for (doel, mag) in [("analyse", false), ("beoordelen", true)] {
        let vraag = json!({
            "subject": {"type": "partner", "id": w.vt.oin.to_string()},
            "action": {"name": "inzien"},
            "resource": {"type": "deel", "id": deel.to_string()},
            "context": {"doel": doel},
        });
        let evaluatie = w.hub.evaluatie(w.vt.oin, vraag.to_string().as_bytes()).await.unwrap();
        assert_eq!(evaluatie.decision, mag, "{doel}");
    }
}

/// What is held and what is not there: the same bytes, and as many leaves, each in one commit before the answer (R16, R21).
#[tokio::test]
async fn a_part_that_is_held_and_one_that_is_not_there_are_told_apart_by_nothing() {
    let w = Wereld::new().await;
    let (mut melding, casus) = w.melding();
    melding.delen[0].voor[0].1 = Toegangswijze::Inzage;
    w.aangenomen(&melding).await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&crate::feiten::op_zaak(&w, casus, "zetten", 1)).await;
    let vreemd = DeelId::mint(nu(), &inbreng_proof::SystemRandomness);
    let mut gehoord = Vec::new();
    for deel in [melding.delen[0].id, vreemd] {
        let voor = w.hub.tellingen().await.unwrap().bladen;
        let fout = w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap_err();
        let groei = w.hub.tellingen().await.unwrap().bladen - voor;
        gehoord.push((serde_json::to_string(&fout.problem()).unwrap(), groei));
    }
    assert_eq!(gehoord[0], gehoord[1]);
    assert_eq!(gehoord[0].1, 1, "each is asked and logged");
}

#[tokio::test]
async fn what_came_with_its_key_is_not_asked_for() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    let deel = melding.delen[0].id;
    let fout = w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::NietGevonden);
}
