//! A region in which one partner told another something, and a third stands by.

use inbreng_domain::{
    Clock, Code, DeelId, LeveringId, Oin, Randomness, Tijdstip,
    clock::SystemClock,
    receipts::Gelezen,
    vocabulary::{Categorie, Doel},
};
use inbreng_harness::{Antwoord, Brief, Deelnemer, Hub, Partner, Regio, Stuk};
use inbreng_proof::{SystemRandomness, Typ, jws};
use serde_json::{Value, json};
use time::Duration;

use crate::starten;

/// Politie told Veilig Thuis; the public prosecutor has a valid certificate, keys and token, and no part in it.
#[derive(Debug)]
pub(crate) struct Toneel {
    pub(crate) regio: Regio,
    pub(crate) hub: Hub,
    pub(crate) politie: Deelnemer,
    pub(crate) vt: Deelnemer,
    pub(crate) derde: Deelnemer,
    /// What was sent: a view-only part and an ordinary one.
    pub(crate) brief: Brief,
    pub(crate) aangenomen: Antwoord,
    pub(crate) levering: Value,
    beheer: reqwest::Client,
}

impl Toneel {
    pub(crate) async fn opbouwen() -> Self {
        let regio = Regio::maken();
        let hub = starten(&regio);
        Self::in_regio(regio, hub).await
    }

    pub(crate) async fn in_regio(regio: Regio, hub: Hub) -> Self {
        let [politie, vt, derde] = ["politie", "veilig-thuis", "om"].map(|naam| Self::deelnemer(&regio, &hub, naam));
        let brief = melding(&regio, &politie.partner, &vt.partner);
        let aangenomen = politie.sturen(brief.bytes()).await.met_status(202);
        let levering = vt.postvak().await.remove(0);
        Self { regio, hub, politie, vt, derde, brief, aangenomen, levering, beheer: reqwest::Client::new() }
    }

    pub(crate) fn deelnemer(regio: &Regio, hub: &Hub, naam: &str) -> Deelnemer {
        Deelnemer::new(regio, hub, naam)
    }

    /// What the hub counts, on one connection: it is asked often.
    pub(crate) async fn tellingen(&self) -> Value {
        let antwoord = self.beheer.get(format!("http://{}/tellingen", self.hub.beheer)).send().await.unwrap();
        antwoord.error_for_status().unwrap().json().await.unwrap()
    }

    /// Another message like the one that was sent, that nobody sent.
    pub(crate) fn nooit_verzonden(&self) -> Brief {
        melding(&self.regio, &self.politie.partner, &self.vt.partner)
    }

    /// What the third partner may well send, were it not for what a test makes of it.
    pub(crate) fn eigen_brief(&self) -> Brief {
        let vt = &self.vt.partner;
        let stuk = Stuk::new(Categorie::Straf, Doel::Strafzaak, json!({"soort": "straf"}), &[vt]);
        let mut brief = Brief::new(&self.regio, &self.derde.partner, "zorgadvies-verzoek").aan(&[vt]).met(stuk);
        brief.variant = Some(Code::parse("zitting").unwrap());
        brief.verklaring = json!({"zittingOp": "2027-01-14"});
        brief
    }

    /// The sender puts the case under an embargo that nobody may notice.
    pub(crate) async fn embargo(&self) {
        let verklaring = json!({
            "actie": "zetten", "omvang": "zaak", "zichtbaarheid": "gesloten", "volgnummer": 1,
            "herziening": SystemClock.now().plus(Duration::days(10)),
        });
        let brief = Brief { casus: self.brief.casus, verklaring, ..Brief::new(&self.regio, &self.politie.partner, "embargo") };
        let _in_force = self.politie.sturen(brief.bytes()).await.met_status(202);
    }

    pub(crate) fn leveringnummer(&self) -> LeveringId {
        LeveringId::parse(self.levering["id"].as_str().unwrap()).unwrap()
    }

    pub(crate) fn inzagedeel(&self) -> DeelId {
        self.brief.delen[0].id
    }

    pub(crate) fn gewoon_deel(&self) -> DeelId {
        self.brief.delen[1].id
    }

    pub(crate) async fn gelezen(&self, door: &Deelnemer) -> Antwoord {
        let levering = self.leveringnummer();
        let woord = Gelezen { levering, functie: functie(), ontvanger: door.partner.oin, tijd: SystemClock.now() };
        let jws = jws::sign(&door.partner.sleutel, Typ::Gelezen, &woord).unwrap();
        door.verklaren(&format!("/leveringen/{levering}/gelezen"), jws).await
    }

    pub(crate) async fn inzien(&self, lezer: &Deelnemer, deel: DeelId) -> Antwoord {
        let jws = inzageverzoek(&lezer.partner, lezer.partner.oin, deel);
        lezer.verklaren(&format!("/delen/{deel}/inzage"), jws).await
    }
}

/// A request to read, of now, in the name of one and signed by one.
pub(crate) fn inzageverzoek(ondertekenaar: &Partner, ontvanger: Oin, deel: DeelId) -> String {
    inbreng_harness::inzageverzoek(ondertekenaar, ontvanger, deel, Doel::Beoordelen)
}

pub(crate) fn functie() -> Code {
    Code::parse("vertrouwensarts").unwrap()
}

/// A number as good as a real one, of nothing.
pub(crate) fn munten<T>(mint: impl FnOnce(Tijdstip, &dyn Randomness) -> T) -> T {
    mint(SystemClock.now(), &SystemRandomness)
}

fn melding(regio: &Regio, politie: &Partner, vt: &Partner) -> Brief {
    let stuk = || Stuk::incident(Doel::Beoordelen, "Er was ruzie.", &[vt]);
    Brief::new(regio, politie, "incidentmelding").opent().aan(&[vt]).met(stuk().alleen_inzien()).met(stuk())
}
