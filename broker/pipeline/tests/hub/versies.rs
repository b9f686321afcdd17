//! The life of a policy version: every step by who may, in order, once; and the switch at its instant in every process.

mod houden;
mod simulatie;

use std::sync::Arc;

use inbreng_domain::{
    Digest, Tijdstip,
    clock::FixedClock,
    problem::ProblemCode,
    versie::{Activering, Beheerfunctie, Beheerhandeling, Versiehandeling, Versiestaat, Versiestapsoort},
    vocabulary::{Categorie, JaNee},
};
use inbreng_pipeline::{Fout, Hub, beheer::Versieweergave};
use inbreng_policy::{Bundel, Effect, Handhaving, Laag, Rij, Stap};
use inbreng_proof::{Typ, canonical_string, digest_of, jws, sha256};
use inbreng_storage::{NieuwBlad, NieuweVersie, Planregel, Planwijziging, Versieschrift, Versiestap};
use serde_json::{Value, json};

use crate::wereld::{Brief, Organisatie, Wereld, nu, over_minuten};

const TABEL: &str = r#"
convenant = "voorbeeldregio"

[standaard]
van_deelnemer = "ja"
naar_deelnemer = "ja"
ondertekend = "beide"
noodzaak = "toegelicht"
embargo = "nee"
scheiding = []
afgeschermd = "nee"
bevestigd = "ja"
noodbesluit = "nee"

[[geval]]
naam = "een melding gaat naar Veilig Thuis"
verzoek = { van = "politie", naar = "veilig-thuis", soort = "incidentmelding", categorie = "incident", doel = "beoordelen", handeling = "ontvangen", grondslag = "wettelijke-taak" }
verwacht = "VERWACHT"
"#;

/// A draft: a bundle, its tables, and the digests that acts name.
pub struct Concept {
    pub bundel: Value,
    tabellen: Value,
    pub versie: Digest,
    tabellen_digest: Digest,
}

impl Concept {
    fn maken(bundel: &Bundel, tabel: &str) -> Self {
        let bundel = serde_json::to_value(bundel).unwrap();
        let tabellen = json!([{ "naam": "melding", "inhoud": tabel }]);
        let tabellen_digest = sha256(canonical_string(&tabellen).unwrap().as_bytes());
        Self { versie: digest_of(&bundel).unwrap(), bundel, tabellen, tabellen_digest }
    }

    /// The covenant in force with one row more: no incident data for Veilig Thuis.
    fn strenger(w: &Wereld, nummer: u32) -> Self {
        let mut bundel = geldende_bundel(w);
        bundel.versie = nummer;
        bundel.rijen.push(tegen_incidenten(&bundel));
        Self::maken(&bundel, &TABEL.replace("VERWACHT", "niet-toegelaten"))
    }

    pub fn gelijk(w: &Wereld, nummer: u32) -> Self {
        let mut bundel = geldende_bundel(w);
        bundel.versie = nummer;
        Self::maken(&bundel, &TABEL.replace("VERWACHT", "toegelaten"))
    }

    pub fn daad(&self, w: &Wereld, wie: &Organisatie, handeling: Versiehandeling) -> Beheerhandeling {
        Beheerhandeling {
            handeling,
            convenant: "voorbeeldregio".parse().unwrap(),
            versie: self.versie,
            tabellen: self.tabellen_digest,
            simulatie: None,
            door: wie.oin,
            functie: Beheerfunctie::PrivacyOfficer,
            tijd: inbreng_domain::Clock::now(&*w.clock),
        }
    }

    fn jws(&self, w: &Wereld, wie: &Organisatie, handeling: Versiehandeling) -> String {
        jws::sign(&wie.sleutel, Typ::Beheer, &self.daad(w, wie, handeling)).unwrap()
    }

    fn indiening(&self, verklaring: &str) -> Vec<u8> {
        serde_json::to_vec(&json!({ "bundel": self.bundel, "tabellen": self.tabellen, "verklaring": verklaring })).unwrap()
    }

    /// Hands it in, by who may or may not.
    pub async fn proberen(&self, w: &Wereld, door: &Organisatie) -> Result<Versieweergave, Fout> {
        let body = self.indiening(&self.jws(w, door, Versiehandeling::Indienen));
        w.hub.versie_indienen(door.oin, &body).await.map(|(weergave, _)| weergave)
    }

    async fn ingediend(&self, w: &Wereld, door: &Organisatie) -> Versieweergave {
        let body = self.indiening(&self.jws(w, door, Versiehandeling::Indienen));
        let (weergave, nieuw) = w.hub.versie_indienen(door.oin, &body).await.unwrap();
        assert!(nieuw);
        weergave
    }

    async fn getest(&self, w: &Wereld, door: &Organisatie, gezien: u32) -> u32 {
        let uitslag =
            w.hub.versie_testen(door.oin, self.versie, gezien, &self.jws(w, door, Versiehandeling::Testen)).await.unwrap();
        assert!(uitslag.geslaagd, "{uitslag:?}");
        uitslag.stand
    }

    async fn gesimuleerd(&self, w: &Wereld, door: &Organisatie, gezien: u32) -> (u32, Digest) {
        let jws = self.jws(w, door, Versiehandeling::Simuleren);
        let vandaag = dag(inbreng_domain::Clock::now(&*w.clock));
        let periode = (dag(nu()).plus(time::Duration::days(-1)), vandaag);
        let antwoord = w.hub.versie_simuleren(door.oin, self.versie, gezien, periode, &jws).await.unwrap();
        (antwoord.stand, antwoord.simulatie)
    }

    async fn goedkeuren(
        &self,
        w: &Wereld,
        door: &Organisatie,
        gezien: u32,
        simulatie: Option<Digest>,
    ) -> Result<Versieweergave, Fout> {
        let handeling = if simulatie.is_some() { Versiehandeling::Goedkeuren } else { Versiehandeling::Terugdraaien };
        let daad = Beheerhandeling { simulatie, ..self.daad(w, door, handeling) };
        let jws = jws::sign(&door.sleutel, Typ::Beheer, &daad).unwrap();
        w.hub.versie_goedkeuren(door.oin, self.versie, gezien, &jws).await
    }

    fn activering(&self, volgnummer: u32, ingang: Tijdstip, terug: JaNee) -> Activering {
        let convenant = "voorbeeldregio".parse().unwrap();
        Activering { convenant, versie: self.versie, volgnummer, ingang, terug, tijd: nu() }
    }

    fn plan(&self, w: &Wereld, activering: &Activering) -> Vec<u8> {
        let bundel = jws::sign(&w.beheerder, Typ::Beleid, &self.bundel).unwrap();
        let activering = jws::sign(&w.beheerder, Typ::Activering, activering).unwrap();
        serde_json::to_vec(&json!({ "bundel": bundel, "activering": activering })).unwrap()
    }

    async fn plannen(
        &self,
        w: &Wereld,
        gezien: u32,
        volgnummer: u32,
        ingang: Tijdstip,
        terug: JaNee,
    ) -> Result<Versieweergave, Fout> {
        let body = self.plan(w, &self.activering(volgnummer, ingang, terug));
        w.hub.versie_plannen(w.school.oin, self.versie, gezien, &body).await
    }

    /// From nothing to approved; gives the last step.
    pub async fn goedgekeurd(&self, w: &Wereld) -> u32 {
        let stand = self.ingediend(w, &w.politie).await.regel.stand;
        let stand = self.getest(w, &w.politie, stand).await;
        let (stand, simulatie) = self.gesimuleerd(w, &w.politie, stand).await;
        let stand = self.goedkeuren(w, &w.vt, stand, Some(simulatie)).await.unwrap().regel.stand;
        let weergave = self.goedkeuren(w, &w.ggz, stand, Some(simulatie)).await.unwrap();
        assert_eq!(weergave.regel.staat, Versiestaat::Goedgekeurd);
        weergave.regel.stand
    }
}

fn geldende_bundel(w: &Wereld) -> Bundel {
    serde_json::from_value(jws::unverified_payload(&w.bundels[0]).unwrap()).unwrap()
}

/// A row that holds back what police reports, under a rule that has its sentence.
fn tegen_incidenten(bundel: &Bundel) -> Rij {
    let voorbeeld = bundel.rijen.iter().find(|r| r.effect == Effect::Tegenhouden && r.uitkomst == Some(Handhaving::Weigeren));
    Rij {
        regel: voorbeeld.unwrap().regel,
        uitkomst: Some(Handhaving::Weigeren),
        soorten: vec!["incidentmelding".parse().unwrap()],
        categorieen: vec![Categorie::Incident],
        toelichting: Some("afspraak van de regio".to_owned()),
        ..Rij::over_alles(Laag::Convenant, Stap::Kring, Effect::Tegenhouden)
    }
}

/// The beginning of its day.
fn dag(moment: Tijdstip) -> Tijdstip {
    let tekst = moment.to_string();
    format!("{}T00:00:00.000Z", tekst.split_once('T').unwrap().0).parse().unwrap()
}

/// In the first minutes of the next day.
fn morgen() -> Tijdstip {
    dag(nu()).plus(time::Duration::days(1)).plus(time::Duration::minutes(5))
}

fn zet(klok: &FixedClock, op: Tijdstip) {
    klok.advance(op.since(inbreng_domain::Clock::now(klok)));
}

fn code<T: std::fmt::Debug>(uitslag: Result<T, Fout>) -> ProblemCode {
    uitslag.expect_err("accepted").code()
}

#[tokio::test]
async fn the_first_version_enters_the_same_history() {
    let w = Wereld::new().await;
    let alle = w.hub.versies(None).await.unwrap().versies;
    assert_eq!(alle.len(), 1);
    assert_eq!((alle[0].versie, alle[0].staat, alle[0].auteur), (w.beleid(), Versiestaat::Actief, None));
    let een = w.hub.versie(w.beleid()).await.unwrap();
    assert_eq!(een.stappen.iter().map(|s| s.soort).collect::<Vec<_>>(), [Versiestapsoort::Inlezen]);
    assert_eq!((een.volgnummer, een.goedkeuringen.len()), (Some(0), 0));
    assert!(w.hub.versie_inhoud(w.beleid()).await.unwrap().tabellen.is_empty());
    // The same file again, and a second process with it, change nothing.
    w.hub.beleid_vervangen(&w.bundels).await.unwrap();
    let tweede = w.hub_erbij(w.clock.clone()).await;
    assert_eq!(tweede.versies(None).await.unwrap(), w.hub.versies(None).await.unwrap());
    // Another file replaces it while the covenant manager has activated nothing.
    let ander = Concept::gelijk(&w, 2);
    w.hub.beleid_vervangen(&[jws::sign(&w.beheerder, Typ::Beleid, &ander.bundel).unwrap()]).await.unwrap();
    let staten: Vec<_> = w.hub.versies(None).await.unwrap().versies.iter().map(|v| (v.nummer, v.staat)).collect();
    assert_eq!(staten, [(2, Versiestaat::Actief), (1, Versiestaat::Vervallen)]);
    assert_eq!(w.hub.convenanten().await.convenanten[0].beleid, ander.versie);
}

#[tokio::test]
async fn a_version_goes_through_every_state_and_each_step_is_in_the_log() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    w.clock.advance(time::Duration::minutes(1));
    let concept = Concept::strenger(&w, 2);
    let bladen = w.store.hoofd().await.unwrap().0;
    let stand = concept.goedgekeurd(&w).await;
    let weergave = concept.plannen(&w, stand, 1, over_minuten(10), JaNee::Nee).await.unwrap();
    assert_eq!(
        (weergave.regel.staat, weergave.ingang, weergave.volgnummer),
        (Versiestaat::Gepland, Some(over_minuten(10)), Some(1))
    );
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen + 6, "a leaf for each step");

    zet(&w.clock, over_minuten(10));
    assert_eq!(w.hub.versie(concept.versie).await.unwrap().regel.staat, Versiestaat::Actief, "at its instant, without a step");
    w.hub.beleid_bijhouden().await.unwrap();
    w.hub.beleid_bijhouden().await.unwrap();
    assert_eq!(w.store.hoofd().await.unwrap().0, bladen + 8, "two steps more, once");
    let soorten: Vec<_> = w.hub.versie(concept.versie).await.unwrap().stappen.iter().map(|s| (s.soort, s.staat)).collect();
    use Versiestapsoort as S;
    assert_eq!(
        soorten,
        [
            (S::Indienen, Versiestaat::Concept),
            (S::Testen, Versiestaat::Getest),
            (S::Simuleren, Versiestaat::Gesimuleerd),
            (S::Goedkeuren, Versiestaat::Gesimuleerd),
            (S::Goedkeuren, Versiestaat::Goedgekeurd),
            (S::Plannen, Versiestaat::Gepland),
            (S::Activeren, Versiestaat::Actief),
        ]
    );
    assert_eq!(w.hub.versie(w.beleid()).await.unwrap().regel.staat, Versiestaat::Vervallen);
    assert!(w.hub.controleer_logboek().await.unwrap().klopt);
    let getoond = &w.hub.convenanten().await.convenanten[0];
    assert_eq!(getoond.beleid, concept.versie);
    let activering: Activering =
        jws::verify(getoond.activering.as_deref().unwrap(), Typ::Activering, w.beheerder.verifying_key()).unwrap();
    assert_eq!(activering.volgnummer, 1);
    // A file of the installation counts no more.
    w.hub.beleid_vervangen(&w.bundels).await.unwrap();
    assert_eq!(w.hub.convenanten().await.convenanten[0].beleid, concept.versie);
}

#[tokio::test]
async fn a_draft_does_not_move_on_while_a_case_fails() {
    let w = Wereld::new().await;
    let mut bundel = geldende_bundel(&w);
    bundel.versie = 2;
    let concept = Concept::maken(&bundel, &TABEL.replace("VERWACHT", "weigeren"));
    let stand = concept.ingediend(&w, &w.politie).await.regel.stand;
    let testen = concept.jws(&w, &w.politie, Versiehandeling::Testen);
    let uitslag = w.hub.versie_testen(w.politie.oin, concept.versie, stand, &testen).await.unwrap();
    assert!(!uitslag.geslaagd);
    assert_eq!((uitslag.gevallen, uitslag.mislukt, uitslag.stand, uitslag.staat), (1, 1, stand, Versiestaat::Concept));
    assert_eq!(uitslag.tabellen[0].mislukt[0].naam, "een melding gaat naar Veilig Thuis");
    let simuleren = concept.jws(&w, &w.politie, Versiehandeling::Simuleren);
    let periode = (dag(nu()).plus(time::Duration::days(-1)), dag(nu()));
    assert_eq!(
        code(w.hub.versie_simuleren(w.politie.oin, concept.versie, stand, periode, &simuleren).await),
        ProblemCode::VersieStaat
    );
    // Without a table nothing is shown, and a bundle that cannot be used says why.
    for (n, verandering) in [(3_u32, true), (4, false)] {
        let mut bundel = geldende_bundel(&w);
        bundel.versie = n;
        let mut concept = Concept::maken(&bundel, TABEL);
        if verandering {
            concept.tabellen = json!([]);
            concept.tabellen_digest = sha256(b"[]");
        } else {
            bundel.rijen[0].effect = Effect::Tegenhouden;
            bundel.rijen[0].regel = None;
            concept = Concept::maken(&bundel, &TABEL.replace("VERWACHT", "toegelaten"));
        }
        let stand = concept.ingediend(&w, &w.politie).await.regel.stand;
        let testen = concept.jws(&w, &w.politie, Versiehandeling::Testen);
        let uitslag = w.hub.versie_testen(w.politie.oin, concept.versie, stand, &testen).await.unwrap();
        assert!(!uitslag.geslaagd && uitslag.fout.is_some(), "{uitslag:?}");
    }
}

#[tokio::test]
async fn who_did_not_see_the_last_step_is_refused() {
    let w = Wereld::new().await;
    let concept = Concept::gelijk(&w, 2);
    let stand = concept.ingediend(&w, &w.politie).await.regel.stand;
    assert_eq!(concept.getest(&w, &w.politie, stand).await, stand + 1);
    let testen = concept.jws(&w, &w.politie, Versiehandeling::Testen);
    assert_eq!(code(w.hub.versie_testen(w.politie.oin, concept.versie, stand, &testen).await), ProblemCode::VersieGewijzigd);
    // Handed in again by its author, an answer that was lost; by another, or with other tables, it is there.
    let weer = concept.indiening(&concept.jws(&w, &w.politie, Versiehandeling::Indienen));
    let (weergave, nieuw) = w.hub.versie_indienen(w.politie.oin, &weer).await.unwrap();
    assert!(!nieuw && weergave.regel.stand == stand + 1);
    let ander = concept.indiening(&concept.jws(&w, &w.vt, Versiehandeling::Indienen));
    assert_eq!(code(w.hub.versie_indienen(w.vt.oin, &ander).await), ProblemCode::VersieBestaatAnders);
    let mut andere_tabel = Concept::gelijk(&w, 2);
    andere_tabel.tabellen = json!([]);
    andere_tabel.tabellen_digest = sha256(b"[]");
    let body = andere_tabel.indiening(&andere_tabel.jws(&w, &w.politie, Versiehandeling::Indienen));
    assert_eq!(code(w.hub.versie_indienen(w.politie.oin, &body).await), ProblemCode::VersieBestaatAnders);
    // A number counts up.
    let mut oud = geldende_bundel(&w);
    oud.titel = "Een ander convenant onder hetzelfde nummer".to_owned();
    let oud = Concept::maken(&oud, TABEL);
    let body = oud.indiening(&oud.jws(&w, &w.politie, Versiehandeling::Indienen));
    assert_eq!(code(w.hub.versie_indienen(w.politie.oin, &body).await), ProblemCode::NietNieuwer);
}

#[tokio::test]
async fn an_act_counts_once_from_its_organisation_for_its_version_and_its_moment() {
    let w = Wereld::new().await;
    let concept = Concept::gelijk(&w, 2);
    let indienen = async |wie: &Organisatie, daad: &Beheerhandeling, sleutel: &inbreng_proof::SigningKey, typ| {
        let body = concept.indiening(&jws::sign(sleutel, typ, daad).unwrap());
        code(w.hub.versie_indienen(wie.oin, &body).await)
    };
    let goed = concept.daad(&w, &w.politie, Versiehandeling::Indienen);
    let p = &w.politie;
    assert_eq!(indienen(p, &goed, &w.vt.sleutel, Typ::Beheer).await, ProblemCode::HandtekeningOngeldig, "another's key");
    assert_eq!(indienen(p, &goed, &p.sleutel, Typ::Beleid).await, ProblemCode::HandtekeningOngeldig, "another use");
    assert_eq!(
        indienen(p, &goed, &w.beheerder, Typ::Beheer).await,
        ProblemCode::HandtekeningOngeldig,
        "the manager is no officer"
    );
    let van_vt = Beheerhandeling { door: w.vt.oin, ..goed.clone() };
    assert_eq!(indienen(p, &van_vt, &p.sleutel, Typ::Beheer).await, ProblemCode::BronNietEigen);
    let fout = Digest::from_bytes([7; 32]);
    for (wat, anders) in [
        ("version", Beheerhandeling { versie: fout, ..goed.clone() }),
        ("tables", Beheerhandeling { tabellen: fout, ..goed.clone() }),
        ("covenant", Beheerhandeling { convenant: "andere-regio".parse().unwrap(), ..goed.clone() }),
        ("act", Beheerhandeling { handeling: Versiehandeling::Testen, ..goed.clone() }),
        ("old", Beheerhandeling { tijd: over_minuten(-16), ..goed.clone() }),
        ("of later", Beheerhandeling { tijd: over_minuten(16), ..goed.clone() }),
    ] {
        assert_eq!(indienen(p, &anders, &p.sleutel, Typ::Beheer).await, ProblemCode::NietGelijk, "{wat}");
    }
    // A school did not sign this covenant.
    let van_school = concept.daad(&w, &w.school, Versiehandeling::Indienen);
    assert_eq!(indienen(&w.school, &van_school, &w.school.sleutel, Typ::Beheer).await, ProblemCode::GeenPartij);
    assert_eq!(w.hub.versies(None).await.unwrap().versies.len(), 1, "nothing was taken");
}

#[tokio::test]
async fn two_others_approve_and_see_the_simulation() {
    let w = Wereld::new().await;
    let concept = Concept::gelijk(&w, 2);
    let stand = concept.ingediend(&w, &w.politie).await.regel.stand;
    let stand = concept.getest(&w, &w.politie, stand).await;
    let niets = Some(Digest::from_bytes([0; 32]));
    assert_eq!(code(concept.goedkeuren(&w, &w.vt, stand, niets).await), ProblemCode::VersieStaat, "before a simulation");
    let (stand, simulatie) = concept.gesimuleerd(&w, &w.vt, stand).await;
    assert_eq!(code(concept.goedkeuren(&w, &w.politie, stand, Some(simulatie)).await), ProblemCode::EigenVersie);
    assert_eq!(code(concept.goedkeuren(&w, &w.vt, stand, niets).await), ProblemCode::SimulatieAnders);
    assert_eq!(code(concept.goedkeuren(&w, &w.school, stand, Some(simulatie)).await), ProblemCode::GeenPartij);
    let een = concept.goedkeuren(&w, &w.vt, stand, Some(simulatie)).await.unwrap();
    assert_eq!((een.regel.staat, een.goedkeuringen), (Versiestaat::Gesimuleerd, vec![w.vt.oin]));
    let stand = een.regel.stand;
    assert_eq!(code(concept.goedkeuren(&w, &w.vt, stand, Some(simulatie)).await), ProblemCode::AlGoedgekeurd);
    assert_eq!(
        code(concept.plannen(&w, stand, 1, over_minuten(1), JaNee::Nee).await),
        ProblemCode::VersieStaat,
        "one is not two"
    );
    let jws = concept.jws(&w, &w.politie, Versiehandeling::Simuleren);
    let periode = (dag(nu()).plus(time::Duration::days(-1)), dag(nu()));
    let opnieuw = w.hub.versie_simuleren(w.politie.oin, concept.versie, stand, periode, &jws).await;
    assert_eq!(code(opnieuw), ProblemCode::VersieStaat, "an approval rests on the simulation that it saw");
    let twee = concept.goedkeuren(&w, &w.ggz, stand, Some(simulatie)).await.unwrap();
    assert_eq!((twee.regel.staat, twee.goedkeuringen.len()), (Versiestaat::Goedgekeurd, 2));
}

#[tokio::test]
async fn only_the_covenant_manager_puts_a_version_in_force() {
    let w = Wereld::new().await;
    let concept = Concept::gelijk(&w, 2);
    let stand = concept.goedgekeurd(&w).await;
    let goed = concept.activering(1, over_minuten(10), JaNee::Nee);
    let bundel = jws::sign(&w.beheerder, Typ::Beleid, &concept.bundel).unwrap();
    let proberen = async |bundel: &str, activering: String| {
        let body = serde_json::to_vec(&json!({ "bundel": bundel, "activering": activering })).unwrap();
        code(w.hub.versie_plannen(w.politie.oin, concept.versie, stand, &body).await)
    };
    let teken = |sleutel, typ, a: &Activering| jws::sign(sleutel, typ, a).unwrap();
    let beheerder = &w.beheerder;
    assert_eq!(proberen(&bundel, teken(&w.politie.sleutel, Typ::Activering, &goed)).await, ProblemCode::HandtekeningOngeldig);
    assert_eq!(proberen(&bundel, teken(beheerder, Typ::Beheer, &goed)).await, ProblemCode::HandtekeningOngeldig);
    assert_eq!(proberen(&w.bundels[0], teken(beheerder, Typ::Activering, &goed)).await, ProblemCode::DigestOngelijk);
    let zelf = jws::sign(&w.politie.sleutel, Typ::Beleid, &concept.bundel).unwrap();
    assert_eq!(proberen(&zelf, teken(beheerder, Typ::Activering, &goed)).await, ProblemCode::HandtekeningOngeldig);
    for (anders, verwacht) in [
        (Activering { versie: w.beleid(), ..goed.clone() }, ProblemCode::NietGelijk),
        (Activering { convenant: "andere-regio".parse().unwrap(), ..goed.clone() }, ProblemCode::NietGelijk),
        (Activering { terug: JaNee::Ja, ..goed.clone() }, ProblemCode::NietGelijk),
        (Activering { volgnummer: 0, ..goed.clone() }, ProblemCode::NietNieuwer),
        (Activering { ingang: over_minuten(-1), ..goed.clone() }, ProblemCode::IngangVoorbij),
        (Activering { ingang: crate::wereld::dagen(900), ..goed.clone() }, ProblemCode::IngangVoorbij),
    ] {
        assert_eq!(proberen(&bundel, teken(beheerder, Typ::Activering, &anders)).await, verwacht, "{anders:?}");
    }
    let gepland = concept.plannen(&w, stand, 1, over_minuten(10), JaNee::Nee).await.unwrap();
    // One to come at a time; who approved may still think again, an outsider may not.
    let volgende = Concept::gelijk(&w, 3);
    let klaar = volgende.goedgekeurd(&w).await;
    assert_eq!(code(volgende.plannen(&w, klaar, 2, over_minuten(20), JaNee::Nee).await), ProblemCode::ActiveringGepland);
    let intrekken = async |wie: &Organisatie| {
        let jws = concept.jws(&w, wie, Versiehandeling::Intrekken);
        w.hub.versie_intrekken(wie.oin, concept.versie, gepland.regel.stand, &jws).await
    };
    assert_eq!(code(intrekken(&w.om).await), ProblemCode::GeenPartij);
    assert_eq!(intrekken(&w.ggz).await.unwrap().regel.staat, Versiestaat::Vervallen);
    assert_eq!(volgende.plannen(&w, klaar, 2, over_minuten(20), JaNee::Nee).await.unwrap().regel.staat, Versiestaat::Gepland);
    zet(&w.clock, over_minuten(15));
    assert_eq!(w.hub.convenanten().await.convenanten[0].beleid, w.beleid(), "withdrawn is not in force");
    zet(&w.clock, over_minuten(20));
    let te_laat = volgende.jws(&w, &w.politie, Versiehandeling::Intrekken);
    let stand = w.hub.versie(volgende.versie).await.unwrap().regel.stand;
    assert_eq!(code(w.hub.versie_intrekken(w.politie.oin, volgende.versie, stand, &te_laat).await), ProblemCode::VersieStaat);
}

#[tokio::test]
async fn an_older_version_comes_back_by_two_approvals_and_a_higher_number() {
    let w = Wereld::new().await;
    let concept = Concept::strenger(&w, 2);
    let stand = concept.goedgekeurd(&w).await;
    concept.plannen(&w, stand, 1, over_minuten(1), JaNee::Nee).await.unwrap();
    zet(&w.clock, over_minuten(2));
    w.hub.beleid_bijhouden().await.unwrap();
    assert_eq!(w.code(&w.melding().0).await, ProblemCode::OpnieuwToetsen, "the sender checked against the old one");

    // Back to the first version, which came with the installation.
    let eerste = Concept {
        bundel: jws::unverified_payload(&w.bundels[0]).unwrap(),
        tabellen: json!([]),
        versie: w.beleid(),
        tabellen_digest: sha256(b"[]"),
    };
    let stand = w.hub.versie(eerste.versie).await.unwrap().regel.stand;
    assert_eq!(code(eerste.plannen(&w, stand, 2, over_minuten(3), JaNee::Ja).await), ProblemCode::VersieStaat);
    let stand = eerste.goedkeuren(&w, &w.politie, stand, None).await.unwrap().regel.stand;
    let akkoord = eerste.goedkeuren(&w, &w.om, stand, None).await.unwrap();
    assert_eq!((akkoord.regel.staat, akkoord.goedkeuringen.len()), (Versiestaat::Goedgekeurd, 2));
    let stand = akkoord.regel.stand;
    assert_eq!(code(eerste.plannen(&w, stand, 1, over_minuten(3), JaNee::Ja).await), ProblemCode::NietNieuwer);
    assert_eq!(code(eerste.plannen(&w, stand, 2, over_minuten(3), JaNee::Nee).await), ProblemCode::NietGelijk);
    eerste.plannen(&w, stand, 2, over_minuten(3), JaNee::Ja).await.unwrap();
    zet(&w.clock, over_minuten(3));
    w.hub.beleid_bijhouden().await.unwrap();
    assert_eq!(w.hub.versie(concept.versie).await.unwrap().regel.staat, Versiestaat::Vervallen);
    w.aangenomen(&w.melding().0).await;
}

/// Two hubs on one file, each with its own memory: both decide by the old version until the instant and by none but the new one
/// from then on, also the one that never heard of the plan.
#[tokio::test]
async fn two_processes_switch_at_the_instant_and_record_nothing_old_after_it() {
    let w = Wereld::new().await;
    let klok = Arc::new(FixedClock::at(nu()));
    let tweede = w.hub_erbij(klok.clone()).await;
    let stuur = async |hub: &Arc<Hub>, brief: &Brief| hub.aannemen(brief.van.oin, &brief.tekst()).await;
    stuur(&tweede, &w.melding().0).await.unwrap();
    let concept = Concept::strenger(&w, 2);
    let stand = concept.goedgekeurd(&w).await;
    concept.plannen(&w, stand, 1, over_minuten(1), JaNee::Nee).await.unwrap();
    let besluiten = w.store.besluiten(0, 999).await.unwrap().len();

    // The second process last looked a moment ago, and decides on what it knew: the commit finds out, and it decides anew.
    stuur(&tweede, &w.melding().0).await.unwrap();
    stuur(&w.hub, &w.melding().0).await.unwrap();
    let voor = w.store.besluiten(0, 999).await.unwrap();
    assert!(voor.len() > besluiten);

    zet(&w.clock, over_minuten(1));
    zet(&klok, over_minuten(1));
    for hub in [&tweede, &w.hub] {
        assert_eq!(code(stuur(hub, &w.melding().0).await), ProblemCode::OpnieuwToetsen);
    }
    assert_eq!(w.store.besluiten(0, 999).await.unwrap(), voor, "nothing was recorded under the old version after its instant");
    for hub in [&tweede, &w.hub] {
        let mut brief = w.melding().0;
        brief.beleid = concept.versie;
        assert_eq!(code(stuur(hub, &brief).await), ProblemCode::NietToegestaan);
    }
    let na = w.store.besluiten(0, 999).await.unwrap();
    assert!(na.len() > voor.len());
    for besluit in &na[voor.len()..] {
        assert!(besluit.record.contains(&concept.versie.to_string()), "{}", besluit.record);
    }
}

/// A decision that was taken before the instant and comes to be recorded after it is not: the store's clock says so.
#[tokio::test]
async fn a_decision_that_is_late_to_be_recorded_is_taken_again() {
    let w = Wereld::new().await;
    let concept = Concept::strenger(&w, 2);
    let stand = concept.goedgekeurd(&w).await;
    concept.plannen(&w, stand, 1, over_minuten(1), JaNee::Nee).await.unwrap();
    // This process reads its time from a clock that stands still before the instant; its store's clock is past it.
    let stil = Arc::new(FixedClock::at(nu()));
    zet(&w.clock, over_minuten(2));
    let hub = w.hub_op_klok(stil).await;
    let voor = w.store.besluiten(0, 999).await.unwrap();
    let brief = w.melding().0;
    assert_eq!(code(hub.aannemen(brief.van.oin, &brief.tekst()).await), ProblemCode::OpslagNietBeschikbaar);
    assert_eq!(w.store.besluiten(0, 999).await.unwrap(), voor);
}

/// A process that cannot use the version in force decides nothing, rather than by the one before.
#[tokio::test]
async fn a_version_that_cannot_be_used_stops_deciding() {
    for geval in 0..4 {
        let w = Wereld::new().await;
        let concept = Concept::strenger(&w, 2);
        let goed = concept.activering(1, over_minuten(1), JaNee::Nee);
        let later = Activering { ingang: over_minuten(9), ..goed.clone() };
        let bundel = jws::sign(&w.beheerder, Typ::Beleid, &concept.bundel).unwrap();
        let teken = |sleutel, a| jws::sign::<Activering>(sleutel, Typ::Activering, a).unwrap();
        let (activering, bundel) = match geval {
            // What stands in the store was not signed by the covenant manager, says another instant, or is no such bundle.
            0 => (teken(&w.politie.sleutel, &goed), bundel),
            1 => (teken(&w.beheerder, &later), bundel),
            2 => (teken(&w.beheerder, &goed), "geen.echte.bundel".to_owned()),
            _ => (teken(&w.beheerder, &goed), w.bundels[0].clone()),
        };
        let regel = Planregel {
            convenant: "voorbeeldregio".parse().unwrap(),
            volgnummer: 1,
            versie: concept.versie,
            ingang: over_minuten(1),
            activering: Some(activering),
            bundel,
        };
        let nieuw = NieuweVersie {
            versie: concept.versie,
            convenant: regel.convenant.clone(),
            nummer: 2,
            tabellen_digest: concept.tabellen_digest,
            bundel: canonical_string(&concept.bundel).unwrap(),
            tabellen: "[]".to_owned(),
            auteur: None,
        };
        let stap = Versiestap {
            soort: Versiestapsoort::Plannen,
            staat: Versiestaat::Gepland,
            tijd: nu(),
            door: None,
            functie: None,
            verklaring: None,
            uitslag: None,
        };
        let record = "{}".to_owned();
        let hash = inbreng_proof::blad::blad_hash("versie", nu(), &[0; 32], record.as_bytes());
        let blad = NieuwBlad { soort: "versie".parse().unwrap(), record, zout: [0; 32], hash, tijd: nu() };
        let schrift = Versieschrift {
            versie: concept.versie,
            nieuw: Some(nieuw),
            verwacht: 0,
            stap,
            plan: Some(Planwijziging::Toevoegen(regel)),
            blad,
        };
        w.store.versie_schrijven(schrift).await.unwrap();
        w.aangenomen(&w.melding().0).await;
        zet(&w.clock, over_minuten(1));
        assert_eq!(w.code(&w.melding().0).await, ProblemCode::BeleidVerouderd);
        assert!(w.hub.convenanten().await.convenanten.is_empty(), "nothing is shown as in force");
    }
}
