//! A hub that shows other parties than there are: it can make none, and bring none back.

use inbreng_certs::{Partnerspec, Pki, PkiSpec, Toetredingsopgave};
use inbreng_domain::{Clock, Code, Digest, clock::SystemClock, convenant::Convenanttekst, versie::Beheerfunctie};

use super::*;

struct Proef {
    _map: tempfile::TempDir,
    pki: Pki,
    opslag: Opslag,
    boek: Partijboek,
    anchors: Anchors,
    beheerder: VerifyingKey,
}

fn slug(naam: &str) -> Code {
    Code::parse(naam).unwrap()
}

fn tekst() -> Convenanttekst {
    Convenanttekst {
        convenant: "regio-aan-zee".parse().unwrap(),
        titel: "Convenant Regio aan Zee".to_owned(),
        document: None,
        geldig_vanaf: Tijdstip::parse("2020-01-01T00:00:00.000Z").unwrap(),
        geldig_tot: Tijdstip::parse("2090-01-01T00:00:00.000Z").unwrap(),
        buiten_convenant: Vec::new(),
    }
}

impl Proef {
    async fn nieuw() -> Self {
        let map = tempfile::tempdir().unwrap();
        let partner = |naam: &str, oin: &str| Partnerspec {
            slug: slug(naam),
            naam: format!("Organisatie {naam} (test)"),
            oin: oin.parse().unwrap(),
            partnertype: naam.parse().unwrap(),
            gebied: Vec::new(),
            functies: Vec::new(),
            namen: Vec::new(),
            noodontvanger: false,
        };
        let partners = vec![partner("ggz", "00000099000000005000"), partner("om", "00000099000000006000")];
        let pki =
            Pki::create(&map.path().join("pki"), &PkiSpec { partners, ..PkiSpec::default() }, Arc::new(SystemClock)).unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.db")).await.unwrap();
        let (anchors, beheerder) = (pki.anchors().unwrap(), pki.beheerder().unwrap());
        Self { _map: map, pki, opslag, boek: Partijboek::default(), anchors, beheerder }
    }

    fn toetreding(&self, wie: &str, volgnummer: u32) -> Medeondertekend {
        let opgave = Toetredingsopgave { volgnummer, ..Toetredingsopgave::eerste(tekst(), volgnummer) };
        self.pki.toetreden(&slug(wie), opgave).unwrap()
    }

    fn uittreding(&self, wie: &str, volgnummer: u32) -> String {
        let (convenant, vanaf) = (tekst().convenant, SystemClock.now());
        self.pki.uittreden(&slug(wie), &convenant, vanaf, volgnummer, Beheerfunctie::Fg).unwrap()
    }

    /// What the hub shows.
    async fn tonen(&self, toetredingen: Vec<Medeondertekend>, uittredingen: Vec<String>) {
        let weergave = Convenantweergave {
            convenant: tekst().convenant,
            beleid: Digest::from_bytes([1; 32]),
            bundel: String::new(),
            activering: None,
            toetredingen,
            uittredingen,
        };
        let nu = SystemClock.now();
        self.boek.aannemen(&[weergave], &self.opslag, &self.anchors, &self.beheerder, nu).await.unwrap();
    }

    fn partij(&self, wie: &str) -> Option<u32> {
        let oin = self.pki.partners().find(|p| p.slug == slug(wie)).unwrap().oin;
        self.boek.van(&tekst().convenant).lid(&tekst(), oin, SystemClock.now()).map(|lid| lid.afspraken)
    }
}

#[tokio::test]
async fn a_hub_makes_no_party() {
    let p = Proef::nieuw().await;
    assert_eq!(p.partij("ggz"), None);
    let echt = p.toetreding("ggz", 1);
    let ander = p.toetreding("om", 1);
    // Without the covenant manager, with its word about another, and changed on the way.
    let los = Medeondertekend { medeondertekening: echt.verklaring.clone(), ..echt.clone() };
    let geleend = Medeondertekend { medeondertekening: ander.medeondertekening, ..echt.clone() };
    let veranderd = Medeondertekend { verklaring: echt.verklaring.replacen('.', ".A", 1), ..echt.clone() };
    p.tonen(vec![los, geleend, veranderd], Vec::new()).await;
    assert_eq!(p.partij("ggz"), None);
    p.tonen(vec![echt], Vec::new()).await;
    assert_eq!((p.partij("ggz"), p.partij("om")), (Some(1), None));
}

#[tokio::test]
async fn who_left_is_not_brought_back_by_showing_less_or_something_else() {
    let p = Proef::nieuw().await;
    let (echt, weg) = (p.toetreding("ggz", 1), p.uittreding("ggz", 2));
    p.tonen(vec![echt.clone()], vec![weg]).await;
    assert_eq!(p.partij("ggz"), None);
    p.tonen(vec![echt.clone()], Vec::new()).await;
    assert_eq!(p.partij("ggz"), None, "the leave is not shown any more");
    // After a restart too: what was seen is kept.
    let later = Partijboek::default();
    later.herladen(&p.opslag, &p.anchors, &p.beheerder, SystemClock.now()).await.unwrap();
    let oin = p.pki.partners().next().unwrap().oin;
    assert!(later.van(&tekst().convenant).lid(&tekst(), oin, SystemClock.now()).is_none());
    // Another statement under a number that was used is none; a higher one joins again.
    p.tonen(vec![p.toetreding("ggz", 2)], Vec::new()).await;
    assert_eq!(p.partij("ggz"), None);
    p.tonen(vec![p.toetreding("ggz", 3)], Vec::new()).await;
    assert_eq!(p.partij("ggz"), Some(3));
    // An empty list takes nobody out: the hub can withhold, and it does that without us.
    p.tonen(Vec::new(), Vec::new()).await;
    assert_eq!(p.partij("ggz"), Some(3));
}

#[tokio::test]
async fn a_covenant_manager_with_another_key_countersigns_anew() {
    let mut p = Proef::nieuw().await;
    let oud = p.toetreding("ggz", 1);
    p.tonen(vec![oud.clone()], Vec::new()).await;
    p.pki.heruitgeven(&slug(inbreng_certs::CONVENANTBEHEERDER)).unwrap();
    p.beheerder = p.pki.beheerder().unwrap();
    p.tonen(vec![oud.clone()], Vec::new()).await;
    assert_eq!(p.partij("ggz"), None);
    let nu = SystemClock.now();
    let opnieuw = inbreng_proof::gids::medeonderteken(&p.pki.beheerdersleutel().unwrap(), oud.verklaring, nu).unwrap();
    p.tonen(vec![opnieuw], Vec::new()).await;
    assert_eq!(p.partij("ggz"), Some(1));
}
