//! The PKI on disk: making it, adding to it, taking back.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use inbreng_domain::{Clock, Code, Oin, Tijdstip};
use openssl::x509::X509Crl;
use time::Duration;

use crate::{
    CONVENANTBEHEERDER, KNOOPPUNT, PkiFout,
    autoriteit::Autoriteit,
    bestanden::{self, Leesbaar, Partnermap},
    crl,
    register::{Certificaatregel, Certificaatsoort, Partnerregel, Register},
    spec::{Partnerspec, PkiSpec},
    uitgifte::{Houder, Uitgegeven, uitgeven},
};

/// Names that the hub always has.
const LOKAAL: [&str; 2] = ["localhost", "127.0.0.1"];

/// What the authorities of a PKI are called.
const NAAM: &str = "Inbreng ontwikkeling";
/// Those of one beside it. A revocation list is found by its issuer's name, so no two that are trusted together have the same.
const NAAM_TWEEDE: &str = "Inbreng ontwikkeling 2";

/// A PKI in a folder. Each change is on disk when the call returns.
#[derive(Debug)]
pub struct Pki {
    dir: PathBuf,
    clock: Arc<dyn Clock>,
    root: Autoriteit,
    pub(crate) tussen: Autoriteit,
    pub(crate) register: Register,
}

impl Pki {
    /// Makes a PKI in a folder that holds none.
    ///
    /// # Errors
    /// [`PkiFout::Bestaat`] when there is one, [`PkiFout::Opgave`] or [`PkiFout::Dubbel`] for a specification that cannot be,
    /// or a file that cannot be written.
    pub fn create(dir: &Path, spec: &PkiSpec, clock: Arc<dyn Clock>) -> Result<Self, PkiFout> {
        Self::maken(dir, spec, clock, NAAM)
    }

    /// Makes another in a folder of its own, whose authorities may be trusted beside these: they have other names.
    ///
    /// # Errors
    /// As [`Pki::create`].
    pub fn ernaast(&self, dir: &Path, spec: &PkiSpec) -> Result<Self, PkiFout> {
        Self::maken(dir, spec, self.klok(), NAAM_TWEEDE)
    }

    fn maken(dir: &Path, spec: &PkiSpec, clock: Arc<dyn Clock>, naam: &str) -> Result<Self, PkiFout> {
        spec.controleren()?;
        if dir.join(bestanden::REGISTER).exists() || dir.join(bestanden::ROOT_KEY).exists() {
            return Err(PkiFout::Bestaat(dir.to_owned()));
        }
        bestanden::map_maken(dir)?;
        let root = Autoriteit::root(naam, clock.now())?;
        let tussen = Autoriteit::tussen(naam, &root, clock.now())?;
        root.schrijven(dir, bestanden::ROOT_PEM, bestanden::ROOT_KEY)?;
        tussen.schrijven(dir, bestanden::TUSSEN_PEM, bestanden::TUSSEN_KEY)?;
        let mut namen: Vec<String> = LOKAAL.iter().map(|n| (*n).to_owned()).collect();
        namen.extend(spec.namen.iter().filter(|n| !LOKAAL.contains(&n.as_str())).cloned());
        let register = Register {
            knooppunt: spec.knooppunt()?,
            convenantbeheerder: spec.convenantbeheerder()?,
            namen,
            geldig_dagen: spec.geldig_dagen,
            crl_dagen: spec.crl_dagen,
            convenanten: spec.convenanten.clone(),
            crl_nummer: 0,
            certificaten: Vec::new(),
            partners: Vec::new(),
        };
        let mut pki = Self { dir: dir.to_owned(), clock, root, tussen, register };
        pki.certificaten_uitgeven(&code(KNOOPPUNT)?, &Certificaatsoort::ALLE)?;
        pki.certificaten_uitgeven(&code(CONVENANTBEHEERDER)?, &[Certificaatsoort::Ondertekening])?;
        for partner in &spec.partners {
            pki.partner_opnemen(partner)?;
        }
        if spec.partners.is_empty() {
            bestanden::schrijven(&dir.join(bestanden::GIDS), b"[]", Leesbaar::Ieder)?;
        }
        pki.crl(Duration::days(i64::from(spec.crl_dagen)))?;
        pki.controleren()?;
        Ok(pki)
    }

    /// Opens the PKI of a folder.
    ///
    /// # Errors
    /// [`PkiFout::GeenPki`] when there is none, or a file that cannot be read.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, PkiFout> {
        let register = Register::lezen(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            clock,
            root: Autoriteit::lezen(dir, bestanden::ROOT_PEM, bestanden::ROOT_KEY)?,
            tussen: Autoriteit::lezen(dir, bestanden::TUSSEN_PEM, bestanden::TUSSEN_KEY)?,
            register,
        })
    }

    /// Adds a partner: its certificates, its first encryption key and its statements.
    ///
    /// # Errors
    /// [`PkiFout::Dubbel`] when its slug or OIN is taken, [`PkiFout::Opgave`], or a file that cannot be written.
    pub fn partner_toevoegen(&mut self, spec: &Partnerspec) -> Result<Partnermap, PkiFout> {
        let map = self.partner_opnemen(spec)?;
        self.controleren()?;
        Ok(map)
    }

    fn partner_opnemen(&mut self, spec: &Partnerspec) -> Result<Partnermap, PkiFout> {
        spec.controleren()?;
        let oins = self.register.partners.iter().map(|p| p.spec.oin);
        let bezet = [self.register.knooppunt.oin, self.register.convenantbeheerder.oin];
        if bezet.into_iter().chain(oins).any(|oin| oin == spec.oin) {
            return Err(PkiFout::Dubbel(spec.oin.to_string()));
        }
        if self.register.partner(&spec.slug).is_ok() {
            return Err(PkiFout::Dubbel(spec.slug.to_string()));
        }
        self.register.partners.push(Partnerregel { spec: spec.clone(), vermelding: 0, sleutel: 0, sleutel_digest: None });
        self.certificaten_uitgeven(&spec.slug, &Certificaatsoort::ALLE)?;
        self.vermelden(&spec.slug)?;
        self.partnermap(&spec.slug)
    }

    /// Issues new certificates to an organisation (a slug, `knooppunt` or `convenantbeheerder`), with new keys. A partner
    /// also gets a new directory statement and its next encryption key. Certificates of before stay valid until they are
    /// revoked or expire. After the covenant manager's, every partner's statements are countersigned anew.
    ///
    /// # Errors
    /// [`PkiFout::Onbekend`], or a file that cannot be written.
    pub fn heruitgeven(&mut self, slug: &Code) -> Result<(), PkiFout> {
        let beheerder = slug.as_str() == CONVENANTBEHEERDER;
        let soorten: &[_] = if beheerder { &[Certificaatsoort::Ondertekening] } else { &Certificaatsoort::ALLE };
        self.certificaten_uitgeven(slug, soorten)?;
        if beheerder {
            self.alles_medeondertekenen()
        } else if slug.as_str() == KNOOPPUNT {
            Ok(())
        } else {
            self.vermelden(slug)
        }
    }

    /// Revokes every certificate of an organisation of these kinds, and writes new lists. Returns the serial numbers.
    ///
    /// # Errors
    /// [`PkiFout::Onbekend`], [`PkiFout::NietsInTeTrekken`] when all are revoked already, or a file that cannot be written.
    pub fn intrekken(&mut self, slug: &Code, soorten: &[Certificaatsoort]) -> Result<Vec<String>, PkiFout> {
        // Who asked with a key of its own is known by its certificates alone.
        if !self.register.certificaten.iter().any(|c| c.houder == *slug) {
            self.houder(slug)?;
        }
        let nu = self.nu();
        let mut series = Vec::new();
        for regel in &mut self.register.certificaten {
            if regel.houder == *slug && soorten.contains(&regel.soort) && regel.ingetrokken_op.is_none() {
                regel.ingetrokken_op = Some(nu);
                series.push(regel.serie.clone());
            }
        }
        if series.is_empty() {
            return Err(PkiFout::NietsInTeTrekken(slug.to_string()));
        }
        self.crl(Duration::days(i64::from(self.register.crl_dagen)))?;
        Ok(series)
    }

    /// Writes new revocation lists of root and intermediate, valid for this long. A negative duration makes lists that have
    /// expired, for tests of those who must refuse them.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn crl(&mut self, geldig: Duration) -> Result<(), PkiFout> {
        self.register.crl_nummer += 1;
        let nummer = self.register.crl_nummer;
        let (nu, tot) = (self.nu(), self.nu().plus(geldig));
        // The root only issues the intermediate, which is replaced with the whole PKI.
        let van_root: X509Crl = crl::lijst(&self.root, nummer, std::iter::empty(), nu, tot)?;
        let van_tussen = crl::lijst(&self.tussen, nummer, self.register.certificaten.iter(), nu, tot)?;
        let mut pem = van_root.to_pem()?;
        pem.extend(van_tussen.to_pem()?);
        // The register first: a list that was lost can be made again, a revocation cannot.
        self.register.schrijven(&self.dir)?;
        bestanden::schrijven(&self.dir.join(bestanden::CRL), &pem, Leesbaar::Ieder)
    }

    fn certificaten_uitgeven(&mut self, slug: &Code, soorten: &[Certificaatsoort]) -> Result<(), PkiFout> {
        let map = self.organisatiemap(slug)?;
        bestanden::map_maken(map.pad())?;
        let (vanaf, tot) = (self.nu(), self.nu().plus(Duration::days(i64::from(self.register.geldig_dagen))));
        bestanden::schrijven(&map.oin(), self.houder(slug)?.oin.as_str().as_bytes(), Leesbaar::Ieder)?;
        for soort in soorten {
            let uitgegeven = uitgeven(&self.tussen, &self.houder(slug)?, *soort, vanaf, tot)?;
            schrijven_als(&uitgegeven, &self.tussen, &map, *soort)?;
            self.register.certificaten.push(Certificaatregel {
                serie: uitgegeven.serie,
                houder: slug.clone(),
                soort: *soort,
                geldig_tot: tot,
                ingetrokken_op: None,
            });
        }
        self.register.schrijven(&self.dir)
    }

    /// Whom a name stands for.
    pub(crate) fn houder(&self, slug: &Code) -> Result<Houder<'_>, PkiFout> {
        let (oin, naam, server): (Oin, &str, _) = match slug.as_str().as_ref() {
            KNOOPPUNT => (self.register.knooppunt.oin, &self.register.knooppunt.naam, Some(self.register.namen.as_slice())),
            CONVENANTBEHEERDER => (self.register.convenantbeheerder.oin, &self.register.convenantbeheerder.naam, None),
            _ => {
                let partner = &self.register.partner(slug)?.spec;
                let server = (!partner.namen.is_empty()).then_some(partner.namen.as_slice());
                (partner.oin, &partner.naam, server)
            }
        };
        Ok(Houder { oin, naam, server })
    }

    /// The folder of the PKI.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn klok(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    pub(crate) fn nu(&self) -> Tijdstip {
        self.clock.now()
    }
}

/// Writes a certificate under the name that belongs to its kind.
pub(crate) fn schrijven_als(
    uitgegeven: &Uitgegeven,
    tussen: &Autoriteit,
    map: &Partnermap,
    soort: Certificaatsoort,
) -> Result<(), PkiFout> {
    match soort {
        Certificaatsoort::Tls => uitgegeven.schrijven(tussen, &map.tls_pem(), &map.tls_key()),
        Certificaatsoort::Ondertekening => uitgegeven.schrijven(tussen, &map.ondertekening_pem(), &map.ondertekening_key()),
    }
}

pub(crate) fn code(text: &str) -> Result<Code, PkiFout> {
    Code::parse(text).map_err(|e| PkiFout::Opgave(e.to_string()))
}
