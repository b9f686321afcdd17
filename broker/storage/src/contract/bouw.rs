//! Messages to store, built in a line or two. All partners and cases are invented; nothing is really sealed or signed,
//! because a store looks into nothing.

use std::sync::atomic::{AtomicI64, Ordering};

use inbreng_domain::{
    BerichtId, Berichttype, CasusRef, Code, ConvenantId, DeelId, Digest, LeveringId, Oin, Opening, Randomness, Tijdstip,
    Uitkomst,
    randomness::SeededRandomness,
    vocabulary::{Categorie, Doel, Toegangswijze, Urgentie},
};
use sha2::{Digest as _, Sha256};

use crate::{
    Aangehouden, Aanname, Feitenstand, NieuwBericht, NieuwBesluit, NieuwBlad, NieuwDeel, NieuweLevering, NieuweWrap, Store,
    Zaakgevolg,
};

/// Later than any instant of [`Proef`]: what waits until then waits for as long as a test lasts.
#[must_use]
pub fn later() -> Tijdstip {
    Tijdstip::from_unix_millis(4_000_000_000_000)
}

/// Partner number `n`, invented.
#[must_use]
pub fn oin(n: u32) -> Oin {
    Oin::parse(&format!("0000000999{n:010}")).expect("20 digits")
}

/// Mints what a test needs; every instant is later than the one before.
#[derive(Debug)]
pub struct Proef {
    random: SeededRandomness,
    millis: AtomicI64,
}

impl Default for Proef {
    fn default() -> Self {
        Self::met_zaad(42)
    }
}

impl Proef {
    /// Its identifiers follow from this seed.
    #[must_use]
    pub const fn met_zaad(zaad: u64) -> Self {
        Self { random: SeededRandomness::new(zaad), millis: AtomicI64::new(1_795_000_000_000) }
    }

    /// The next instant.
    pub fn nu(&self) -> Tijdstip {
        Tijdstip::from_unix_millis(self.millis.fetch_add(1, Ordering::SeqCst))
    }

    /// A fresh message id.
    pub fn bericht(&self) -> BerichtId {
        BerichtId::mint(self.nu(), &self.random)
    }

    /// A fresh part id.
    pub fn deel(&self) -> DeelId {
        DeelId::mint(self.nu(), &self.random)
    }

    /// A fresh delivery id.
    pub fn levering(&self) -> LeveringId {
        LeveringId::mint(self.nu(), &self.random)
    }

    /// A fresh case.
    pub fn casus(&self) -> CasusRef {
        CasusRef::from_bytes(*Opening::mint(&self.random).as_bytes())
    }

    /// A leaf with a fresh salt.
    pub fn blad(&self, soort: &str) -> NieuwBlad {
        let mut zout = [0; 32];
        self.random.fill(&mut zout);
        let tijd = self.nu();
        let record = format!(r#"{{"soort":"{soort}","tijd":"{tijd}"}}"#);
        let hash = Digest::from_bytes(Sha256::new().chain_update([0]).chain_update(zout).chain_update(&record).finalize().into());
        NieuwBlad { soort: code(soort), record, zout, hash, tijd }
    }
}

/// A code.
pub(super) fn code(tekst: &str) -> Code {
    Code::parse(tekst).expect("a code")
}

/// A digest of a text.
pub(super) fn digest(tekst: &str) -> Digest {
    Digest::from_bytes(Sha256::digest(tekst).into())
}

/// A message under construction.
#[derive(Debug)]
pub struct Bouw<'a> {
    proef: &'a Proef,
    aanname: Aanname,
}

impl<'a> Bouw<'a> {
    /// A message of this partner: no case, no parts, one leaf.
    pub fn van(proef: &'a Proef, van: Oin) -> Self {
        let id = proef.bericht();
        let aangenomen_op = proef.nu();
        let bericht = NieuwBericht {
            van,
            id,
            digest: digest(&id.to_string()),
            berichttype: Berichttype::parse("nl.inbreng.incidentmelding.v1").expect("a type"),
            casus: None,
            antwoord_op: None,
            urgentie: Urgentie::Normaal,
            convenant: ConvenantId::parse("voorbeeldregio").expect("a covenant"),
            gemeente: None,
            bron: format!("urn:nld:oin:{van}:systeem:proef"),
            bericht: format!(r#"{{"id":"{id}","tekst":"aanhaling \" en 'enkel' en \u00e9"}}"#),
            kop: r#"{"convenant":"voorbeeldregio"}"#.to_owned(),
            aangenomen_op,
            ontvangstbewijs: format!("bewijs-van-{id}"),
        };
        let aanname = Aanname {
            bericht,
            delen: Vec::new(),
            wraps: Vec::new(),
            besluiten: Vec::new(),
            leveringen: Vec::new(),
            aangehouden: Vec::new(),
            plichten: Vec::new(),
            voldoeningen: Vec::new(),
            zaak: Vec::new(),
            toestemmingen: Vec::new(),
            bladen: vec![proef.blad("bericht")],
            feiten: Feitenstand::default(),
            beleid: crate::Beleidsgrens::default(),
        };
        Self { proef, aanname }
    }

    /// In this case.
    #[must_use]
    pub fn in_casus(mut self, casus: CasusRef) -> Self {
        self.aanname.bericht.casus = Some(casus);
        self
    }

    /// Opens this case, sender and nobody else in it.
    #[must_use]
    pub fn opent(self, casus: CasusRef) -> Self {
        let door = self.aanname.bericht.van;
        self.in_casus(casus).gevolg(Zaakgevolg::Openen { casus, door })
    }

    /// With this effect.
    #[must_use]
    pub fn gevolg(mut self, gevolg: Zaakgevolg) -> Self {
        self.aanname.zaak.push(gevolg);
        self
    }

    /// In the acute lane.
    #[must_use]
    pub fn acuut(mut self) -> Self {
        self.aanname.bericht.urgentie = Urgentie::Acuut;
        self
    }

    /// As an answer.
    #[must_use]
    pub fn antwoord_op(mut self, id: BerichtId) -> Self {
        self.aanname.bericht.antwoord_op = Some(id);
        self
    }

    /// Decided on these facts.
    #[must_use]
    pub fn op_feiten(mut self, casus: u64, gids: u64) -> Self {
        self.aanname.feiten = Feitenstand { casus, gids };
        self
    }

    /// With a part of the sender, and its own wrap.
    #[must_use]
    pub fn deel(mut self, id: DeelId, inhoud: &str) -> Self {
        let eigenaar = self.aanname.bericht.van;
        self.aanname.delen.push(NieuwDeel {
            id,
            eigenaar,
            categorie: Categorie::Incident,
            doel: Doel::Beoordelen,
            labels: format!(r#"{{"id":"{id}"}}"#),
            inhoud: inhoud.to_owned(),
            eigenaarsbewijs: format!("eigenaarsbewijs-{id}"),
            digest: digest(inhoud),
        });
        self.wrap(id, eigenaar, Toegangswijze::Meegeleverd, false)
    }

    fn wrap(mut self, deel: DeelId, ontvanger: Oin, wijze: Toegangswijze, toegang: bool) -> Self {
        let wrap = format!(r#"{{"wrap":"{deel}-{ontvanger}"}}"#);
        let toegang = toegang.then(|| format!("toegang-{deel}-{ontvanger}"));
        self.aanname.wraps.push(NieuweWrap { deel, ontvanger, wrap, toegang, wijze });
        self
    }

    /// With a decision.
    #[must_use]
    pub fn besluit(mut self, deel: Option<DeelId>, ontvanger: Oin, uitkomst: Uitkomst, regel: Option<u8>) -> Self {
        let record = format!(r#"{{"uitkomst":"{uitkomst}"}}"#);
        self.aanname.besluiten.push(NieuwBesluit { deel, ontvanger, uitkomst, regel, record });
        self
    }

    /// Delivers the message without a part.
    #[must_use]
    pub fn naar(mut self, ontvanger: Oin) -> Self {
        if !self.aanname.leveringen.iter().any(|l| l.ontvanger == ontvanger) {
            let id = self.proef.levering();
            let baan = self.aanname.bericht.urgentie;
            let besluiten = format!(r#"[{{"zin":"voor {ontvanger}"}}]"#);
            let bewaren_tot = later();
            let delen = Vec::new();
            self.aanname.leveringen.push(NieuweLevering { id, ontvanger, functie: None, baan, besluiten, bewaren_tot, delen });
        }
        self
    }

    /// Delivers a part.
    #[must_use]
    pub fn geeft(self, deel: DeelId, ontvanger: Oin, wijze: Toegangswijze) -> Self {
        let mut bouw =
            self.wrap(deel, ontvanger, wijze, true).besluit(Some(deel), ontvanger, Uitkomst::Toestaan, None).naar(ontvanger);
        let levering = bouw.aanname.leveringen.iter_mut().find(|l| l.ontvanger == ontvanger).expect("made above");
        levering.delen.push((deel, wijze));
        bouw
    }

    /// Holds a part for a recipient that does not get it yet.
    #[must_use]
    pub fn houdt_aan(self, deel: DeelId, ontvanger: Oin) -> Self {
        let wijze = Toegangswijze::Meegeleverd;
        let mut bouw = self.wrap(deel, ontvanger, wijze, true).besluit(Some(deel), ontvanger, Uitkomst::Aanhouden, Some(20));
        bouw.aanname.aangehouden.push(Aangehouden { deel: Some(deel), ontvanger, functie: None, wijze, vanaf: None });
        bouw
    }

    /// Keeps a part ready for a recipient from some instant.
    #[must_use]
    pub fn valt_terug(self, deel: DeelId, ontvanger: Oin, vanaf: Tijdstip) -> Self {
        let mut bouw =
            self.wrap(deel, ontvanger, Toegangswijze::Terugval, true).besluit(Some(deel), ontvanger, Uitkomst::Toestaan, None);
        let wijze = Toegangswijze::Meegeleverd;
        bouw.aanname.aangehouden.push(Aangehouden { deel: Some(deel), ontvanger, functie: None, wijze, vanaf: Some(vanaf) });
        bouw
    }

    /// Refuses a part to a recipient.
    #[must_use]
    pub fn weigert(self, deel: DeelId, ontvanger: Oin, regel: u8) -> Self {
        self.wrap(deel, ontvanger, Toegangswijze::Meegeleverd, true).besluit(
            Some(deel),
            ontvanger,
            Uitkomst::Weigeren,
            Some(regel),
        )
    }

    /// The message.
    #[must_use]
    pub fn af(self) -> Aanname {
        self.aanname
    }
}

/// Accepts and expects that it is new.
pub(super) async fn aannemen(store: &dyn Store, aanname: &Aanname) {
    let uitslag = store.aannemen(aanname.clone()).await.expect("the store writes");
    assert_eq!(uitslag, crate::Aannameuitslag::Aangenomen);
}

/// The delivery of a message for a recipient.
pub(super) fn levering(aanname: &Aanname, ontvanger: Oin) -> LeveringId {
    aanname.leveringen.iter().find(|l| l.ontvanger == ontvanger).expect("a delivery").id
}
