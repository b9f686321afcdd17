//! What is asked of the sender itself, through a whole hub: the message comes back with the question, waits for nobody, and goes
//! once it is answered.

use inbreng_domain::{
    CasusRef,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, Noodzaak, Partnertype},
};
use serde_json::json;

use crate::wereld::{Brief, Organisatie, Stuk, Wereld};

fn inbreng(w: &Wereld, van: &Organisatie, casus: CasusRef, stuk: Stuk) -> Brief {
    Brief::new(w, van, "inbreng-casusoverleg").in_casus(casus).zegt(json!({"overlegOp": "2026-12-10"})).met(stuk)
}

/// The message is refused to its sender with this one question, and nobody gets anything.
async fn gevraagd(w: &Wereld, brief: &Brief, aan: &Organisatie, regel: u8, woorden: &str) {
    let voor = w.postvak(aan).await.len();
    let fout = w.geweigerd(&brief.van, &brief.tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    let [besluit] = fout.besluiten() else { panic!("{fout:?}") };
    assert!(besluit.regels.iter().any(|r| r.nummer() == regel), "{:?}", besluit.regels);
    assert!(besluit.zin.contains(woorden), "{}", besluit.zin);
    assert_eq!(besluit.stand, Ontvangerstand::Geweigerd, "it waits for nobody else");
    assert_eq!(w.postvak(aan).await.len(), voor);
}

#[tokio::test]
async fn who_keeps_a_secret_reads_the_others_first_and_then_decides_by_itself() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.vraag(casus, &w.ggz).await;
    for categorie in [Categorie::Risico, Categorie::Medisch] {
        let stuk = || Stuk::new(categorie, Doel::Analyse, Grondslag::DoorbrekenBeroepsgeheim, &[&w.vt]);
        let zonder = inbreng(&w, &w.ggz, casus, stuk()).aan(&[&w.vt]);
        gevraagd(&w, &zonder, &w.vt, 36, "U beslist zelf").await;
        let besloten = w.aangenomen(&inbreng(&w, &w.ggz, casus, stuk().in_nood()).aan(&[&w.vt])).await;
        assert_eq!(besloten.besluiten[0].stand, Ontvangerstand::ToegestaanMetPlicht);
        assert!(besloten.besluiten[0].verplichtingen.iter().any(|p| p.soort.as_str() == "toets-achteraf"));
    }
}

#[tokio::test]
async fn about_another_of_the_household_youth_protection_gets_what_is_explained() {
    let w = Wereld::new().await;
    let jb = w.pki.organisatie("00000001000000000007", "Jeugdbescherming Voorbeeld", Partnertype::Jeugdbescherming, &w.beheerder);
    w.hub.gids_vullen(vec![jb.gids.clone()]).await.unwrap();
    w.hub.partijen_vullen(vec![jb.toetreding(&w.tekst, &w.beheerder)]).await.unwrap();
    let (casus, _) = w.zaak().await;
    w.vraag(casus, &w.wijkteam).await;
    w.vraag(casus, &jb).await;
    let stuk = |categorie, noodzaak| Stuk { noodzaak, ..Stuk::new(categorie, Doel::Analyse, Grondslag::Convenant, &[&jb]) };
    let van_wijkteam = |stuk| inbreng(&w, &w.wijkteam, casus, stuk).aan(&[&jb]);
    let hulp = van_wijkteam(stuk(Categorie::Hulp, Noodzaak::NietToegelicht));
    gevraagd(&w, &hulp, &jb, 19, "gaat over het kind").await;
    w.aangenomen(&van_wijkteam(stuk(Categorie::Hulp, Noodzaak::Toegelicht))).await;
    // What the assignment is about is not asked.
    w.aangenomen(&van_wijkteam(stuk(Categorie::Kind, Noodzaak::NietToegelicht))).await;
    w.aangenomen(&van_wijkteam(stuk(Categorie::Risico, Noodzaak::NietToegelicht))).await;
}
