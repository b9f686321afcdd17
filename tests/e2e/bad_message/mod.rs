//! Messages that must not get in: each with its status, its stable code, its Dutch sentence, and nothing left behind.

mod again;
mod amount;
mod contract;
mod reading;
mod seal;
mod signature;

use inbreng_domain::{Envelope, ProblemCode};
use inbreng_harness::{Brief, Deelnemer, Geheim, Hub, Kanaries, Partner, Regio, ondertekenen_kop, ondertekenen_waarde};
use serde_json::Value;

use crate::hub;

/// Personal data in every place where it does not belong.
const NAAM: &str = Geheim::NAAM;
const BSN: &str = Geheim::BSN;
/// As a code: what a careless system could put in a label.
const ALS_CODE: &str = "testpersoon-zilverreiger";

/// A hub, a sender, a recipient.
struct Proef {
    regio: Regio,
    hub: Hub,
    politie: Partner,
    vt: Partner,
    om: Partner,
    afzender: Deelnemer,
}

impl Proef {
    fn new() -> Self {
        let regio = Regio::maken();
        let hub = hub(&regio, "hub", "");
        let afzender = Deelnemer::new(&regio, &hub, "politie");
        let [politie, vt, om] = ["politie", "veilig-thuis", "om"].map(|naam| regio.partner(naam));
        Self { regio, hub, politie, vt, om, afzender }
    }

    /// A good message, with a name, a number and an address under seal.
    fn brief(&self) -> Brief {
        Geheim::melding(&self.regio, &self.politie, &self.vt)
    }

    fn waarde(&self) -> Value {
        serde_json::to_value(self.brief().envelop()).unwrap()
    }

    /// A good message, changed and then signed again by its sender.
    fn anders(&self, verander: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut waarde = self.waarde();
        verander(&mut waarde);
        ondertekenen_waarde(&mut waarde, &self.politie.sleutel);
        serde_json::to_vec(&waarde).unwrap()
    }

    /// A good message, changed after it was signed.
    fn achteraf(&self, verander: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut waarde = self.waarde();
        verander(&mut waarde);
        serde_json::to_vec(&waarde).unwrap()
    }

    /// A good message that its sender wrote otherwise.
    fn geschreven(&self, verander: impl FnOnce(&mut Brief)) -> Vec<u8> {
        let mut brief = self.brief();
        verander(&mut brief);
        brief.bytes()
    }

    /// A good message whose seal was changed before it was signed.
    fn verzegeld(&self, verander: impl FnOnce(&mut Envelope)) -> Vec<u8> {
        let mut envelop = self.brief().envelop();
        verander(&mut envelop);
        ondertekenen_kop(&mut envelop, &self.politie.sleutel);
        serde_json::to_vec(&envelop).unwrap()
    }

    /// Sends each, compares code and place, and makes sure that the hub is as it was.
    async fn allemaal_geweigerd(&self, pogingen: Vec<Poging>) {
        let begin = self.hub.tellingen().await;
        for Poging { wat, bytes, code, pad } in pogingen {
            let antwoord = self.afzender.sturen(bytes).await;
            assert_eq!(antwoord.status, code.status(), "{wat}: {}", antwoord.tekst());
            let problem = antwoord.probleem();
            assert_eq!((problem.code, problem.pad.as_deref()), (code, pad), "{wat}");
            assert_eq!(self.hub.tellingen().await, begin, "{wat}: something was stored");
        }
        // A good one still gets in, so it was what we changed that was refused.
        assert_eq!(self.afzender.sturen(self.brief().bytes()).await.status, 202);
        self.geen_persoon();
    }

    /// No person in anything that the hub wrote: its log above all.
    fn geen_persoon(&self) {
        for kanaries in [Geheim::kanaries(), Kanaries::new([ALS_CODE])] {
            let gevonden = kanaries.onder(self.hub.map());
            assert!(gevonden.is_empty(), "{gevonden:?}");
        }
    }
}

struct Poging {
    wat: &'static str,
    bytes: Vec<u8>,
    code: ProblemCode,
    pad: Option<&'static str>,
}

fn poging(wat: &'static str, bytes: Vec<u8>, code: ProblemCode, pad: &'static str) -> Poging {
    Poging { wat, bytes, code, pad: Some(pad) }
}

fn geheel(wat: &'static str, bytes: Vec<u8>, code: ProblemCode) -> Poging {
    Poging { wat, bytes, code, pad: None }
}
