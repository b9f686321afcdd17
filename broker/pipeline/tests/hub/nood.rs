//! Attack test 9: the emergency path, through a whole hub. It opens receiving, of one's own part, by a recipient that the
//! covenant registered for emergencies, in a case in which the sender takes part; nothing else, whatever it is put beside.

use inbreng_domain::{
    BerichtId, CasusRef,
    levering::Levering,
    noodgebruik::Nooddrempel,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Urgentie},
};
use inbreng_pipeline::noodgebruik;
use serde_json::json;

use crate::{
    feiten::op_zaak,
    wereld::{Brief, Organisatie, Stuk, Wereld, brief::ondertekenen_kop, nu},
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

#[tokio::test]
async fn use_of_the_emergency_path_is_counted_and_reported_above_the_threshold() {
    let w = Wereld::new().await;
    let maand = nu().to_string()[..7].parse().unwrap();
    let van = async |wie: &Organisatie| w.hub.noodgebruik(wie.oin, maand).await.unwrap();
    assert!(van(&w.ggz).await.regels.is_empty());
    for keer in 1..=6 {
        w.aangenomen(&acuut(melding(&w, risico(&w.vt).in_nood(), &w.vt))).await;
        let regels = van(&w.ggz).await.regels;
        assert_eq!((regels.len(), regels[0].aantal, regels[0].getoetst), (1, keer, 0));
        assert_eq!(regels[0].boven, if keer > 5 { JaNee::Ja } else { JaNee::Nee }, "its own small numbers it sees");
    }
    // Nobody else's.
    assert!(van(&w.politie).await.regels.is_empty());
    assert!(w.hub.noodgebruik(w.ggz.oin, "2026-01".parse().unwrap()).await.unwrap().regels.is_empty());
    let alle = noodgebruik::tellen(&*w.store, maand, Nooddrempel::default()).await.unwrap();
    assert_eq!(alle.boven().regels.len(), 1);
    let hoger = noodgebruik::tellen(&*w.store, maand, Nooddrempel::new(6).unwrap()).await.unwrap();
    assert!(hoger.boven().regels.is_empty());
    // It says who, how often, and nothing more.
    let tekst = serde_json::to_value(alle.boven()).unwrap();
    let velden: Vec<&String> = tekst["regels"][0].as_object().unwrap().keys().collect();
    assert_eq!(velden, ["organisatie", "aantal", "getoetst", "boven"]);
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

/// Who directs the case, appointed by who may, is reached in an emergency; not before, not after, and not without an emergency (R35).
#[tokio::test]
async fn an_emergency_reaches_who_directs_the_case_as_long_as_it_does() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.vraag(casus, &w.ggz).await;
    let nu_nog = w.vraag(casus, &w.wijkteam).await;
    assert!(w.postvak(&w.wijkteam).await.iter().any(|l| l.bericht.id == nu_nog));
    w.ontvangt(&w.wijkteam).await;
    // On a ground that this type does not have.
    let signaal = |nood: bool| {
        let stuk = Stuk::new(Categorie::Risico, Doel::Plan, Grondslag::ZonderToestemming, &[&w.wijkteam]);
        let stuk = if nood { stuk.in_nood() } else { stuk };
        let brief = Brief::new(&w, &w.ggz, "veiligheidssignaal").in_casus(casus).aan(&[&w.wijkteam]);
        acuut(brief.met(stuk))
    };
    let deelname = |van: &Organisatie, rol: Option<&str>, nummer: u32| {
        let mut verklaring = json!({"partner": w.wijkteam.oin, "actie": "wijzigen", "volgnummer": nummer});
        match rol {
            Some(rol) => verklaring["rol"] = json!(rol),
            None => verklaring["actie"] = json!("beeindigen"),
        }
        Brief::new(&w, van, "deelname").in_casus(casus).zegt(verklaring)
    };
    assert_eq!(w.code(&signaal(true)).await, ProblemCode::NietToegestaan, "an ordinary participant");
    assert_eq!(w.code(&deelname(&w.wijkteam, Some("casusregisseur"), 1)).await, ProblemCode::RolOntbreekt, "not by itself");
    w.aangenomen(&deelname(&w.vt, Some("casusregisseur"), 1)).await;
    assert_eq!(w.code(&signaal(false)).await, ProblemCode::NietToegestaan, "no emergency");
    let antwoord = w.aangenomen(&signaal(true)).await;
    assert!(antwoord.besluiten[0].verplichtingen.iter().any(|p| p.soort.as_str() == "toets-achteraf"), "{antwoord:?}");
    assert_eq!(w.ontvangt(&w.wijkteam).await.len(), 1);
    // Who directs the case may say so again, but then nobody else appointed it: it could go on for ever.
    w.aangenomen(&deelname(&w.wijkteam, Some("casusregisseur"), 1)).await;
    assert_eq!(w.code(&signaal(true)).await, ProblemCode::NietToegestaan, "by itself");
    w.aangenomen(&deelname(&w.vt, Some("casusregisseur"), 2)).await;
    w.aangenomen(&signaal(true)).await;
    w.ontvangt(&w.wijkteam).await;
    w.aangenomen(&deelname(&w.vt, Some("deelnemer"), 3)).await;
    assert_eq!(w.code(&signaal(true)).await, ProblemCode::NietToegestaan, "directs it no more");
}
