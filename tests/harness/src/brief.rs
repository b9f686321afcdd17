//! A message before it is sealed, and the signatures again after it was changed.

use inbreng_adapter::sealing::{Voor, verzegelen};
use inbreng_domain::{
    Bericht, BerichtId, Berichttype, Betrokkene, Bron, CasusRef, Clock, Code, ConvenantId, Data, Deel, DeelId, Digest, Envelope,
    Geadresseerde, GemeenteCode, Kop, Labels, Oin, Opening, PersoonRef, Tijdstip,
    clock::SystemClock,
    envelope::{Datacontenttype, NaarPartner, Specversion},
    vocabulary::{Categorie, Doel, Gebruik, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Toegangswijze, Urgentie},
};
use inbreng_proof::{
    SigningKey, SystemRandomness, Typ,
    bericht::{bericht_digest, deelverwijzingen, sign_bericht, sign_kop},
    canonical,
    casus::casus_ref,
    digest_of, jws,
};
use serde_json::{Value, json};

use crate::{Partner, Regio};

/// A part before it is sealed.
#[derive(Debug, Clone)]
pub struct Stuk {
    /// Its number.
    pub id: DeelId,
    /// Its category.
    pub categorie: Categorie,
    /// Purpose.
    pub doel: Doel,
    /// Grounds.
    pub grondslagen: Vec<Grondslag>,
    /// Whom it is about.
    pub betrokkenen: Vec<PersoonRef>,
    /// Whether the necessity was explained.
    pub noodzaak: Noodzaak,
    /// The content, in the clear.
    pub inhoud: Value,
    /// For whom, under which key, and how the key comes.
    pub voor: Vec<Voor>,
}

impl Stuk {
    /// A part for these partners on a statutory task.
    pub fn new(categorie: Categorie, doel: Doel, inhoud: Value, voor: &[&Partner]) -> Self {
        let voor = voor.iter().map(|partner| Voor {
            oin: partner.oin,
            sleutel: partner.zegel.jwk().clone(),
            wijze: Toegangswijze::Meegeleverd,
            doel,
            gebruik: vec![Gebruik::Dossier],
            genoemd: JaNee::Nee,
            bewaren_tot: None,
            verzoek: None,
        });
        Self {
            id: DeelId::mint(SystemClock.now(), &SystemRandomness),
            categorie,
            doel,
            grondslagen: vec![Grondslag::WettelijkeTaak],
            betrokkenen: vec![PersoonRef::mint(&SystemRandomness)],
            noodzaak: Noodzaak::Toegelicht,
            inhoud,
            voor: voor.collect(),
        }
    }

    /// What the police saw, with this explanation in free text; fits the schema of the catalogue.
    pub fn incident(doel: Doel, toelichting: &str, voor: &[&Partner]) -> Self {
        let mut stuk = Self::new(Categorie::Incident, doel, Value::Null, voor);
        stuk.inhoud = json!({
            "soort": "incident",
            "aard": ["bedreiging"],
            "plaatsgevondenOp": "2026-11-21T22:40:00.000Z",
            "rollen": [{"ref": stuk.betrokkenen[0], "rol": "slachtoffer"}],
            "bron": {"zekerheid": "feit", "functie": "agent-noodhulp", "waargenomenOp": "2026-11-21"},
            "toelichting": toelichting,
        });
        stuk
    }

    /// Who a person is; fits the schema of an incident report.
    pub fn persoon(doel: Doel, achternaam: &str, bsn: &str, straat: &str, voor: &[&Partner]) -> Self {
        let mut stuk = Self::new(Categorie::Persoon, doel, Value::Null, voor);
        stuk.inhoud = json!({"personen": [{
            "ref": stuk.betrokkenen[0],
            "naam": {"voornamen": "Anna", "achternaam": achternaam},
            "geboortedatum": "1987-04-12",
            "bsn": bsn,
            "adres": {
                "straat": straat, "huisnummer": "12", "postcode": "1234 AB", "plaats": "Voorbeeldstad", "gemeente": "0518",
            },
        }]});
        stuk
    }

    /// The same part, of which the keys come when they are asked for.
    pub fn alleen_inzien(mut self) -> Self {
        for voor in &mut self.voor {
            voor.wijze = Toegangswijze::Inzage;
        }
        self
    }
}

/// A message before it is sealed. Every field can be made wrong.
#[derive(Debug, Clone)]
pub struct Brief {
    /// The sender, which seals and signs.
    pub van: Partner,
    /// Its number.
    pub id: BerichtId,
    /// Its type on the wire.
    pub berichttype: Berichttype,
    /// Its variant.
    pub variant: Option<Code>,
    /// When it is made.
    pub tijd: Tijdstip,
    /// Its lane.
    pub urgentie: Urgentie,
    /// The case.
    pub casus: Option<CasusRef>,
    /// Proof of who opens the case.
    pub opening: Option<Opening>,
    /// What it answers.
    pub antwoord_op: Option<BerichtId>,
    /// For routing.
    pub gemeente: Option<GemeenteCode>,
    /// To whom.
    pub geadresseerden: Vec<Geadresseerde>,
    /// The open statement.
    pub verklaring: Value,
    /// The parts.
    pub delen: Vec<Stuk>,
    /// The covenant.
    pub convenant: ConvenantId,
    /// The policy version that it was checked against.
    pub beleid: Digest,
    /// The newest log head that the sender holds.
    pub checkpoint: Option<String>,
}

impl Brief {
    /// A message of this type, without a case.
    pub fn new(regio: &Regio, van: &Partner, soort: &str) -> Self {
        let tijd = SystemClock.now();
        Self {
            van: van.clone(),
            id: BerichtId::mint(tijd, &SystemRandomness),
            berichttype: Berichttype::parse(&format!("nl.inbreng.{soort}.v1")).unwrap(),
            variant: None,
            tijd,
            urgentie: Urgentie::Normaal,
            casus: None,
            opening: None,
            antwoord_op: None,
            gemeente: Some(GemeenteCode::parse("0518").unwrap()),
            geadresseerden: Vec::new(),
            verklaring: json!({}),
            delen: Vec::new(),
            convenant: regio.tekst.convenant.clone(),
            beleid: regio.beleid,
            checkpoint: None,
        }
    }

    /// An incident report that opens a case, with one part for one recipient: what the covenant allows.
    pub fn incidentmelding(regio: &Regio, van: &Partner, aan: &Partner, toelichting: &str) -> Self {
        let stuk = Stuk::incident(Doel::Beoordelen, toelichting, &[aan]);
        Self::new(regio, van, "incidentmelding").opent().aan(&[aan]).met(stuk)
    }

    /// A ban order that opens a case: a type that goes to several recipients, each with parts of its own.
    pub fn huisverbod(regio: &Regio, van: &Partner) -> Self {
        let verklaring = json!({"opgelegdOp": "2026-11-22T00:30:00.000Z", "eindigtOp": "2026-12-02T00:30:00.000Z"});
        Self { verklaring, ..Self::new(regio, van, "huisverbod-opgelegd").opent() }
    }

    /// In a case of its own.
    pub fn opent(mut self) -> Self {
        let opening = Opening::mint(&SystemRandomness);
        self.casus = Some(casus_ref(self.van.oin, opening));
        self.opening = Some(opening);
        self
    }

    /// To these partners by name.
    pub fn aan(mut self, partners: &[&Partner]) -> Self {
        self.geadresseerden.extend(partners.iter().map(|p| naar(p.oin)));
        self
    }

    /// With this part.
    pub fn met(mut self, stuk: Stuk) -> Self {
        self.delen.push(stuk);
        self
    }

    /// The labels of a part of this message.
    pub fn labels(&self, stuk: &Stuk) -> Labels {
        let volwassen = |p: &PersoonRef| Betrokkene { persoon: *p, leeftijdsgroep: Leeftijdsgroep::Volwassen };
        Labels {
            bericht: self.id,
            berichttype: self.berichttype.clone(),
            variant: self.variant.clone(),
            antwoord_op: self.antwoord_op,
            urgentie: self.urgentie,
            convenant: self.convenant.clone(),
            id: stuk.id,
            casus: self.casus,
            eigenaar: self.van.oin,
            namens: None,
            functie: Code::parse("agent-noodhulp").unwrap(),
            betrokkenen: stuk.betrokkenen.iter().map(volwassen).collect(),
            categorie: stuk.categorie,
            status: None,
            waargenomen_op: None,
            doel: stuk.doel,
            grondslagen: stuk.grondslagen.clone(),
            noodbesluit: JaNee::Nee,
            noodzaak: stuk.noodzaak,
            afgeschermd: JaNee::Nee,
            briefing: JaNee::Nee,
            overlegdeel: None,
        }
    }

    /// Seals one part under these labels.
    pub fn verzegelen(&self, stuk: &Stuk) -> Deel {
        let eigen = self.van.zegel.jwk();
        verzegelen(self.labels(stuk), &stuk.inhoud, eigen, &stuk.voor, &self.van.sleutel, &SystemRandomness).unwrap()
    }

    /// Sealed and signed, everything consistent.
    pub fn envelop(&self) -> Envelope {
        self.envelop_met(self.delen.iter().map(|stuk| self.verzegelen(stuk)).collect())
    }

    /// Signed around these parts.
    pub fn envelop_met(&self, delen: Vec<Deel>) -> Envelope {
        let bericht = Bericht {
            id: self.id,
            berichttype: self.berichttype.clone(),
            variant: self.variant.clone(),
            casus: self.casus,
            van: self.van.oin,
            tijd: self.tijd,
            urgentie: self.urgentie,
            antwoord_op: self.antwoord_op,
            verklaring: self.verklaring.clone(),
            checkpoint: self.checkpoint.clone(),
            handtekening: String::new(),
        };
        let kop = Kop {
            bericht: Digest::from_bytes([0; 32]),
            convenant: self.convenant.clone(),
            beleid: self.beleid,
            opening: self.opening,
            gemeente: self.gemeente,
            geadresseerden: self.geadresseerden.clone(),
            delen: Vec::new(),
            handtekening: String::new(),
        };
        let mut envelop = Envelope {
            specversion: Specversion::V1,
            id: self.id,
            source: Bron::new(self.van.oin, Code::parse("registratie").unwrap()),
            berichttype: self.berichttype.clone(),
            time: self.tijd,
            subject: self.casus,
            datacontenttype: Some(Datacontenttype::Json),
            data: Data { bericht, kop, delen },
        };
        ondertekenen(&mut envelop, &self.van.sleutel);
        envelop
    }

    /// The bytes that are sent.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.envelop()).unwrap()
    }
}

/// A partner by name.
pub const fn naar(oin: Oin) -> Geadresseerde {
    Geadresseerde::Partner(NaarPartner { oin, functie: None })
}

/// Signs `bericht` and `kop` again, over whatever they hold.
pub fn ondertekenen(envelop: &mut Envelope, sleutel: &SigningKey) {
    sign_bericht(sleutel, &mut envelop.data.bericht).unwrap();
    ondertekenen_kop(envelop, sleutel);
}

/// Signs the `kop` again, over whatever the message holds; `bericht` keeps the signature it has.
pub fn ondertekenen_kop(envelop: &mut Envelope, sleutel: &SigningKey) {
    envelop.data.kop.bericht = bericht_digest(&envelop.data.bericht).unwrap();
    envelop.data.kop.delen = deelverwijzingen(&envelop.data.delen).unwrap();
    sign_kop(sleutel, &mut envelop.data.kop).unwrap();
}

/// Signs `bericht` and `kop` again over JSON that need not fit any type: what a sender with a real key can make of it.
pub fn ondertekenen_waarde(envelop: &mut Value, sleutel: &SigningKey) {
    let data = &mut envelop["data"];
    data["bericht"]["handtekening"] = losse_handtekening(&data["bericht"], Typ::Bericht, sleutel);
    data["kop"]["bericht"] = json!(digest_of(&data["bericht"]).unwrap());
    let delen: Vec<Value> = data["delen"].as_array().unwrap().iter().map(verwijzing).collect();
    data["kop"]["delen"] = json!(delen);
    data["kop"]["handtekening"] = losse_handtekening(&data["kop"], Typ::Kop, sleutel);
}

fn verwijzing(deel: &Value) -> Value {
    json!({"id": deel["labels"]["id"], "digest": digest_of(deel).unwrap()})
}

fn losse_handtekening(wat: &Value, typ: Typ, sleutel: &SigningKey) -> Value {
    let mut zonder = wat.clone();
    zonder.as_object_mut().unwrap().remove("handtekening");
    json!(jws::sign_detached(sleutel, typ, &canonical(&zonder).unwrap()).unwrap())
}

#[cfg(test)]
mod tests {
    use inbreng_catalogue::Catalogus;
    use inbreng_domain::TypeNaam;

    use super::*;

    #[test]
    fn the_parts_are_what_the_catalogue_asks() {
        let catalogus = Catalogus::ingebouwd().unwrap();
        let (melding, huisverbod) = (Doel::Beoordelen, Doel::Huisverbod);
        for (soort, stuk) in [
            ("incidentmelding", Stuk::incident(melding, "Er was ruzie.", &[])),
            ("incidentmelding", Stuk::persoon(melding, "Testpersoon Appel", "999990019", "Voorbeeldstraat", &[])),
            ("huisverbod-opgelegd", Stuk::incident(huisverbod, "Er was ruzie.", &[])),
        ] {
            catalogus.toets_inhoud(&TypeNaam::parse(soort).unwrap(), stuk.categorie, &stuk.inhoud).unwrap();
        }
    }
}
