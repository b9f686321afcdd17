//! The owner's say between processes of their own: onward sharing in answer to a request (44, 45, a further wrap), recall and
//! misdelivery. In force at once, also for what waits at another process on the same store.

use inbreng_adapter::sealing::{Voor, herwrappen, openen};
use inbreng_domain::{
    Clock, Deel, DeelId, Randomness,
    antwoorden::Toegangsverzoek,
    clock::SystemClock,
    part::Toelichting,
    receipts::{Toetsoordeel, Toetsuitslag},
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Toegangswijze},
};
use inbreng_harness::{Antwoord, Brief, Deelnemer, Hub, Regio, Stuk};
use inbreng_proof::{SystemRandomness, Typ, jws};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{feiten::tweede, hub};

/// Why the criminal case needs it; the hub never sees it.
const UITLEG: &str = "De rechter moet weten welke hulp er al loopt.";

/// The partners of a case: police, Veilig Thuis, GGZ and OM take part.
pub(crate) struct Zaak {
    pub(crate) regio: Regio,
    pub(crate) hub: Hub,
    pub(crate) politie: Deelnemer,
    pub(crate) vt: Deelnemer,
    pub(crate) ggz: Deelnemer,
    pub(crate) om: Deelnemer,
    pub(crate) opening: Brief,
}

impl Zaak {
    pub(crate) async fn openen(naam: &str) -> Self {
        let regio = Regio::maken();
        let hub = hub(&regio, naam, "");
        let [politie, vt, ggz, om] = ["politie", "veilig-thuis", "ggz", "om"].map(|n| Deelnemer::new(&regio, &hub, n));
        let opening = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
        let zaak = Self { regio, hub, politie, vt, ggz, om, opening };
        zaak.politie.sturen(zaak.opening.bytes()).await.met_status(202);
        for (n, wie) in [&zaak.ggz, &zaak.om].into_iter().enumerate() {
            let mut erbij = zaak.brief(&zaak.vt, "deelname");
            erbij.verklaring = json!({"partner": wie.partner.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": n + 1});
            zaak.vt.sturen(erbij.bytes()).await.met_status(202);
        }
        zaak
    }

    pub(crate) fn brief(&self, van: &Deelnemer, soort: &str) -> Brief {
        Brief { casus: self.opening.casus, ..Brief::new(&self.regio, &van.partner, soort) }
    }

    /// Veilig Thuis asks the GGZ, and gets one part; it is received, so its content has left the hub.
    pub(crate) async fn antwoord_van_ggz(&self) -> (Brief, Deel) {
        let mut vraag = self.brief(&self.vt, "informatieverzoek").aan(&[&self.ggz.partner]);
        vraag.verklaring = json!({"gevraagd": ["hulp"]});
        let stuk = Stuk::new(Categorie::Vraag, Doel::Beoordelen, json!({"vraag": "Welke hulp loopt er?"}), &[&self.ggz.partner]);
        self.vt.sturen(vraag.met(stuk).bytes()).await.met_status(202);
        let leveringen = self.ggz.postvak().await;
        let vraag = leveringen.last().unwrap()["bericht"]["id"].as_str().unwrap().parse().unwrap();
        let mut antwoord = self.brief(&self.ggz, "informatie-antwoord");
        antwoord.antwoord_op = Some(vraag);
        antwoord.verklaring = json!({"antwoord": "gedeeld"});
        let inhoud = json!({"vormen": [{"soort": "Gesprekken", "stand": "loopt"}]});
        let mut stuk = Stuk::new(Categorie::Hulp, Doel::Beoordelen, inhoud, &[&self.vt.partner]);
        stuk.grondslagen = vec![Grondslag::WettelijkeTaak];
        antwoord = antwoord.met(stuk);
        let envelop = antwoord.envelop();
        let deel = envelop.data.delen[0].clone();
        self.ggz.sturen(serde_json::to_vec(&envelop).unwrap()).await.met_status(202);
        for levering in self.vt.postvak().await {
            self.vt.ontvangen(&levering).await;
        }
        (antwoord, deel)
    }

    /// The GGZ breaks its secret for the police in an emergency, which is to be reviewed.
    pub(crate) async fn noodopening(&self) -> Brief {
        let mut nood = self.brief(&self.ggz, "noodopening").aan(&[&self.politie.partner]);
        let mut stuk = Stuk::new(Categorie::Risico, Doel::Verantwoording, json!({}), &[&self.politie.partner]);
        stuk.grondslagen = vec![Grondslag::DoorbrekenBeroepsgeheim];
        nood = nood.met(stuk);
        let mut envelop = nood.envelop();
        let labels = inbreng_domain::Labels { noodbesluit: JaNee::Ja, ..nood.labels(&nood.delen[0]) };
        let ggz = &self.ggz.partner;
        let voor = &nood.delen[0].voor;
        let deel = inbreng_adapter::sealing::verzegelen(
            labels,
            &nood.delen[0].inhoud,
            ggz.zegel.jwk(),
            voor,
            &ggz.sleutel,
            &inbreng_proof::SystemRandomness,
        );
        envelop.data.delen = vec![deel.unwrap()];
        inbreng_harness::ondertekenen(&mut envelop, &ggz.sleutel);
        self.ggz.sturen(serde_json::to_vec(&envelop).unwrap()).await.met_status(202);
        nood
    }

    /// What its officer found.
    pub(crate) fn toetsuitslag(&self, over: &Brief) -> String {
        let ggz = &self.ggz.partner;
        let uitslag = Toetsuitslag {
            bericht: over.id,
            oordeel: Toetsoordeel::Leerpunt,
            organisatie: ggz.oin,
            functie: "privacy-functionaris".parse().unwrap(),
            tijd: SystemClock.now(),
        };
        jws::sign(&ggz.sleutel, Typ::Toetsuitslag, &uitslag).unwrap()
    }

    /// May this go to the OM, for its criminal case?
    pub(crate) async fn verzoek(&self, over: &Brief) -> Brief {
        let mut verzoek = self.brief(&self.vt, "doorverstrekking-verzoek");
        verzoek.variant = Some("ander-doel".parse().unwrap());
        verzoek.verklaring = json!({
            "bericht": over.id, "delen": [over.delen[0].id], "ontvangers": [self.om.partner.oin], "doel": "strafzaak",
            "soort": "zorgadvies",
        });
        self.vt.sturen(verzoek.bytes()).await.met_status(202);
        verzoek
    }

    pub(crate) async fn besluit(&self, op: &Brief, besluit: &str, volgnummer: u32) {
        let mut brief = self.brief(&self.ggz, "eigenaar-besluit");
        brief.antwoord_op = Some(op.id);
        brief.verklaring = json!({"besluit": besluit, "volgnummer": volgnummer});
        self.ggz.sturen(brief.bytes()).await.met_status(202);
    }

    /// The GGZ's wrap of this part for the OM, in answer to this request, with why it is needed for the criminal case.
    pub(crate) fn wrap(&self, deel: &Deel, op: &Brief) -> Toegangsverzoek {
        let voor = Voor {
            oin: self.om.partner.oin,
            sleutel: self.om.partner.zegel.jwk().clone(),
            wijze: Toegangswijze::Meegeleverd,
            doel: Doel::Strafzaak,
            gebruik: Vec::new(),
            genoemd: JaNee::Nee,
            bewaren_tot: None,
            verzoek: Some(op.id),
        };
        let ggz = &self.ggz.partner;
        let uitleg = Toelichting { tekst: UITLEG.to_owned() };
        let uitleg: (&Toelichting, &dyn Randomness) = (&uitleg, &SystemRandomness);
        let zegels = std::slice::from_ref(&ggz.zegel);
        let gemaakt = herwrappen(deel, &voor, zegels, ggz.sleutel.verifying_key(), &ggz.sleutel, Some(uitleg)).unwrap();
        Toegangsverzoek { wrap: gemaakt.wrap, toegang: gemaakt.toegang, deel: None }
    }
}

async fn toegang(wie: &Deelnemer, deel: DeelId, verzoek: &Toegangsverzoek) -> Antwoord {
    let token = wie.token("berichten").await.unwrap();
    let aanroep = wie.client.aanroep(Method::POST, &format!("/v1/delen/{deel}/toegang")).token(&token);
    let aanroep = aanroep.kop("content-type", "application/json").lijf(serde_json::to_vec(verzoek).unwrap());
    Antwoord::lezen(aanroep.sturen().await).await.unwrap()
}

fn van<'l>(leveringen: &'l [Value], bericht: &Brief) -> Option<&'l Value> {
    leveringen.iter().find(|l| l["bericht"]["id"] == json!(bericht.id))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_goes_further_by_its_owners_yes_and_from_its_owner_alone() {
    let z = Zaak::openen("verder").await;
    let (antwoord, deel) = z.antwoord_van_ggz().await;
    let verzoek = z.verzoek(&antwoord).await;
    let id = deel.labels.id;

    // No answer is no, and a no is no: the wrap is not taken.
    let met_deel = |mut v: Toegangsverzoek| {
        v.deel = Some(deel.clone());
        v
    };
    let poging = met_deel(z.wrap(&deel, &verzoek));
    assert_eq!(toegang(&z.ggz, id, &poging).await.met_status(422).json()["code"], "niet-gelijk");
    z.besluit(&verzoek, "nee", 1).await;
    let geweigerd = toegang(&z.ggz, id, &poging).await.met_status(403).json();
    assert_eq!(geweigerd["code"], "niet-toegestaan");
    assert!(geweigerd["besluiten"][0]["regels"].as_array().unwrap().contains(&json!("R28")), "{geweigerd}");

    z.besluit(&verzoek, "ja", 2).await;
    let te_vertellen = async || {
        let plichten = z.ggz.ophalen("berichten", "/plichten").await.met_status(200).json();
        let open = plichten["plichten"].as_array().unwrap().iter();
        open.filter(|p| p["soort"] == "transparantiebericht" && p["bericht"] == json!(antwoord.id)).count()
    };
    let eerder = te_vertellen().await;
    // Who asked passes nothing on, whatever it holds; the owner brings the part again, as it was sent and in no other form.
    assert_eq!(toegang(&z.vt, id, &poging).await.met_status(404).json()["code"], "niet-gevonden");
    assert_eq!(toegang(&z.ggz, id, &z.wrap(&deel, &verzoek)).await.met_status(409).json()["code"], "inhoud-weg");
    let mut anders = poging.clone();
    anders.deel.as_mut().unwrap().inhoud.tag = "A".repeat(22);
    assert_eq!(toegang(&z.ggz, id, &anders).await.met_status(422).json()["code"], "digest-ongelijk");
    let mut vreemd = poging.clone();
    vreemd.wrap = z.wrap(&deel, &verzoek).wrap;
    assert_eq!(toegang(&z.ggz, id, &vreemd).await.met_status(422).json()["code"], "verzegeling-ongeldig");
    assert!(z.om.postvak().await.is_empty());
    let _taken = toegang(&z.ggz, id, &poging).await.met_status(204);
    // The person hears that it went further (R32): its owner owes that beside what it owed for the first recipient.
    assert_eq!(te_vertellen().await, eerder + 1);
    // The same again changes nothing.
    let _again = toegang(&z.ggz, id, &poging).await.met_status(204);
    assert_eq!(te_vertellen().await, eerder + 1);

    let leveringen = z.om.postvak().await;
    assert_eq!(leveringen.len(), 1);
    let levering = van(&leveringen, &antwoord).unwrap();
    let gekregen: Deel = serde_json::from_value(levering["bericht"]["data"]["delen"][0].clone()).unwrap();
    let om = &z.om.partner;
    let eigenaar = z.ggz.partner.sleutel.verifying_key();
    let open = openen(&gekregen, om.oin, std::slice::from_ref(&om.zegel), eigenaar).unwrap();
    assert_eq!(open.inhoud.waarde().unwrap(), antwoord.delen[0].inhoud);
    assert_eq!((open.toegang.doel, open.toegang.verzoek), (Doel::Strafzaak, Some(verzoek.id)));
    assert_eq!(open.toelichting.map(|t| t.tekst).as_deref(), Some(UITLEG), "read by who got it, for that purpose");
    let plichten = levering["besluiten"][0]["verplichtingen"].to_string();
    assert!(plichten.contains("niet-doorverstrekken"), "{plichten}");
    let status = z.ggz.status(antwoord.id).await;
    assert_eq!(status["ontvangers"].as_array().unwrap().len(), 2, "its owner sees who holds it");

    // Its no takes back what was not fetched yet.
    z.besluit(&verzoek, "nee", 3).await;
    assert!(z.om.postvak().await.is_empty());
    z.besluit(&verzoek, "ja", 4).await;
    assert!(z.hub.stoppen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_its_owner_takes_back_stops_at_every_process_at_once() {
    let z = Zaak::openen("terug").await;
    let b = tweede(&z.regio, &z.hub);
    let vt_bij_b = Deelnemer::new(&z.regio, &b, "veilig-thuis");
    let nog_een = || {
        let stuk = Stuk::incident(Doel::Beoordelen, "Er was weer ruzie.", &[&z.vt.partner]);
        z.brief(&z.politie, "incidentmelding").aan(&[&z.vt.partner]).met(stuk)
    };
    for soort in ["intrekking", "misplaatsing"] {
        let melding = nog_een();
        z.politie.sturen(melding.bytes()).await.met_status(202);
        assert!(van(&vt_bij_b.postvak().await, &melding).is_some());
        let mut stop = z.brief(&z.politie, soort);
        let reden = if soort == "intrekking" { "geen-grond" } else { "verkeerde-persoon" };
        stop.verklaring = json!({"bericht": melding.id, "reden": reden});
        z.politie.sturen(stop.bytes()).await.met_status(202);
        let leveringen = vt_bij_b.postvak().await;
        assert!(van(&leveringen, &melding).is_none(), "{soort}: through one process, in force at the other");
        assert!(van(&leveringen, &stop).is_some(), "{soort}: and told");
        let stand = z.politie.status(melding.id).await["ontvangers"][0]["stand"].clone();
        assert_eq!(stand, if soort == "intrekking" { "vervallen" } else { "in-behandeling" });
    }
    assert!(z.hub.stoppen() && b.stoppen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_review_afterwards_is_owed_until_its_officer_has_said_what_it_found() {
    let z = Zaak::openen("toets").await;
    let nood = z.noodopening().await;
    let open = async || {
        let plichten = z.ggz.ophalen("berichten", "/plichten").await.met_status(200).json();
        plichten["plichten"].as_array().unwrap().iter().filter(|p| p["soort"] == "toets-achteraf").count()
    };
    assert_eq!(open().await, 1);
    let verklaring = json!({"verklaring": z.toetsuitslag(&nood)});
    let token = z.ggz.token("berichten").await.unwrap();
    let aanroep = z.ggz.client.aanroep(Method::POST, &format!("/v1/berichten/{}/toets-achteraf", nood.id)).token(&token);
    let aanroep = aanroep.kop("content-type", "application/json").lijf(verklaring.to_string());
    let _met = Antwoord::lezen(aanroep.sturen().await).await.unwrap().met_status(204);
    assert_eq!(open().await, 0);
    let plichten = z.ggz.status(nood.id).await["plichten"].clone();
    let toets = plichten.as_array().unwrap().iter().find(|p| p["soort"] == "toets-achteraf").unwrap();
    assert_eq!((&toets["stand"], &toets["uitkomst"]), (&json!("voldaan"), &json!("leerpunt")));
    assert!(z.hub.stoppen());
}
