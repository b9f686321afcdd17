//! What a child said, given for a criminal case without why (R28): by an owner that left its own adapter's judgement out, through a hub
//! that lets it pass. The recipient refuses it.

use inbreng_adapter::sealing::{self, Voor, Zegelsleutel};
use inbreng_domain::{
    Bericht, BerichtId, Berichttype, Betrokkene, Bron, Code, Deel, DeelId, Labels, LeveringId, Oin, PersoonRef, Tijdstip,
    envelope::Specversion,
    levering::{GeleverdBericht, GeleverdeData, Levering, Leveringsbesluit},
    part::Toelichting,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Toegangswijze, Urgentie},
};
use inbreng_proof::{SigningKey, SystemRandomness, bericht as proof, digest_of};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};

use crate::{
    liegend::Liegend,
    regio::{Partner, Regio, oin},
};

/// The wijkteam, with its own keys and no adapter around them.
struct Eigenaar {
    oin: Oin,
    tekenaar: SigningKey,
    zegel: Zegelsleutel,
}

fn zegel(regio: &Regio, wie: Partner) -> Zegelsleutel {
    let map = regio.pki.partnermap(&Code::parse(wie.slug()).unwrap()).unwrap();
    Zegelsleutel::from_pem(&std::fs::read(map.verzegeling_key(1)).unwrap()).unwrap()
}

impl Eigenaar {
    fn nieuw(regio: &Regio) -> Self {
        let map = regio.pki.partnermap(&Code::parse(Partner::Wijkteam.slug()).unwrap()).unwrap();
        let certificaat = CertificateDer::from_pem_file(map.ondertekening_pem()).unwrap();
        let pem = std::fs::read_to_string(map.ondertekening_key()).unwrap();
        let tekenaar = SigningKey::from_pem(&pem, &certificaat).unwrap();
        Self { oin: Oin::parse(&oin(Partner::Wijkteam)).unwrap(), tekenaar, zegel: zegel(regio, Partner::Wijkteam) }
    }

    /// What the child said, shared for this purpose under these labels; what is explained in it was explained for that.
    fn deel(&self, bericht: BerichtId, doel: Doel, noodzaak: Noodzaak) -> Deel {
        let persoon = PersoonRef::mint(&SystemRandomness);
        let mut inhoud = json!({
            "kinderen": [{"ref": persoon, "naam": {"voornamen": "Xander", "achternaam": "Testpersoon Walnoot"}, "geboortedatum": "2015-11-11"}],
            "uitspraken": [{"ref": persoon, "uitspraak": "Ik was boven en hoorde geschreeuw.", "gezegdOp": "2026-11-20"}],
            "bron": {"zekerheid": "feit", "functie": "jeugdconsulent"},
        });
        if noodzaak == Noodzaak::Toegelicht {
            inhoud["verantwoording"] = json!({"noodzaak": "Nodig om samen te besluiten welke hulp er komt."});
        }
        let labels = Labels {
            bericht,
            berichttype: soort(),
            variant: None,
            antwoord_op: None,
            urgentie: Urgentie::Normaal,
            convenant: "voorbeeldregio".parse().unwrap(),
            id: DeelId::mint(tijd(), &SystemRandomness),
            casus: None,
            eigenaar: self.oin,
            namens: None,
            functie: Code::parse("jeugdconsulent").unwrap(),
            betrokkenen: vec![Betrokkene { persoon, leeftijdsgroep: Leeftijdsgroep::Tot12 }],
            categorie: Categorie::Kind,
            status: None,
            waargenomen_op: None,
            doel,
            grondslagen: vec![Grondslag::Convenant],
            noodbesluit: JaNee::Nee,
            noodzaak,
            afgeschermd: JaNee::Nee,
            briefing: JaNee::Nee,
            overlegdeel: None,
        };
        sealing::verzegelen(labels, &inhoud, self.zegel.jwk(), &[], &self.tekenaar, &SystemRandomness).unwrap()
    }

    /// The part with its key for the public prosecution, for the criminal case: in answer to a request, or brought in for that.
    fn geven(&self, regio: &Regio, deel: &Deel, verzoek: Option<BerichtId>, uitleg: Option<&str>) -> Deel {
        let voor = Voor {
            oin: Oin::parse(&oin(Partner::Om)).unwrap(),
            sleutel: zegel(regio, Partner::Om).jwk().clone(),
            wijze: Toegangswijze::Meegeleverd,
            doel: Doel::Strafzaak,
            gebruik: Vec::new(),
            genoemd: JaNee::Nee,
            bewaren_tot: None,
            verzoek,
        };
        let uitleg = uitleg.map(|tekst| Toelichting { tekst: tekst.to_owned() });
        let met = uitleg.as_ref().map(|uitleg| (uitleg, &SystemRandomness as &dyn inbreng_domain::Randomness));
        let zegels = std::slice::from_ref(&self.zegel);
        let gemaakt = sealing::herwrappen(deel, &voor, zegels, self.tekenaar.verifying_key(), &self.tekenaar, met).unwrap();
        let mut deel = deel.clone();
        deel.inhoud.recipients = vec![gemaakt.wrap];
        deel.toegang = vec![gemaakt.toegang];
        deel
    }

    /// As a hub brings it, that says that all is well.
    fn levering(&self, regio: &Regio, bericht: BerichtId, deel: Deel) -> Value {
        let mut getekend = Bericht {
            id: bericht,
            berichttype: soort(),
            variant: None,
            casus: None,
            van: self.oin,
            tijd: tijd(),
            urgentie: Urgentie::Normaal,
            antwoord_op: None,
            verklaring: json!({"overlegOp": "2026-12-10"}),
            checkpoint: None,
            handtekening: String::new(),
        };
        proof::sign_bericht(&self.tekenaar, &mut getekend).unwrap();
        let bundel: Value = inbreng_proof::jws::unverified_payload(&regio.bundel).unwrap();
        let besluit = Leveringsbesluit {
            deel: Some(deel.labels.id),
            zin: "Zo hoort het.".to_owned(),
            verplichtingen: Vec::new(),
            beleid: digest_of(&bundel).unwrap(),
        };
        let levering = Levering {
            id: LeveringId::mint(tijd(), &SystemRandomness),
            aangenomen_op: tijd(),
            baan: Urgentie::Normaal,
            bericht: GeleverdBericht {
                specversion: Specversion::V1,
                id: bericht,
                source: Bron::new(self.oin, Code::parse("eigen").unwrap()),
                berichttype: soort(),
                time: tijd(),
                subject: None,
                datacontenttype: None,
                data: GeleverdeData { bericht: getekend, delen: vec![deel] },
            },
            besluiten: vec![besluit],
        };
        serde_json::to_value(levering).unwrap()
    }
}

fn soort() -> Berichttype {
    Berichttype::parse("nl.inbreng.inbreng-casusoverleg.v1").unwrap()
}

fn tijd() -> Tijdstip {
    Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_child_said_for_a_criminal_case_without_why_is_refused_by_its_recipient() {
    let regio = Regio::met(&[Partner::Om]).await;
    let hub = Liegend::start(&regio, Partner::Om).await;
    let om = regio.partner_bij(Partner::Om, &hub.adres).await;
    let eigenaar = Eigenaar::nieuw(&regio);
    let verzoek = Some(BerichtId::mint(tijd(), &SystemRandomness));
    let geven = async |doel, noodzaak, verzoek, uitleg| {
        let bericht = BerichtId::mint(tijd(), &SystemRandomness);
        let deel = eigenaar.geven(&regio, &eigenaar.deel(bericht, doel, noodzaak), verzoek, uitleg);
        hub.leveren(eigenaar.levering(&regio, bericht, deel)).await
    };
    // Shared to help and explained for that; by the owner's answer it goes to a criminal case.
    let zonder = geven(Doel::Analyse, Noodzaak::Toegelicht, verzoek, None).await;
    assert_eq!(zonder, "toegang-ontbreekt");
    assert_eq!(om.systeem.aantal(), 0);
    let gezondheid = om.get("/gezondheid").await.json;
    assert_eq!(gezondheid["alarmen"][0]["soort"], "levering-geweigerd", "{gezondheid}");
    // Brought in for a criminal case, and nowhere is said why.
    assert_eq!(geven(Doel::Strafzaak, Noodzaak::NietToegelicht, None, None).await, "toegang-ontbreekt");
    assert_eq!(om.systeem.aantal(), 0);
    // Explained for the criminal case it is sound; only the words of this system for it are missing.
    let met = geven(Doel::Analyse, Noodzaak::Toegelicht, verzoek, Some("De officier moet weten wat het kind hoorde.")).await;
    assert_eq!(met, "type-onbekend");
}
