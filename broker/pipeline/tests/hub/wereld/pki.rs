//! Certificates and directory statements of invented organisations.

use inbreng_domain::{
    Oin, Tijdstip,
    convenant::{Convenanttekst, Toetreding, Uittreding},
    gids::{
        Bevestiging, Bevriesreden, Bevriezing, Gidsvermelding, Medeondertekend, Sleutelaanleiding, Sleutelverklaring,
        Sleutelvermelding, Vermelding,
    },
    versie::Beheerfunctie,
    vocabulary::{JaNee, Partnertype},
};
use inbreng_proof::{
    Anchors, SigningKey,
    deel::jwk_thumbprint,
    gids::{
        bevestigen, certificaatketen, medeonderteken, opvolgen, sign_bevriezing, sign_sleutel, sign_vermelding, verklaring_digest,
    },
    jwk::jwk_of_point,
    partijen::{sign_toetreding, sign_uittreding},
};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType, IsCa, Issuer, KeyIdMethod,
    KeyPair, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};
use time::Duration;

pub fn nu() -> Tijdstip {
    Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap()
}

pub fn dagen(n: i64) -> Tijdstip {
    nu().plus(Duration::days(n))
}

/// A certificate authority with its root.
pub struct Pki {
    ca: Issuer<'static, KeyPair>,
    ca_pem: String,
}

/// An organisation with its signing key and its encryption key statements.
#[derive(Clone)]
pub struct Organisatie {
    pub oin: Oin,
    pub naam: String,
    pub partnertype: Partnertype,
    pub sleutel: SigningKey,
    pub keten: Vec<Vec<u8>>,
    pub serial: Vec<u8>,
    pub gids: Gidsvermelding,
    pub sleutelverklaringen: Vec<Sleutelverklaring>,
    /// The private halves of these, to prove the next with.
    pub zegels: Vec<SigningKey>,
}

impl Organisatie {
    /// The thumbprint of its present encryption key.
    pub fn kid(&self) -> String {
        self.sleutelverklaringen[0].kid.clone()
    }

    /// Its directory statement with another number, countersigned.
    pub fn vermelding(&self, volgnummer: u32) -> Vermelding {
        Vermelding {
            oin: self.oin,
            naam: self.naam.clone(),
            partnertype: self.partnertype,
            gebied: Vec::new(),
            functies: Vec::new(),
            noodontvanger: JaNee::Nee,
            bevestigd: vec![Bevestiging { convenant: "voorbeeldregio".parse().unwrap(), versie: 1 }],
            certificaten: certificaatketen(&self.keten),
            volgnummer,
            geldig_vanaf: dagen(-9),
            geldig_tot: dagen(300),
        }
    }

    /// What it signs to be a party to this text from the start of the covenant; countersigned.
    pub fn toetreding(&self, tekst: &Convenanttekst, beheerder: &SigningKey) -> Medeondertekend {
        self.toetreden(beheerder, &self.toetredingsverklaring(tekst))
    }

    pub fn toetredingsverklaring(&self, tekst: &Convenanttekst) -> Toetreding {
        Toetreding {
            tekst: tekst.clone(),
            partij: self.oin,
            afspraken: 1,
            vanaf: tekst.geldig_vanaf,
            tot: None,
            volgnummer: 1,
            functie: Beheerfunctie::Bestuurder,
            certificaten: certificaatketen(&self.keten),
            tijd: nu(),
        }
    }

    /// Signs and has it countersigned.
    pub fn toetreden(&self, beheerder: &SigningKey, verklaring: &Toetreding) -> Medeondertekend {
        medeonderteken(beheerder, sign_toetreding(&self.sleutel, verklaring).unwrap(), nu()).unwrap()
    }

    /// That it leaves from this moment on.
    pub fn uittreding(&self, convenant: &str, volgnummer: u32, vanaf: Tijdstip) -> String {
        let uittreding = Uittreding {
            convenant: convenant.parse().unwrap(),
            partij: self.oin,
            vanaf,
            volgnummer,
            functie: Beheerfunctie::Bestuurder,
            certificaten: certificaatketen(&self.keten),
            tijd: nu(),
        };
        sign_uittreding(&self.sleutel, &uittreding).unwrap()
    }

    /// Adds a newer encryption key that the covenant manager countersigned; gives the whole statement.
    pub fn nieuwe_sleutel(&mut self, beheerder: &SigningKey) -> Gidsvermelding {
        self.sleutel_erbij(|jws, _| medeonderteken(beheerder, jws, nu()).unwrap().into())
    }

    /// Adds one that the key before it proves.
    pub fn bewezen_sleutel(&mut self) -> Gidsvermelding {
        self.sleutel_erbij(|jws, vorige| {
            let (zegel, vorige) = vorige.unwrap();
            opvolgen(zegel, vorige, jws).unwrap()
        })
    }

    /// Adds one that rests on nothing: what a stolen signing key can make.
    pub fn onbewezen_sleutel(&mut self) -> Gidsvermelding {
        self.sleutel_erbij(|verklaring, _| Sleutelvermelding { verklaring, medeondertekening: None, opvolging: None })
    }

    /// Adds one that the covenant manager confirmed out of band.
    pub fn bevestigde_sleutel(&mut self, beheerder: &SigningKey, aanleiding: Sleutelaanleiding) -> Gidsvermelding {
        self.sleutel_erbij(|jws, _| bevestigen(beheerder, jws, aanleiding, nu()).unwrap())
    }

    /// A freeze of one of its keys, by itself: 0 is the newest, `laatste` the newest statement that stands.
    pub fn bevriezing(&self, welke: usize, laatste: usize) -> Bevriezing {
        Bevriezing {
            oin: self.oin,
            kid: self.sleutelverklaringen[welke].kid.clone(),
            laatste: verklaring_digest(&self.gids.sleutels[laatste].verklaring),
            reden: Bevriesreden::Gelekt,
            certificaten: certificaatketen(&self.keten),
            tijd: nu(),
        }
    }

    pub fn bevroren(&self, welke: usize, laatste: usize) -> String {
        sign_bevriezing(&self.sleutel, &self.bevriezing(welke, laatste)).unwrap()
    }

    fn sleutel_erbij(
        &mut self,
        gestaafd: impl FnOnce(String, Option<(&SigningKey, &str)>) -> Sleutelvermelding,
    ) -> Gidsvermelding {
        let punt = KeyPair::generate().unwrap();
        let jwk = jwk_of_point(punt.public_key_raw()).unwrap();
        let vorige = self.gids.sleutels.first().map(|s| verklaring_digest(&s.verklaring));
        let sleutel = Sleutelverklaring {
            oin: self.oin,
            kid: jwk_thumbprint(&jwk),
            jwk,
            volgnummer: self.sleutelverklaringen.first().map_or(1, |s| s.volgnummer + 1),
            vorige,
            geldig_vanaf: dagen(-5),
            geldig_tot: dagen(60),
        };
        let eerder = self.zegels.first().zip(self.gids.sleutels.first().map(|v| v.verklaring.as_str()));
        let gestaafd = gestaafd(sign_sleutel(&self.sleutel, &sleutel).unwrap(), eerder);
        self.gids.sleutels.insert(0, gestaafd);
        self.sleutelverklaringen.insert(0, sleutel);
        self.zegels.insert(0, SigningKey::of_encryption_key(&punt.serialize_pem()).unwrap());
        self.gids.clone()
    }
}

impl Pki {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Testwortel");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = dagen(-400).offset();
        params.not_after = dagen(4000).offset();
        let key = KeyPair::generate().unwrap();
        let ca_pem = params.self_signed(&key).unwrap().pem();
        Self { ca: Issuer::new(params, key), ca_pem }
    }

    /// A signing key under a certificate with this OIN.
    pub fn sleutel(&self, oin: &str, naam: &str) -> (SigningKey, Vec<Vec<u8>>, Vec<u8>) {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, naam);
        params.distinguished_name.push(DnType::from_oid(&[2, 5, 4, 5]), oin);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.not_before = dagen(-10).offset();
        params.not_after = dagen(365).offset();
        params.use_authority_key_identifier_extension = true;
        let mut serial = [0; 12];
        aws_lc_rs::rand::fill(&mut serial).unwrap();
        serial[0] = 0x21;
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let key = KeyPair::generate().unwrap();
        let der = params.signed_by(&key, &self.ca).unwrap().der().to_vec();
        (SigningKey::from_pem(&key.serialize_pem(), &der).unwrap(), vec![der], serial.to_vec())
    }

    pub fn organisatie(&self, oin: &str, naam: &str, partnertype: Partnertype, beheerder: &SigningKey) -> Organisatie {
        let (sleutel, keten, serial) = self.sleutel(oin, naam);
        let leeg = inbreng_domain::gids::Medeondertekend { verklaring: String::new(), medeondertekening: String::new() };
        let mut organisatie = Organisatie {
            oin: Oin::parse(oin).unwrap(),
            naam: naam.to_owned(),
            partnertype,
            sleutel,
            keten,
            serial,
            gids: Gidsvermelding { vermelding: leeg, sleutels: Vec::new(), bevriezingen: Vec::new() },
            sleutelverklaringen: Vec::new(),
            zegels: Vec::new(),
        };
        let vermelding = sign_vermelding(&organisatie.sleutel, &organisatie.vermelding(1)).unwrap();
        organisatie.gids.vermelding = medeonderteken(beheerder, vermelding, nu()).unwrap();
        organisatie.nieuwe_sleutel(beheerder);
        organisatie
    }

    /// A new signing certificate for an organisation, and its next encryption key; gives the whole statement. Key statements
    /// of before were signed with the certificate of before, and are no longer in it.
    pub fn heruitgeven(&self, organisatie: &mut Organisatie, volgnummer: u32, beheerder: &SigningKey) -> Gidsvermelding {
        (organisatie.sleutel, organisatie.keten, organisatie.serial) =
            self.sleutel(&organisatie.oin.to_string(), &organisatie.naam);
        let vermelding = sign_vermelding(&organisatie.sleutel, &organisatie.vermelding(volgnummer)).unwrap();
        organisatie.gids.vermelding = medeonderteken(beheerder, vermelding, nu()).unwrap();
        organisatie.nieuwe_sleutel(beheerder);
        organisatie.gids.sleutels.truncate(1);
        organisatie.gids.clone()
    }

    /// Anchors with these certificates revoked.
    pub fn anchors(&self, ingetrokken: &[Vec<u8>]) -> Anchors {
        self.anchors_tot(ingetrokken, dagen(30))
    }

    pub fn anchors_tot(&self, ingetrokken: &[Vec<u8>], tot: Tijdstip) -> Anchors {
        let revoked_certs = ingetrokken
            .iter()
            .map(|serial| RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial),
                revocation_time: dagen(-1).offset(),
                reason_code: Some(RevocationReason::KeyCompromise),
                invalidity_date: None,
            })
            .collect();
        let crl = CertificateRevocationListParams {
            this_update: dagen(-200).offset(),
            next_update: tot.offset(),
            crl_number: SerialNumber::from_slice(&[1]),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let crl = crl.signed_by(&self.ca).unwrap().pem().unwrap();
        Anchors::from_pem(&self.ca_pem, "", &crl).unwrap()
    }
}
