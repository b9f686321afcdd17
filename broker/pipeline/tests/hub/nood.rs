//! Attack test 9: the emergency path, through a whole hub. It opens receiving, of one's own part, by a recipient that the
//! covenant registered for emergencies, in a case in which the sender takes part; nothing else, whatever it is put beside.

use inbreng_domain::{
    BerichtId, CasusRef,
    levering::Levering,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, Urgentie},
};
use serde_json::json;

use crate::{
    feiten::op_zaak,
    wereld::{Brief, Organisatie, Stuk, Wereld, brief::ondertekenen_kop},
};

/// What the covenant does not reach, from the GGZ, which was asked: it goes nowhere but by an emergency.
fn medisch(w: &Wereld, casus: CasusRef, vraag: BerichtId, stuk: Stuk) -> Brief {
    Brief::new(w, &w.ggz, "informatie-antwoord").in_casus(casus).antwoord(vraag).zegt(json!({"antwoord": "gedeeld"})).met(stuk)
}

/// A report of the GGZ on a ground that its type does not have: it goes nowhere but by an emergency.
fn melding(w: &Wereld, stuk: Stuk, aan: &Organisatie) -> Brief {
    Brief::new(w, &w.ggz, "zorgmelding").aan(&[aan]).met(stuk).opent().0
}

fn acuut(brief: Brief) -> Brief {
    Brief { urgentie: Urgentie::Acuut, ..brief }
}

fn risico(aan: &Organisatie) -> Stuk {
    Stuk::new(Categorie::Risico, Doel::Beoordelen, Grondslag::Convenant, &[aan])
}

fn stuk(aan: &Organisatie) -> Stuk {
    Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Convenant, &[aan])
}

#[tokio::test]
async fn attack_9_an_emergency_opens_receiving_of_an_own_part_by_who_is_registered_and_nothing_else() {
    let w = Wereld::new().await;
    let nergens = async |wat: &str| {
        for wie in w.organisaties() {
            let risico = |l: &Levering| l.bericht.data.delen.iter().any(|d| d.labels.categorie == Categorie::Risico);
            assert!(!w.postvak(wie).await.iter().any(risico), "{wat}");
        }
    };

    // Without an emergency it does not go; nor to be looked at later with one, nor where nothing is acute (R35).
    let rustig = melding(&w, risico(&w.vt), &w.vt);
    assert_eq!(w.code(&rustig).await, ProblemCode::NietToegestaan);
    assert_eq!(w.code(&acuut(melding(&w, risico(&w.vt).in_nood().alleen_inzien(), &w.vt))).await, ProblemCode::NietToegestaan);
    assert_eq!(w.code(&melding(&w, risico(&w.vt).in_nood(), &w.vt)).await, ProblemCode::NietToegestaan);
    nergens("inzien").await;

    // Not to who is not registered.
    for aan in [&w.om, &w.wijkteam, &w.school] {
        let code = w.code(&acuut(melding(&w, risico(aan).in_nood(), aan))).await;
        assert!([ProblemCode::NietToegestaan, ProblemCode::NietGelijk].contains(&code), "{code}");
    }
    // Nor in a message that is not about acute danger by its type.
    let (casus, _) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let vraag = w.vraag(casus, &w.ggz).await;
    assert_eq!(w.code(&acuut(medisch(&w, casus, vraag, stuk(&w.vt).in_nood()))).await, ProblemCode::NietToegestaan);
    nergens("unregistered").await;

    // The same, in an emergency, to Veilig Thuis: it goes, with the review afterwards.
    let antwoord = w.aangenomen(&acuut(melding(&w, risico(&w.vt).in_nood(), &w.vt))).await;
    assert!(antwoord.besluiten[0].verplichtingen.iter().any(|p| p.soort.as_str() == "toets-achteraf"), "{antwoord:?}");
    let wacht = w.postvak(&w.vt).await;
    let deel = wacht.iter().flat_map(|l| &l.bericht.data.delen).find(|d| d.labels.categorie == Categorie::Risico).unwrap();

    // Veilig Thuis passes it on under the same label: another's part, whatever the label says.
    let mut doorgegeven = Brief::new(&w, &w.vt, "incidentmelding").in_casus(casus).aan(&[&w.politie]).envelop();
    doorgegeven.data.delen.push(deel.clone());
    ondertekenen_kop(&mut doorgegeven, &w.vt.sleutel);
    let fout = w.geweigerd(&w.vt, &serde_json::to_vec(&doorgegeven).unwrap()).await;
    assert_eq!(fout.code(), ProblemCode::EigenaarNietAfzender);
    assert!(w.postvak(&w.politie).await.is_empty());
}

/// Whether the danger is great enough, the professional alone decides (R9): without that decision the message comes back to it
/// with what to do, and does not wait for somebody else.
#[tokio::test]
async fn breaking_secrecy_without_a_decision_is_refused_to_the_sender() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let stuk = Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::DoorbrekenBeroepsgeheim, &[&w.vt]);
    let zonder = medisch(&w, casus, vraag, stuk.clone());
    assert_eq!(w.code(&zonder).await, ProblemCode::NietToegestaan);
    let besloten = w.aangenomen(&medisch(&w, casus, vraag, stuk.in_nood())).await;
    assert_eq!(besloten.besluiten[0].stand, Ontvangerstand::ToegestaanMetPlicht);
}

/// Who directs a case is appointed by who may; who appoints itself is nobody's emergency recipient.
#[tokio::test]
async fn attack_9_a_self_appointed_director_is_no_emergency_recipient() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let zelf = |volgnummer: u32| {
        let verklaring =
            json!({"partner": w.wijkteam.oin, "actie": "toevoegen", "rol": "casusregisseur", "volgnummer": volgnummer});
        Brief::new(&w, &w.wijkteam, "deelname").in_casus(casus).zegt(verklaring)
    };
    // From outside, and as one that takes part.
    assert_eq!(w.code(&zelf(1)).await, ProblemCode::NietToegestaan);
    w.vraag(casus, &w.wijkteam).await;
    assert_eq!(w.code(&zelf(2)).await, ProblemCode::RolOntbreekt);
    let naar_wijkteam = medisch(&w, casus, vraag, stuk(&w.wijkteam).in_nood()).aan(&[&w.wijkteam]);
    let code = w.code(&naar_wijkteam).await;
    assert!([ProblemCode::NietToegestaan, ProblemCode::NietGelijk].contains(&code), "{code}");
    // Nor does it get anywhere with a message of its own: without a case of its own it is told what an outsider is told.
    let uit_eigen_naam = Brief::new(&w, &w.school, "zorgmelding")
        .in_casus(casus)
        .aan(&[&w.vt])
        .met(Stuk::new(Categorie::Hulp, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).in_nood());
    let hier = serde_json::to_vec(&w.geweigerd(&w.school, &uit_eigen_naam.tekst()).await.problem()).unwrap();
    let mut nergens = uit_eigen_naam.clone();
    nergens.casus = Some(CasusRef::from_bytes(crate::wereld::brief::bytes()));
    assert_eq!(hier, serde_json::to_vec(&w.geweigerd(&w.school, &nergens.tekst()).await.problem()).unwrap());
}

#[tokio::test]
async fn attack_9_an_emergency_does_not_get_past_an_embargo() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    let melding = Brief::new(&w, &w.politie, "incidentmelding")
        .in_casus(casus)
        .aan(&[&w.vt])
        .met(Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).in_nood());
    let antwoord = w.aangenomen(&melding).await;
    assert_eq!(antwoord.besluiten[0].stand, Ontvangerstand::InBehandeling);
    assert!(w.postvak(&w.vt).await.is_empty());
    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 1, "it was the embargo that held it");
}
