//! Messages: put together, sealed in form, signed.

use inbreng_domain::{
    Bericht, BerichtId, Berichttype, CasusRef, Code, Data, Deel, DeelId, Digest, Envelope, Geadresseerde, GemeenteCode, Kop,
    Labels, Oin, Opening, PersoonRef, Randomness, Tijdstip, Toegang,
    envelope::{Bron, NaarPartner, Specversion},
    jwe::{Crv, Inhoud, Jwk, Kty, Sleutelwrap, Wrapheader},
    limits::SIZE_CLASSES,
    part::{Betrokkene, Toegangsverklaring},
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Toegangswijze, Urgentie},
};
use inbreng_proof::{
    SigningKey, SystemRandomness,
    bericht::{bericht_digest, deelverwijzingen, sign_bericht, sign_kop},
    deel::{inhoud_digest, labels_aad, sign_deel, sign_toegang, wrap_digest},
    encoding::encode,
    jwe::PROTECTED,
};
use serde_json::{Value, json};

use super::{Organisatie, Wereld, nu};

pub fn bytes<const N: usize>() -> [u8; N] {
    let mut b = [0; N];
    SystemRandomness.fill(&mut b);
    b
}

pub fn text(n: usize) -> String {
    let mut b = vec![0; n];
    SystemRandomness.fill(&mut b);
    encode(&b)
}

/// A part to be sealed.
#[derive(Clone)]
pub struct Stuk {
    pub id: DeelId,
    pub categorie: Categorie,
    pub doel: Doel,
    pub grondslagen: Vec<Grondslag>,
    pub betrokkenen: Vec<PersoonRef>,
    pub leeftijd: Leeftijdsgroep,
    pub noodzaak: Noodzaak,
    pub noodbesluit: JaNee,
    pub afgeschermd: JaNee,
    pub grootte: usize,
    /// What the owner says to all of them (R40).
    pub bewaren_tot: Option<Tijdstip>,
    /// For whom; the wrap is under this organisation's present key.
    pub voor: Vec<(Organisatie, Toegangswijze)>,
}

impl Stuk {
    pub fn new(categorie: Categorie, doel: Doel, grondslag: Grondslag, voor: &[&Organisatie]) -> Self {
        Self {
            id: DeelId::mint(nu(), &SystemRandomness),
            categorie,
            doel,
            grondslagen: vec![grondslag],
            betrokkenen: vec![PersoonRef::mint(&SystemRandomness)],
            leeftijd: Leeftijdsgroep::Volwassen,
            noodzaak: Noodzaak::Toegelicht,
            noodbesluit: JaNee::Nee,
            afgeschermd: JaNee::Nee,
            grootte: SIZE_CLASSES[0],
            bewaren_tot: None,
            voor: voor.iter().map(|o| ((*o).clone(), Toegangswijze::Meegeleverd)).collect(),
        }
    }

    pub fn over(mut self, persoon: PersoonRef) -> Self {
        self.betrokkenen = vec![persoon];
        self
    }

    /// A named professional decided to share this in an emergency (R35).
    pub fn in_nood(mut self) -> Self {
        self.noodbesluit = JaNee::Ja;
        self
    }

    pub fn bewaren_tot(mut self, tot: Tijdstip) -> Self {
        self.bewaren_tot = Some(tot);
        self
    }

    /// To be read only, each time anew.
    pub fn alleen_inzien(mut self) -> Self {
        self.voor.iter_mut().for_each(|(_, wijze)| *wijze = Toegangswijze::Inzage);
        self
    }
}

/// A message to be sent.
#[derive(Clone)]
pub struct Brief {
    pub van: Organisatie,
    pub id: BerichtId,
    pub berichttype: String,
    pub variant: Option<Code>,
    pub urgentie: Urgentie,
    pub casus: Option<CasusRef>,
    pub opening: Option<Opening>,
    pub antwoord_op: Option<BerichtId>,
    pub gemeente: Option<GemeenteCode>,
    pub geadresseerden: Vec<Geadresseerde>,
    pub verklaring: Value,
    pub delen: Vec<Stuk>,
    pub beleid: Digest,
    pub convenant: String,
}

impl Brief {
    pub fn new(wereld: &Wereld, van: &Organisatie, soort: &str) -> Self {
        Self {
            van: van.clone(),
            id: BerichtId::mint(nu(), &SystemRandomness),
            berichttype: format!("nl.inbreng.{soort}.v1"),
            variant: None,
            urgentie: Urgentie::Normaal,
            casus: None,
            opening: None,
            antwoord_op: None,
            gemeente: None,
            geadresseerden: Vec::new(),
            verklaring: json!({}),
            delen: Vec::new(),
            beleid: wereld.beleid(),
            convenant: "voorbeeldregio".to_owned(),
        }
    }

    /// Opens a new case; gives its reference.
    pub fn opent(mut self) -> (Self, CasusRef) {
        let opening = Opening::from_bytes(bytes());
        let casus = inbreng_proof::casus::casus_ref(self.van.oin, opening);
        self.opening = Some(opening);
        self.casus = Some(casus);
        (self, casus)
    }

    pub fn in_casus(mut self, casus: CasusRef) -> Self {
        self.casus = Some(casus);
        self
    }

    pub fn aan(mut self, partners: &[&Organisatie]) -> Self {
        self.geadresseerden.extend(partners.iter().map(|p| naar(p.oin)));
        self
    }

    pub fn antwoord(mut self, op: BerichtId) -> Self {
        self.antwoord_op = Some(op);
        self
    }

    pub fn zegt(mut self, verklaring: Value) -> Self {
        self.verklaring = verklaring;
        self
    }

    pub fn met(mut self, stuk: Stuk) -> Self {
        self.delen.push(stuk);
        self
    }

    pub fn labels(&self, stuk: &Stuk) -> Labels {
        Labels {
            bericht: self.id,
            berichttype: Berichttype::parse(&self.berichttype).unwrap(),
            variant: self.variant.clone(),
            antwoord_op: self.antwoord_op,
            urgentie: self.urgentie,
            convenant: self.convenant.parse().unwrap(),
            id: stuk.id,
            casus: self.casus,
            eigenaar: self.van.oin,
            namens: None,
            functie: Code::parse("medewerker").unwrap(),
            betrokkenen: stuk.betrokkenen.iter().map(|p| Betrokkene { persoon: *p, leeftijdsgroep: stuk.leeftijd }).collect(),
            categorie: stuk.categorie,
            status: None,
            waargenomen_op: None,
            doel: stuk.doel,
            grondslagen: stuk.grondslagen.clone(),
            noodbesluit: stuk.noodbesluit,
            noodzaak: stuk.noodzaak,
            afgeschermd: stuk.afgeschermd,
            briefing: JaNee::Nee,
            overlegdeel: None,
        }
    }

    /// Sealed in form and signed, everything consistent.
    pub fn envelop(&self) -> Envelope {
        let delen: Vec<Deel> = self.delen.iter().map(|stuk| verzegelen(&self.van, self.labels(stuk), stuk)).collect();
        let berichttype = Berichttype::parse(&self.berichttype).unwrap();
        let bericht = Bericht {
            id: self.id,
            berichttype: berichttype.clone(),
            variant: self.variant.clone(),
            casus: self.casus,
            van: self.van.oin,
            tijd: nu(),
            urgentie: self.urgentie,
            antwoord_op: self.antwoord_op,
            verklaring: self.verklaring.clone(),
            checkpoint: None,
            handtekening: String::new(),
        };
        let kop = Kop {
            bericht: Digest::from_bytes([0; 32]),
            convenant: self.convenant.parse().unwrap(),
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
            berichttype,
            time: nu(),
            subject: self.casus,
            datacontenttype: None,
            data: Data { bericht, kop, delen },
        };
        ondertekenen(&mut envelop, &self.van.sleutel);
        envelop
    }

    pub fn tekst(&self) -> Vec<u8> {
        serde_json::to_vec(&self.envelop()).unwrap()
    }
}

/// Signs `bericht` and `kop` again, over whatever they hold.
pub fn ondertekenen(envelop: &mut Envelope, sleutel: &SigningKey) {
    sign_bericht(sleutel, &mut envelop.data.bericht).unwrap();
    ondertekenen_kop(envelop, sleutel);
}

/// Signs the `kop` again, over whatever the message holds.
pub fn ondertekenen_kop(envelop: &mut Envelope, sleutel: &SigningKey) {
    envelop.data.kop.bericht = bericht_digest(&envelop.data.bericht).unwrap();
    envelop.data.kop.delen = deelverwijzingen(&envelop.data.delen).unwrap();
    sign_kop(sleutel, &mut envelop.data.kop).unwrap();
}

pub fn naar(oin: Oin) -> Geadresseerde {
    Geadresseerde::Partner(NaarPartner { oin, functie: None })
}

pub fn wrap(kid: &str) -> Sleutelwrap {
    let epk = Jwk { kty: Kty::Ec, crv: Crv::P256, x: text(32), y: text(32) };
    Sleutelwrap { header: Wrapheader { kid: kid.to_owned(), epk }, encrypted_key: text(40) }
}

fn verzegelen(van: &Organisatie, labels: Labels, stuk: &Stuk) -> Deel {
    let mut inhoud = Inhoud {
        protected: PROTECTED.to_owned(),
        aad: labels_aad(&labels).unwrap(),
        iv: text(12),
        ciphertext: text(stuk.grootte),
        tag: text(16),
        recipients: vec![wrap(&van.kid())],
    };
    let digest = inhoud_digest(&inhoud).unwrap();
    let mut toegang = Vec::new();
    for (partner, wijze) in &stuk.voor {
        let wrap = wrap(&partner.kid());
        let verklaring = Toegangsverklaring {
            deel: labels.id,
            inhoud: digest,
            ontvanger: partner.oin,
            sleutel: partner.kid(),
            wrap: wrap_digest(&wrap).unwrap(),
            wijze: *wijze,
            doel: labels.doel,
            gebruik: Vec::new(),
            genoemd: JaNee::Nee,
            bewaren_tot: stuk.bewaren_tot,
            verzoek: None,
            toelichting: None,
        };
        toegang.push(Toegang {
            oin: partner.oin,
            verklaring: sign_toegang(&van.sleutel, &verklaring).unwrap(),
            toelichting: None,
        });
        inhoud.recipients.push(wrap);
    }
    let eigenaarsbewijs = sign_deel(&van.sleutel, &labels, &inhoud, &bytes::<32>()).unwrap();
    Deel { labels, inhoud, eigenaarsbewijs, toegang }
}
