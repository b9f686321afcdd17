//! Every kind of fact, stated through one hub process, is in force in the very next decision of another on the same database: consent,
//! participants, flags, joined cases. And what another decides at the same moment rests on the facts of its commit: whichever comes first,
//! nothing is handed out that the facts do not carry. (Embargo: `feiten`; who joins and confirms the rules: `partijen`.)

use std::collections::BTreeSet;

use inbreng_domain::{
    BerichtId, CasusRef, Clock, PersoonRef,
    clock::SystemClock,
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_harness::{Brief, Deelnemer, Hub, Regio, Stuk};
use inbreng_proof::SystemRandomness;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    feiten::{embargo, melding, tweede},
    hub, log_verify,
};

/// The partners, on either process.
struct Paar {
    regio: Regio,
    hubs: [Hub; 2],
    politie: [Deelnemer; 2],
    vt: [Deelnemer; 2],
    ggz: [Deelnemer; 2],
    om: [Deelnemer; 2],
}

impl Paar {
    fn beginnen() -> Self {
        let regio = Regio::maken();
        let a = hub(&regio, "eerste", "");
        let b = tweede(&regio, &a);
        let wie = |naam: &str| [Deelnemer::new(&regio, &a, naam), Deelnemer::new(&regio, &b, naam)];
        let (politie, vt, ggz, om) = (wie("politie"), wie("veilig-thuis"), wie("ggz"), wie("om"));
        Self { regio, hubs: [a, b], politie, vt, ggz, om }
    }

    /// A case of police and Veilig Thuis.
    async fn zaak(&self) -> CasusRef {
        let opening = Brief::incidentmelding(&self.regio, &self.politie[0].partner, &self.vt[0].partner, "Er was ruzie.");
        self.politie[0].sturen(opening.bytes()).await.met_status(202);
        opening.casus.unwrap()
    }

    fn brief(&self, van: &Deelnemer, soort: &str, casus: CasusRef, verklaring: Value) -> Brief {
        Brief { casus: Some(casus), verklaring, ..Brief::new(&self.regio, &van.partner, soort) }
    }

    /// Veilig Thuis gives a place in the case, or ends it.
    async fn plaats(&self, door: usize, casus: CasusRef, wie: &Deelnemer, actie: &str, volgnummer: usize) {
        let mut verklaring = json!({"partner": wie.partner.oin, "actie": actie, "volgnummer": volgnummer});
        if actie == "toevoegen" {
            verklaring["rol"] = json!("deelnemer");
        }
        let brief = self.brief(&self.vt[door], "deelname", casus, verklaring);
        self.vt[door].sturen(brief.bytes()).await.met_status(202);
    }

    async fn klaar(self) {
        let db = self.hubs[0].map().join("hub.sqlite");
        let [a, b] = self.hubs;
        assert!(a.stoppen() && b.stoppen());
        let (klopt, waarom) = log_verify(&db, None);
        assert!(klopt, "{waarom}");
    }
}

/// What becomes of a message: the outcome of its one decision, or the code of the refusal.
async fn uitkomst(van: &Deelnemer, brief: &Brief) -> String {
    let antwoord = van.sturen(brief.bytes()).await;
    if antwoord.status == 202 {
        antwoord.json()["besluiten"][0]["stand"].as_str().unwrap_or("aangenomen").to_owned()
    } else {
        antwoord.probleem().code.as_str().to_owned()
    }
}

/// What lies in a mailbox, seen through either process.
async fn berichten(wie: &[Deelnemer; 2]) -> BTreeSet<String> {
    let mut gezien = Vec::new();
    for wie in wie {
        let postvak = wie.postvak().await;
        gezien.push(postvak.iter().map(|l| l["bericht"]["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>());
    }
    assert_eq!(gezien[0], gezien[1], "one truth");
    gezien.pop().unwrap()
}

/// Sends all of these through the one process while `feit` is stated through the other; then none of them lies with its recipient.
async fn tegelijk(stellen: (&Deelnemer, &Brief), sturen: (&Deelnemer, &[Brief]), ontvanger: &[Deelnemer; 2]) {
    let antwoorden = async { futures_util::future::join_all(sturen.1.iter().map(|b| sturen.0.sturen(b.bytes()))).await };
    let (gesteld, antwoorden) = tokio::join!(stellen.0.sturen(stellen.1.bytes()), antwoorden);
    gesteld.met_status(202);
    for antwoord in antwoorden {
        assert!([202, 403].contains(&antwoord.status), "{}", antwoord.tekst());
    }
    let daar = berichten(ontvanger).await;
    for brief in sturen.1 {
        assert!(!daar.contains(&brief.id.to_string()), "it rests on facts that are no more");
    }
}

fn medisch(p: &Paar, casus: CasusRef, vraag: BerichtId, persoon: PersoonRef) -> Brief {
    let mut stuk = Stuk::new(Categorie::Medisch, Doel::Beoordelen, json!({"soort": "medisch"}), &[&p.vt[0].partner]);
    stuk.betrokkenen = vec![persoon];
    stuk.grondslagen = vec![Grondslag::Toestemming];
    let mut brief = p.brief(&p.ggz[0], "informatie-antwoord", casus, json!({"antwoord": "gedeeld"})).met(stuk);
    brief.antwoord_op = Some(vraag);
    brief
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consent_stated_through_one_process_counts_in_the_other() {
    let p = Paar::beginnen();
    let casus = p.zaak().await;
    let stuk = Stuk::new(Categorie::Vraag, Doel::Beoordelen, json!({"vraag": "Is er hulp?"}), &[&p.ggz[0].partner]);
    let vraag = p.brief(&p.vt[0], "informatieverzoek", casus, json!({"gevraagd": ["hulp", "medisch"]}));
    let vraag = vraag.aan(&[&p.ggz[0].partner]).met(stuk);
    p.vt[0].sturen(vraag.bytes()).await.met_status(202);
    let persoon = PersoonRef::mint(&SystemRandomness);
    let nu = SystemClock.now();
    let zegt = |stand: &str, volgnummer: usize| {
        p.brief(&p.ggz[0], "toestemming-gegeven", casus, json!({
            "persoon": persoon, "leeftijdsgroep": "18+", "door": "betrokkene", "stand": stand, "eigenaar": p.ggz[0].partner.oin,
            "ontvangers": [p.vt[0].partner.oin], "categorieen": ["medisch"], "doelen": ["beoordelen"], "volgnummer": volgnummer,
            "vanaf": nu.plus(Duration::hours(-1)), "tot": nu.plus(Duration::days(100)),
        }))
    };
    for ronde in 0..4 {
        let (een, ander) = (ronde % 2, (ronde + 1) % 2);
        assert_eq!(uitkomst(&p.ggz[ander], &medisch(&p, casus, vraag.id, persoon)).await, "niet-toegestaan", "round {ronde}");
        p.ggz[een].sturen(zegt("gegeven", 10 * ronde + 1).bytes()).await.met_status(202);
        let mag = uitkomst(&p.ggz[ander], &medisch(&p, casus, vraag.id, persoon)).await;
        assert!(mag.starts_with("toegestaan"), "round {ronde}: {mag}");
        let alle: Vec<_> = (0..4).map(|_| medisch(&p, casus, vraag.id, persoon)).collect();
        tegelijk((&p.ggz[een], &zegt("geweigerd", 10 * ronde + 2)), (&p.ggz[ander], &alle), &p.vt).await;
    }
    p.klaar().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_given_through_one_process_counts_in_the_other() {
    let p = Paar::beginnen();
    let casus = p.zaak().await;
    let vlag = |volgnummer: usize| {
        p.brief(&p.ggz[0], "vlag", casus, json!({"soort": "eergerelateerd", "actie": "zetten", "volgnummer": volgnummer}))
    };
    for ronde in 0..4 {
        let (een, ander) = (ronde % 2, (ronde + 1) % 2);
        assert_eq!(uitkomst(&p.ggz[ander], &vlag(2 * ronde + 1)).await, "niet-toegestaan", "round {ronde}: an outsider");
        p.plaats(een, casus, &p.ggz[0], "toevoegen", 2 * ronde + 1).await;
        assert_eq!(uitkomst(&p.ggz[ander], &vlag(2 * ronde + 1)).await, "aangenomen", "round {ronde}");
        p.plaats(een, casus, &p.ggz[0], "beeindigen", 2 * ronde + 2).await;
        assert_eq!(uitkomst(&p.ggz[ander], &vlag(2 * ronde + 2)).await, "niet-toegestaan", "round {ronde}: an outsider again");
    }
    p.klaar().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flag_set_through_one_process_counts_in_the_other() {
    let p = Paar::beginnen();
    let casus = p.zaak().await;
    for wie in [&p.ggz[0], &p.om[0]] {
        p.plaats(0, casus, wie, "toevoegen", 1).await;
    }
    // To the prosecutor in a case in which it and the client are kept apart: a human chooses the part of the meeting first (R22).
    let inbreng = || {
        let stuk = Stuk::new(Categorie::Hulp, Doel::Analyse, json!({"soort": "hulp"}), &[&p.om[0].partner]);
        let stuk = Stuk { grondslagen: vec![Grondslag::Convenant], ..stuk.alleen_inzien() };
        p.brief(&p.ggz[0], "inbreng-casusoverleg", casus, json!({"overlegOp": "2027-01-14"})).aan(&[&p.om[0].partner]).met(stuk)
    };
    let vlag = |van: &Deelnemer, actie: &str, volgnummer: usize| {
        let mut verklaring = json!({"soort": "om-client", "actie": actie, "volgnummer": volgnummer});
        if actie == "opheffen" {
            verklaring["reden"] = json!("onjuist");
        }
        p.brief(van, "vlag", casus, verklaring)
    };
    for ronde in 0..4 {
        let (een, ander) = (ronde % 2, (ronde + 1) % 2);
        let zonder = uitkomst(&p.ggz[ander], &inbreng()).await;
        assert!(zonder.starts_with("toegestaan"), "round {ronde}: {zonder}");
        let alle: Vec<_> = (0..4).map(|_| inbreng()).collect();
        let zetten = vlag(&p.vt[0], "zetten", 2 * ronde + 1);
        tegelijk((&p.vt[een], &zetten), (&p.ggz[ander], &alle), &p.om).await;
        let met = uitkomst(&p.ggz[ander], &inbreng()).await;
        assert!(!met.starts_with("toegestaan"), "round {ronde}: {met}");
        p.vt[een].sturen(vlag(&p.vt[0], "opheffen", 2 * ronde + 2).bytes()).await.met_status(202);
    }
    p.klaar().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_joined_through_one_process_are_one_in_the_other() {
    let p = Paar::beginnen();
    for ronde in 0..4 {
        let (een, ander) = (ronde % 2, (ronde + 1) % 2);
        let (links, rechts) = (p.zaak().await, p.zaak().await);
        p.politie[een].sturen(embargo(&p.regio, &p.politie[een], links, "zetten", 1).bytes()).await.met_status(202);
        let los = melding(&p.regio, &p.politie[0], &p.vt[0], rechts);
        assert!(uitkomst(&p.politie[ander], &los).await.starts_with("toegestaan"), "round {ronde}: another case");
        let samen = p.brief(&p.vt[een], "zaak-samenvoegen", links, json!({"met": rechts}));
        let alle: Vec<_> = (0..4).map(|_| melding(&p.regio, &p.politie[0], &p.vt[0], rechts)).collect();
        tegelijk((&p.vt[een], &samen), (&p.politie[ander], &alle), &p.vt).await;
        let een_zaak = melding(&p.regio, &p.politie[0], &p.vt[0], rechts);
        assert_eq!(
            uitkomst(&p.politie[ander], &een_zaak).await,
            "in-behandeling",
            "round {ronde}: the embargo of the one counts"
        );
    }
    p.klaar().await;
}
