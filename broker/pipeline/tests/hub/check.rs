//! "Mag dit?": the same decisions as for the message, nothing stored, one leaf.

use inbreng_domain::{
    Uitkomst,
    problem::ProblemCode,
    toets::{Toetsdeel, Toetsverzoek},
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};

use crate::wereld::{Brief, Stuk, Wereld, brief::naar};

/// The check for this message.
pub fn vraag(brief: &Brief) -> Toetsverzoek {
    let envelop = brief.envelop();
    Toetsverzoek {
        berichttype: envelop.berichttype,
        variant: brief.variant.clone(),
        casus: brief.casus,
        opening: brief.opening,
        urgentie: brief.urgentie,
        antwoord_op: brief.antwoord_op,
        convenant: envelop.data.kop.convenant,
        gemeente: brief.gemeente,
        geadresseerden: brief.geadresseerden.clone(),
        verklaring: brief.verklaring.clone(),
        delen: brief
            .delen
            .iter()
            .map(|stuk| Toetsdeel {
                labels: brief.labels(stuk),
                ontvangers: stuk.voor.iter().map(|(o, _)| naar(o.oin)).collect(),
                wijze: stuk.voor.first().map_or(Toegangswijze::Meegeleverd, |(_, wijze)| *wijze),
                genoemd: false,
            })
            .collect(),
    }
}

pub fn verzoek(brief: &Brief) -> Vec<u8> {
    serde_json::to_vec(&vraag(brief)).unwrap()
}

#[tokio::test]
async fn a_check_says_what_the_message_will_hear() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let toets = w.hub.toetsen(w.politie.oin, &verzoek(&melding)).await.unwrap();
    assert_eq!(toets.beleid, w.beleid());
    assert_eq!(toets.ontvangers.len(), 1);
    assert_eq!((toets.ontvangers[0].oin, &toets.ontvangers[0].gids), (w.vt.oin, &w.vt.gids));
    assert_eq!(toets.besluiten.len(), 1);
    assert!(toets.besluiten[0].besluit.uitkomst.levert());

    let antwoord = w.aangenomen(&melding).await;
    let (toets, besluit) = (&toets.besluiten[0], &antwoord.besluiten[0]);
    assert_eq!((toets.deel, toets.ontvanger), (besluit.deel, besluit.ontvanger));
    assert_eq!((&toets.besluit.regels, &toets.besluit.uitleg.afzender), (&besluit.regels, &besluit.zin));
}

#[tokio::test]
async fn a_check_stores_no_message_and_is_logged() {
    let w = Wereld::new().await;
    let voor = w.hub.tellingen().await.unwrap();
    let (melding, casus) = w.melding();
    w.hub.toetsen(w.politie.oin, &verzoek(&melding)).await.unwrap();
    let na = w.hub.tellingen().await.unwrap();
    assert_eq!((na.berichten, na.leveringen, na.bladen), (0, 0, voor.bladen + 1));
    assert!(!w.store.zaakstand(casus).await.unwrap().bestaat);
    let blad = w.store.bladen(na.bladen - 1, 1).await.unwrap().remove(0);
    assert_eq!(blad.soort.to_string(), "toets");
    assert!(w.postvak(&w.vt).await.is_empty());
}

#[tokio::test]
async fn a_refusal_shows_reason_and_way_out() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let antwoord = Brief::new(&w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(vraag)
        .zegt(serde_json::json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Convenant, &[&w.vt]));
    let toets = w.hub.toetsen(w.ggz.oin, &verzoek(&antwoord)).await.unwrap();
    let besluit = &toets.besluiten[0].besluit;
    assert_eq!(besluit.uitkomst, Uitkomst::Weigeren);
    assert!(besluit.regels.iter().any(|r| r.nummer() == 8), "{besluit:?}");
    assert!(besluit.alternatieven.iter().any(|a| a.grondslag == Some(Grondslag::Toestemming)), "{besluit:?}");
}

#[tokio::test]
async fn a_part_is_judged_for_whom_it_is_meant() {
    let w = Wereld::new().await;
    let mut brief = Brief::new(&w, &w.politie, "huisverbod-opgelegd")
        .zegt(serde_json::json!({"opgelegdOp": "2026-11-22T00:30:00.000Z", "eindigtOp": "2026-12-02T00:30:00.000Z"}))
        .aan(&[&w.vt, &w.om])
        .opent()
        .0;
    let stuk = |voor: &[_]| Stuk::new(Categorie::Bestuur, Doel::Huisverbod, Grondslag::WettelijkeTaak, voor);
    brief.delen = vec![stuk(&[&w.vt]), stuk(&[&w.vt, &w.om])];
    let toets = w.hub.toetsen(w.politie.oin, &verzoek(&brief)).await.unwrap();
    let paren: Vec<_> = toets.besluiten.iter().map(|b| (b.deel, b.ontvanger)).collect();
    let (een, twee) = (Some(brief.delen[0].id), Some(brief.delen[1].id));
    assert_eq!(paren, [(een, w.vt.oin), (twee, w.vt.oin), (twee, w.om.oin)]);

    // Meant for nobody in particular: for everyone who is addressed.
    let mut vraag = vraag(&brief);
    vraag.delen.iter_mut().for_each(|d| d.ontvangers.clear());
    let toets = w.hub.toetsen(w.politie.oin, &serde_json::to_vec(&vraag).unwrap()).await.unwrap();
    assert_eq!(toets.besluiten.len(), 4);

    vraag.delen[0].ontvangers = vec![naar(w.ggz.oin)];
    let fout = w.hub.toetsen(w.politie.oin, &serde_json::to_vec(&vraag).unwrap()).await.unwrap_err();
    assert_eq!((fout.code(), fout.pad()), (ProblemCode::NietGelijk, Some("/delen/0/ontvangers/0")));
}

#[tokio::test]
async fn labels_of_another_owner_are_refused() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let fout = w.hub.toetsen(w.vt.oin, &verzoek(&melding)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::EigenaarNietAfzender);
    for (pad, waarde, code) in [
        ("/type", serde_json::json!("nl.inbreng.bestaat-niet.v1"), ProblemCode::TypeOnbekend),
        ("/convenant", serde_json::json!("elders"), ProblemCode::NietGelijk),
        ("/geadresseerden", serde_json::json!([{"oin": "00000009999999999999"}]), ProblemCode::OntvangerOnbekend),
        ("/verklaring", serde_json::json!({"naam": "Testpersoon Appel"}), ProblemCode::VerklaringOngeldig),
        ("/urgentie", serde_json::json!("straks"), ProblemCode::VeldOngeldig),
    ] {
        let mut vraag = serde_json::to_value(vraag(&melding)).unwrap();
        *vraag.pointer_mut(pad).unwrap() = waarde;
        let fout = w.hub.toetsen(w.politie.oin, &serde_json::to_vec(&vraag).unwrap()).await.unwrap_err();
        assert_eq!(fout.code(), code, "{pad}");
        assert!(!format!("{fout:?}").contains("Appel"));
    }
}
