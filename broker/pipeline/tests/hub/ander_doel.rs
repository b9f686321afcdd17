//! What was shared to help and is asked for a criminal case (R28): the owner's yes, and an explanation for that purpose, sealed for who
//! gets it. What was explained for the first purpose is not explained for the second.

use inbreng_domain::{
    CasusRef, Deel, Envelope, Toegang,
    antwoorden::{Leveringstand, Toegangsverzoek},
    jwe::Inhoud,
    part::Toegangsverklaring,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Noodzaak, Toegangswijze},
};
use inbreng_policy::Vastlegging;
use inbreng_proof::{
    deel::{inhoud_digest, sign_toegang, wrap_digest},
    jwe::PROTECTED,
    jws,
    toelichting::{toelichting_aad, toelichting_digest},
};
use serde_json::json;

use crate::{
    eigenaar::{ander_doel, besluit, delen, plan, stand, van, zaak},
    wereld::{Brief, Organisatie, Stuk, Wereld, brief::text, brief::wrap},
};

/// What a child said, from the wijkteam to Veilig Thuis for a meeting.
fn verteld(w: &Wereld, casus: CasusRef, noodzaak: Noodzaak) -> (Brief, Envelope) {
    let stuk = Stuk { noodzaak, ..Stuk::new(Categorie::Kind, Doel::Analyse, Grondslag::Convenant, &[&w.vt]) };
    let brief = Brief::new(w, &w.wijkteam, "inbreng-casusoverleg").in_casus(casus).aan(&[&w.vt]);
    let brief = brief.zegt(json!({"overlegOp": "2026-12-10"})).met(stuk);
    let envelop = brief.envelop();
    (brief, envelop)
}

/// A part that was brought in, and a request about it that the owner said yes to.
struct Gevraagd {
    brief: Brief,
    deel: Deel,
    verzoek: Brief,
}

async fn gevraagd(w: &Wereld, casus: CasusRef, noodzaak: Noodzaak) -> Gevraagd {
    let (brief, envelop) = verteld(w, casus, noodzaak);
    w.hub.aannemen(w.wijkteam.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
    w.ontvangt(&w.vt).await;
    let deel = envelop.data.delen[0].clone();
    let mut verzoek = Brief::new(w, &w.vt, "doorverstrekking-verzoek")
        .in_casus(casus)
        .zegt(json!({"bericht": brief.id, "delen": [deel.labels.id], "ontvangers": [w.om.oin], "doel": "strafzaak"}));
    verzoek.variant = Some("ander-doel".parse().unwrap());
    w.aangenomen(&verzoek).await;
    w.aangenomen(&besluit(w, &w.wijkteam, &verzoek, json!({"besluit": "ja", "volgnummer": 1}))).await;
    Gevraagd { brief, deel, verzoek }
}

/// A sealed explanation of this part for this recipient.
fn toelichting(deel: &Deel, voor: &Organisatie, doel: Doel, grootte: usize) -> Inhoud {
    Inhoud {
        protected: PROTECTED.to_owned(),
        aad: toelichting_aad(deel.labels.id, doel, voor.oin).unwrap(),
        iv: text(12),
        ciphertext: text(grootte),
        tag: text(16),
        recipients: vec![wrap(&voor.kid())],
    }
}

/// The wijkteam's wrap for the OM in answer to the request: which explanation the statement names, and which travels.
fn voor_om(w: &Wereld, over: &Gevraagd, wijze: Toegangswijze, noemt: Option<&Inhoud>, mee: Option<&Inhoud>) -> Vec<u8> {
    let Gevraagd { deel, verzoek, .. } = over;
    let wrap = wrap(&w.om.kid());
    let verklaring = Toegangsverklaring {
        deel: deel.labels.id,
        inhoud: inhoud_digest(&deel.inhoud).unwrap(),
        ontvanger: w.om.oin,
        sleutel: w.om.kid(),
        wrap: wrap_digest(&wrap).unwrap(),
        wijze,
        doel: Doel::Strafzaak,
        gebruik: Vec::new(),
        genoemd: JaNee::Nee,
        bewaren_tot: None,
        verzoek: Some(verzoek.id),
        toelichting: noemt.map(|t| toelichting_digest(t).unwrap()),
    };
    let verklaring = sign_toegang(&over.brief.van.sleutel, &verklaring).unwrap();
    let toegang = Toegang { oin: w.om.oin, verklaring, toelichting: mee.cloned() };
    serde_json::to_vec(&Toegangsverzoek { wrap, toegang, deel: Some(deel.clone()) }).unwrap()
}

/// Sends this to the OM, which receives it, asks for it for a criminal case, and receives it for that.
pub(crate) async fn ook_voor_strafzaak(w: &Wereld, brief: &Brief) {
    let (van, envelop) = (&brief.van, brief.envelop());
    w.hub.aannemen(van.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
    w.ontvangt(&w.om).await;
    let verzoek = ander_doel(w, brief);
    w.aangenomen(&verzoek).await;
    w.aangenomen(&besluit(w, van, &verzoek, json!({"besluit": "ja", "volgnummer": 1}))).await;
    let over = Gevraagd { brief: brief.clone(), deel: envelop.data.delen[0].clone(), verzoek };
    let uitleg = toelichting(&over.deel, &w.om, Doel::Strafzaak, 1024);
    let wrap = voor_om(w, &over, Toegangswijze::Meegeleverd, Some(&uitleg), Some(&uitleg));
    // With it the content comes again, where what was received is kept no more.
    w.hub.toegang_geven(van.oin, over.deel.labels.id, &wrap).await.unwrap();
    assert!(self::van(&w.ontvangt(&w.om).await, brief.id).is_some(), "delivered for that");
}

/// What a child said goes to a criminal case by two things: the owner's yes, and the owner's professional who explains why for that
/// (R28). Without the explanation it is refused to its owner with the question, and waits for nobody.
#[tokio::test]
async fn what_a_child_said_goes_to_a_criminal_case_by_a_yes_and_an_explanation() {
    let w = Wereld::new().await;
    let casus = zaak(&w).await;
    // Explained for the meeting, or not at all: for the criminal case it is not explained.
    for noodzaak in [Noodzaak::NietToegelicht, Noodzaak::Toegelicht] {
        let zonder = gevraagd(&w, casus, noodzaak).await;
        let wrap = voor_om(&w, &zonder, Toegangswijze::Meegeleverd, None, None);
        let fout = w.hub.toegang_geven(w.wijkteam.oin, zonder.deel.labels.id, &wrap).await.unwrap_err();
        assert_eq!(fout.code(), ProblemCode::NietToegestaan);
        let [gevraagd] = fout.besluiten() else { panic!("{fout:?}") };
        assert_eq!(gevraagd.stand, Ontvangerstand::Geweigerd, "it waits for nobody else");
        assert!(gevraagd.regels.iter().all(|r| r.nummer() == 28), "{gevraagd:?}");
        assert!(gevraagd.zin.contains("Leg in één zin uit"), "{}", gevraagd.zin);
        assert!(w.postvak(&w.om).await.is_empty());
        assert!(!stand(&w, &w.wijkteam, zonder.brief.id).await.contains(&Leveringstand::InBehandeling));
    }

    // Explained for the criminal case: it goes, and the explanation with it, as it was sealed.
    let met = gevraagd(&w, casus, Noodzaak::NietToegelicht).await;
    let uitleg = toelichting(&met.deel, &w.om, Doel::Strafzaak, 1024);
    let wrap = voor_om(&w, &met, Toegangswijze::Meegeleverd, Some(&uitleg), Some(&uitleg));
    w.hub.toegang_geven(w.wijkteam.oin, met.deel.labels.id, &wrap).await.unwrap();
    w.hub.toegang_geven(w.wijkteam.oin, met.deel.labels.id, &wrap).await.unwrap();
    let leveringen = w.postvak(&w.om).await;
    assert_eq!(leveringen.len(), 1);
    let levering = van(&leveringen, met.brief.id).unwrap();
    assert_eq!(delen(levering), [met.brief.delen[0].id]);
    let geleverd = &levering.bericht.data.delen[0];
    assert_eq!(geleverd.inhoud.recipients.len(), 1);
    assert_eq!(geleverd.toegang[0].toelichting.as_ref(), Some(&uitleg));
    // Decided anew it is the same decision: a flag of the case moves the facts.
    w.aangenomen(&besluit(&w, &w.wijkteam, &met.verzoek, json!({"besluit": "ja", "volgnummer": 2}))).await;
    assert_eq!(w.postvak(&w.om).await.len(), 1);

    // Brought in anew by its owner for that purpose: the same question, and the answer stands in the part.
    let anew = |noodzaak| {
        let stuk = Stuk { noodzaak, ..Stuk::new(Categorie::Kind, Doel::Strafzaak, Grondslag::Convenant, &[&w.om]) };
        let brief = Brief::new(&w, &w.wijkteam, "inbreng-casusoverleg").in_casus(casus).aan(&[&w.om]);
        brief.zegt(json!({"overlegOp": "2026-12-10"})).met(stuk)
    };
    let fout = w.geweigerd(&w.wijkteam, &anew(Noodzaak::NietToegelicht).tekst()).await;
    assert_eq!(fout.besluiten()[0].stand, Ontvangerstand::Geweigerd);
    assert!(fout.besluiten()[0].zin.contains("Leg in één zin uit"), "{fout:?}");
    assert!(w.aangenomen(&anew(Noodzaak::Toegelicht)).await.besluiten[0].stand != Ontvangerstand::Geweigerd);
}

/// View-only: the explanation comes with the key, at each reading, and with nothing before.
#[tokio::test]
async fn the_explanation_of_a_view_only_part_comes_with_its_key() {
    let w = Wereld::new().await;
    let casus = zaak(&w).await;
    let over = gevraagd(&w, casus, Noodzaak::Toegelicht).await;
    let id = over.deel.labels.id;
    let uitleg = toelichting(&over.deel, &w.om, Doel::Strafzaak, 4096);
    let wrap = voor_om(&w, &over, Toegangswijze::Inzage, Some(&uitleg), Some(&uitleg));
    w.hub.toegang_geven(w.wijkteam.oin, id, &wrap).await.unwrap();
    let leveringen = w.ontvangt(&w.om).await;
    assert!(van(&leveringen, over.brief.id).unwrap().bericht.data.delen[0].toegang.is_empty());
    let lezen = async |doel| w.hub.inzage(w.om.oin, id, &crate::reading::verzoek(&w.om, id, doel)).await;
    assert_eq!(lezen(Doel::Strafzaak).await.unwrap().toelichting, Some(uitleg));
    assert_eq!(lezen(Doel::Analyse).await.unwrap_err().code(), ProblemCode::NietToegestaan, "what it was first sealed for");
}

/// Leaves of this kind in the log.
async fn bladen(w: &Wereld, soort: &str) -> usize {
    w.store.bladen(0, 300).await.unwrap().iter().filter(|b| b.soort.to_string() == soort).count()
}

/// Who has it for one purpose and is given it for another: decided and recorded for that, once, and each is delivered and read for its own.
#[tokio::test]
async fn who_has_it_already_is_given_it_for_another_purpose_on_the_record() {
    for wijze in [Toegangswijze::Meegeleverd, Toegangswijze::Inzage] {
        let w = Wereld::new().await;
        let casus = zaak(&w).await;
        let mut brief = plan(&w, casus, Doel::Plan).aan(&[&w.om, &w.vt]);
        // Veilig Thuis has not fetched it: its content is still here, with what the OM has for the first purpose.
        brief.delen[0].voor = vec![(w.om.clone(), wijze), (w.vt.clone(), wijze)];
        let envelop = brief.envelop();
        w.hub.aannemen(w.wijkteam.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
        w.ontvangt(&w.om).await;
        let verzoek = ander_doel(&w, &brief);
        w.aangenomen(&verzoek).await;
        w.aangenomen(&besluit(&w, &w.wijkteam, &verzoek, json!({"besluit": "ja", "volgnummer": 1}))).await;
        assert!(van(&w.ontvangt(&w.om).await, brief.id).is_none(), "the yes alone gives nothing");

        let over = Gevraagd { deel: envelop.data.delen[0].clone(), brief, verzoek };
        let id = over.deel.labels.id;
        let lezen = async |doel| w.hub.inzage(w.om.oin, id, &crate::reading::verzoek(&w.om, id, doel)).await;
        if wijze == Toegangswijze::Inzage {
            assert_eq!(lezen(Doel::Strafzaak).await.unwrap_err().code(), ProblemCode::NietToegestaan);
        }
        let voor_strafzaak = async || {
            let besluiten = w.store.besluiten(0, 300).await.unwrap();
            let gelezen = besluiten.iter().map(|b| serde_json::from_str::<Vastlegging<'_>>(&b.record).unwrap());
            let is = |v: &Vastlegging<'_>| v.verzoek.doel == Doel::Strafzaak && v.besluit.uitkomst.levert();
            gelezen.filter(is).count()
        };
        let eerst = (bladen(&w, "toegang").await, voor_strafzaak().await);
        let wrap = voor_om(&w, &over, wijze, None, None);
        for _ in 0..2 {
            w.hub.toegang_geven(w.wijkteam.oin, id, &wrap).await.unwrap();
        }
        let daarna = (bladen(&w, "toegang").await, voor_strafzaak().await);
        assert_eq!(daarna, (eerst.0 + 1, eerst.1 + 1), "recorded, once");

        let leveringen = w.ontvangt(&w.om).await;
        let [levering] = leveringen.iter().filter(|l| l.bericht.id == over.brief.id).collect::<Vec<_>>()[..] else {
            panic!("{leveringen:?}")
        };
        let doel_van = |jws: &str| jws::unverified_payload::<Toegangsverklaring>(jws).unwrap().doel;
        match wijze {
            Toegangswijze::Inzage => {
                for doel in [Doel::Plan, Doel::Strafzaak] {
                    assert_eq!(doel_van(&lezen(doel).await.unwrap().toegang), doel);
                }
                assert_eq!(lezen(Doel::Regie).await.unwrap_err().code(), ProblemCode::NietToegestaan);
            }
            _ => assert_eq!(doel_van(&levering.bericht.data.delen[0].toegang[0].verklaring), Doel::Strafzaak),
        }
        // Whoever fetches it for the first purpose gets it for that.
        let bij_vt = w.postvak(&w.vt).await;
        let deel = &van(&bij_vt, over.brief.id).unwrap().bericht.data.delen[0];
        assert!(deel.toegang.iter().all(|t| doel_van(&t.verklaring) == Doel::Plan));
        assert_eq!(w.postvak(&w.om).await.len(), 0);
    }
}

/// The hub cannot read it, and holds it against what the owner signed.
#[tokio::test]
async fn an_explanation_that_is_not_the_signed_one_is_not_taken() {
    let w = Wereld::new().await;
    let casus = zaak(&w).await;
    let over = gevraagd(&w, casus, Noodzaak::Toegelicht).await;
    let ander = gevraagd(&w, casus, Noodzaak::Toegelicht).await;
    let goed = toelichting(&over.deel, &w.om, Doel::Strafzaak, 1024);
    let nog_een = toelichting(&over.deel, &w.om, Doel::Strafzaak, 1024);
    let geven = async |noemt: Option<&Inhoud>, mee: Option<&Inhoud>| {
        let body = voor_om(&w, &over, Toegangswijze::Meegeleverd, noemt, mee);
        w.hub.toegang_geven(w.wijkteam.oin, over.deel.labels.id, &body).await.map_err(|fout| fout.code())
    };
    for (wat, noemt, mee, code) in [
        ("named and not there", Some(&goed), None, ProblemCode::VerzegelingOngeldig),
        ("there and not named", None, Some(&goed), ProblemCode::VerzegelingOngeldig),
        ("another than is named", Some(&goed), Some(&nog_een), ProblemCode::VerzegelingOngeldig),
    ] {
        assert_eq!(geven(noemt, mee).await, Err(code), "{wat}");
    }
    let mut voor_twee = goed.clone();
    voor_twee.recipients.push(wrap(&w.vt.kid()));
    for (wat, uitleg, code) in [
        ("for another recipient", toelichting(&over.deel, &w.vt, Doel::Strafzaak, 1024), ProblemCode::VerzegelingOngeldig),
        ("for another purpose", toelichting(&over.deel, &w.om, Doel::Analyse, 1024), ProblemCode::VerzegelingOngeldig),
        ("of another part", toelichting(&ander.deel, &w.om, Doel::Strafzaak, 1024), ProblemCode::VerzegelingOngeldig),
        ("for two keys", voor_twee, ProblemCode::VerzegelingOngeldig),
        ("not padded", toelichting(&over.deel, &w.om, Doel::Strafzaak, 1000), ProblemCode::VerzegelingOngeldig),
        ("too large", toelichting(&over.deel, &w.om, Doel::Strafzaak, 16384), ProblemCode::TeGroot),
    ] {
        assert_eq!(geven(Some(&uitleg), Some(&uitleg)).await, Err(code), "{wat}");
    }
    assert!(w.postvak(&w.om).await.is_empty());
    geven(Some(&goed), Some(&goed)).await.unwrap();

    // With the message itself none travels: there everyone gets it for what it was sealed for.
    let (_, mut envelop) = verteld(&w, casus, Noodzaak::Toegelicht);
    let uitleg = toelichting(&envelop.data.delen[0], &w.vt, Doel::Analyse, 1024);
    envelop.data.delen[0].toegang[0].toelichting = Some(uitleg);
    assert!(w.hub.aannemen(w.wijkteam.oin, &serde_json::to_vec(&envelop).unwrap()).await.is_err());
}
