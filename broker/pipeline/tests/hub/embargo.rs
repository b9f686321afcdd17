//! Who may know of an embargo, by its three levels (R21): the prosecution always, who directs the case as well, or everyone who takes
//! part. Whoever may not know reads, byte for byte, that there is nothing; and is told nothing of it by a message either.

use inbreng_domain::{
    CasusRef, DeelId,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag, Partnertype, Toegangswijze},
};
use serde_json::json;

use crate::{
    feiten::op_zaak,
    reading::verzoek,
    wereld::{Brief, Organisatie, Stuk, Wereld},
};

/// A case of police and Veilig Thuis with everyone in it who may have to know: the prosecution, who directs the process (the ZVH), who
/// directs the case (the neighbourhood team), and one who only takes part (the GGZ).
struct Kring {
    w: Wereld,
    zvh: Organisatie,
    casus: CasusRef,
}

impl Kring {
    async fn nieuw() -> Self {
        let w = Wereld::new().await;
        let zvh = w.pki.organisatie("00000001000000000007", "ZVH Voorbeeld", Partnertype::Zvh, &w.beheerder);
        w.hub.gids_vullen(vec![zvh.gids.clone()]).await.unwrap();
        let (casus, _) = w.zaak().await;
        for (wie, rol) in [(&w.om, "deelnemer"), (&zvh, "deelnemer"), (&w.wijkteam, "casusregisseur"), (&w.ggz, "deelnemer")] {
            let plaats = json!({"partner": wie.oin, "actie": "toevoegen", "rol": rol, "volgnummer": 1});
            w.aangenomen(&Brief::new(&w, &w.vt, "deelname").in_casus(casus).zegt(plaats)).await;
        }
        Self { w, zvh, casus }
    }

    /// Everyone in it but the police, and from which level on each may know.
    fn lezers(&self) -> [(&Organisatie, &'static str); 5] {
        let w = &self.w;
        [(&w.om, "gesloten"), (&self.zvh, "regie"), (&w.wijkteam, "regie"), (&w.ggz, "open"), (&w.vt, "open")]
    }

    /// The levels, and whether somebody who may know from `vanaf` on may know at it.
    fn niveaus(vanaf: &str) -> impl Iterator<Item = (&'static str, bool)> {
        let volgorde = ["gesloten", "regie", "open"];
        let grens = volgorde.iter().position(|n| *n == vanaf).unwrap();
        volgorde.into_iter().enumerate().map(move |(n, niveau)| (niveau, n >= grens))
    }

    /// A view-only part of the police for each of them, received before anything was held.
    async fn delen(&self) -> Vec<DeelId> {
        let mut delen = Vec::new();
        for (wie, _) in self.lezers() {
            let mut stuk = Stuk::new(Categorie::Incident, Doel::Analyse, Grondslag::ZonderToestemming, &[wie]);
            stuk.voor[0].1 = Toegangswijze::Inzage;
            delen.push(stuk.id);
            let inbreng = Brief::new(&self.w, &self.w.politie, "inbreng-casusoverleg")
                .in_casus(self.casus)
                .zegt(json!({"overlegOp": "2026-12-10"}))
                .aan(&[wie])
                .met(stuk);
            self.w.aangenomen(&inbreng).await;
            self.w.ontvangt(wie).await;
        }
        delen
    }

    /// An embargo of the police on the whole case at this level.
    fn embargo(&self, niveau: &str, volgnummer: u32) -> Brief {
        let mut zetten = op_zaak(&self.w, self.casus, "verlengen", volgnummer);
        zetten.verklaring["zichtbaarheid"] = json!(niveau);
        zetten
    }

    /// What this reader is answered.
    async fn lezen(&self, wie: &Organisatie, deel: DeelId) -> Result<(), (ProblemCode, String)> {
        match self.w.hub.inzage(wie.oin, deel, &verzoek(wie, deel, Doel::Analyse)).await {
            Ok(_) => Ok(()),
            Err(fout) => Err((fout.code(), serde_json::to_string(&fout.problem()).unwrap())),
        }
    }
}

#[tokio::test]
async fn a_reader_hears_of_it_at_its_level_and_else_that_there_is_nothing() {
    let k = Kring::nieuw().await;
    let delen = k.delen().await;
    let geen = Stuk::new(Categorie::Incident, Doel::Analyse, Grondslag::Convenant, &[]).id;
    for ((wie, _), deel) in k.lezers().into_iter().zip(&delen) {
        assert_eq!(k.lezen(wie, *deel).await, Ok(()), "{}: before", wie.naam);
    }
    for (n, niveau) in (1..).zip(["gesloten", "regie", "open"]) {
        k.w.aangenomen(&k.embargo(niveau, n)).await;
        for ((wie, vanaf), deel) in k.lezers().into_iter().zip(&delen) {
            let weet = Kring::niveaus(vanaf).any(|(op, weet)| op == niveau && weet);
            let (code, tekst) = k.lezen(wie, *deel).await.unwrap_err();
            let (_, onbekend) = k.lezen(wie, geen).await.unwrap_err();
            if weet {
                assert_eq!(code, ProblemCode::NietToegestaan, "{} at {niveau}", wie.naam);
                assert!(tekst.contains("Er is informatie die nu niet gedeeld kan worden.") && !tekst.contains("R20"), "{tekst}");
            } else {
                assert_eq!(tekst, onbekend, "{} at {niveau}: as if there were nothing", wie.naam);
            }
        }
    }
    k.w.aangenomen(&op_zaak(&k.w, k.casus, "opheffen", 4)).await;
    for ((wie, _), deel) in k.lezers().into_iter().zip(&delen) {
        assert_eq!(k.lezen(wie, *deel).await, Ok(()), "{}: afterwards", wie.naam);
    }
}

#[tokio::test]
async fn a_message_about_it_reaches_who_may_know_and_nobody_beside() {
    let k = Kring::nieuw().await;
    let mut nummer = 0;
    for (wie, vanaf) in k.lezers() {
        k.w.ontvangt(wie).await;
        for (niveau, weet) in Kring::niveaus(vanaf) {
            nummer += 1;
            let verteld = k.embargo(niveau, nummer).aan(&[wie]);
            if weet {
                k.w.aangenomen(&verteld).await;
                let [levering] = k.w.ontvangt(wie).await.try_into().unwrap();
                assert_eq!(levering.bericht.id, verteld.id, "{} at {niveau}", wie.naam);
            } else {
                assert_eq!(k.w.code(&verteld).await, ProblemCode::RolOntbreekt, "{} at {niveau}", wie.naam);
                assert!(k.w.postvak(wie).await.is_empty(), "{} at {niveau}", wie.naam);
            }
        }
    }
    // One who may not know among those who may: nobody is told.
    let samen = k.embargo("regie", nummer + 1).aan(&[&k.w.om, &k.w.ggz]);
    assert_eq!(k.w.code(&samen).await, ProblemCode::RolOntbreekt);
    assert!(k.w.postvak(&k.w.om).await.is_empty());
}

#[tokio::test]
async fn who_no_longer_directs_the_case_no_longer_knows() {
    let k = Kring::nieuw().await;
    let delen = k.delen().await;
    let team = k.lezers().iter().position(|(wie, _)| wie.oin == k.w.wijkteam.oin).unwrap();
    k.w.aangenomen(&k.embargo("regie", 1)).await;
    assert_eq!(k.lezen(&k.w.wijkteam, delen[team]).await.unwrap_err().0, ProblemCode::NietToegestaan);
    let gewoon = json!({"partner": k.w.wijkteam.oin, "actie": "wijzigen", "rol": "deelnemer", "volgnummer": 2});
    k.w.aangenomen(&Brief::new(&k.w, &k.w.vt, "deelname").in_casus(k.casus).zegt(gewoon)).await;
    assert_eq!(k.lezen(&k.w.wijkteam, delen[team]).await.unwrap_err().0, ProblemCode::NietGevonden);
}
