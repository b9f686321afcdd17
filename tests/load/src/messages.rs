//! Messages made beforehand: really sealed, really signed, each in a case of its own, 2 KiB of content in all.

use std::sync::Arc;
use std::time::{Duration, Instant};

use inbreng_adapter::sealing::{Voor, Zegelsleutel, verzegelen};
use inbreng_domain::envelope::{Datacontenttype, Deelverwijzing, NaarPartner, Specversion};
use inbreng_domain::vocabulary::{Categorie, Doel, Gebruik, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Toegangswijze, Urgentie};
use inbreng_domain::{
    Bericht, BerichtId, Berichttype, Betrokkene, Bron, CasusRef, Clock, Code, ConvenantId, Data, Deel, DeelId, Envelope,
    Geadresseerde, GemeenteCode, Kop, Labels, Oin, Opening, PersoonRef, Randomness, Tijdstip, clock::SystemClock,
};
use inbreng_proof::{SigningKey, SystemRandomness, bericht, casus::casus_ref};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};

use crate::Outcome;
use crate::region::{Region, SENDER};

/// Bytes of content per message, over all its parts.
const CONTENT: usize = 2048;

/// A form of message: its type, and how many parts go to whom.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Part of the figures' names.
    pub key: &'static str,
    kind: &'static str,
    purpose: Doel,
    statement: fn() -> Value,
    parts: &'static [Categorie],
    recipients: &'static [&'static str],
}

impl Shape {
    /// Who gets it.
    pub const fn recipients(&self) -> &'static [&'static str] {
        self.recipients
    }
}

/// A huisverbod in three parts for three organisations: nine decisions.
pub const NINE: Shape = Shape {
    key: "3x3",
    kind: "nl.inbreng.huisverbod-opgelegd.v1",
    purpose: Doel::Huisverbod,
    statement: || json!({"opgelegdOp": "2026-11-22T01:15:00.000Z", "eindigtOp": "2026-12-02T01:15:00.000Z"}),
    parts: &[Categorie::Bestuur, Categorie::Persoon, Categorie::Risico],
    recipients: &["veilig-thuis", "wijkteam", "om"],
};

/// An incident report in one part for one organisation: one decision.
pub const ONE: Shape = Shape {
    key: "1x1",
    kind: "nl.inbreng.incidentmelding.v1",
    purpose: Doel::Beoordelen,
    statement: || json!({}),
    parts: &[Categorie::Incident],
    recipients: &["veilig-thuis"],
};

/// The sender with its keys, and everyone a shape seals for.
pub struct Sealer {
    oin: Oin,
    key: SigningKey,
    own: Zegelsleutel,
    to: Vec<(Oin, Zegelsleutel)>,
    region_policy: inbreng_domain::Digest,
    shape: Shape,
}

/// Bodies that can be posted, and what it cost to make them.
pub struct Sealed {
    /// One body per message.
    pub bodies: Vec<Vec<u8>>,
    /// Their numbers.
    pub ids: Vec<BerichtId>,
    /// Time of one core per message.
    pub each: Duration,
}

/// A partner's number.
pub fn oin_of(region: &Region, slug: &str) -> Outcome<Oin> {
    Ok(Oin::parse(std::fs::read_to_string(region.partner(slug).join("oin.txt"))?.trim())?)
}

/// A partner's signing key.
pub fn signing_key(region: &Region, slug: &str) -> Outcome<SigningKey> {
    let folder = region.partner(slug);
    let certificate = CertificateDer::from_pem_file(folder.join("ondertekening.pem"))?;
    Ok(SigningKey::from_pem(&std::fs::read_to_string(folder.join("ondertekening.key"))?, certificate.as_ref())?)
}

impl Sealer {
    /// Reads the keys of the sender and of the shape's recipients; of the latter only the public halves are used.
    pub fn open(region: &Region, shape: Shape) -> Outcome<Self> {
        let sealing = |slug: &str| -> Outcome<_> {
            Ok(Zegelsleutel::from_pem(&std::fs::read(region.partner(slug).join("verzegeling-1.key"))?)?)
        };
        Ok(Self {
            oin: oin_of(region, SENDER)?,
            key: signing_key(region, SENDER)?,
            own: sealing(SENDER)?,
            to: shape.recipients.iter().map(|slug| Ok((oin_of(region, slug)?, sealing(slug)?))).collect::<Outcome<_>>()?,
            region_policy: region.policy,
            shape,
        })
    }

    /// Makes so many messages on every core.
    pub async fn seal(self: &Arc<Self>, count: usize) -> Outcome<Sealed> {
        let workers = std::thread::available_parallelism()?.get();
        let begin = Instant::now();
        let shares = (0..workers).map(|n| count / workers + usize::from(n < count % workers));
        let tasks: Vec<_> = shares
            .map(|share| {
                let sealer = Arc::clone(self);
                tokio::task::spawn_blocking(move || (0..share).map(|_| sealer.message()).collect::<Outcome<Vec<_>>>())
            })
            .collect();
        let (mut bodies, mut ids) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for task in tasks {
            for (id, body) in task.await?? {
                ids.push(id);
                bodies.push(body);
            }
        }
        let cores = u32::try_from(workers.min(count))?;
        Ok(Sealed { bodies, ids, each: begin.elapsed() * cores / u32::try_from(count.max(1))? })
    }

    /// One message: its number, and the bytes that are posted.
    fn message(&self) -> Outcome<(BerichtId, Vec<u8>)> {
        let (now, random) = (SystemClock.now(), SystemRandomness);
        let message = Fresh {
            sealer: self,
            now,
            id: BerichtId::mint(now, &random),
            opening: Opening::mint(&random),
            kind: Berichttype::parse(self.shape.kind)?,
            covenant: ConvenantId::parse("voorbeeldregio")?,
        };
        Ok((message.id, message.build(&random)?))
    }
}

/// What one message has of its own.
struct Fresh<'a> {
    sealer: &'a Sealer,
    now: Tijdstip,
    id: BerichtId,
    opening: Opening,
    kind: Berichttype,
    covenant: ConvenantId,
}

impl Fresh<'_> {
    fn case(&self) -> CasusRef {
        casus_ref(self.sealer.oin, self.opening)
    }

    fn build(self, random: &dyn Randomness) -> Outcome<Vec<u8>> {
        let sealer = self.sealer;
        let parts = sealer.shape.parts.iter().map(|c| self.part(*c, random)).collect::<Outcome<Vec<_>>>()?;
        let mut message = Bericht {
            id: self.id,
            berichttype: self.kind.clone(),
            variant: None,
            casus: Some(self.case()),
            van: sealer.oin,
            tijd: self.now,
            urgentie: Urgentie::Normaal,
            antwoord_op: None,
            verklaring: (sealer.shape.statement)(),
            checkpoint: None,
            handtekening: String::new(),
        };
        bericht::sign_bericht(&sealer.key, &mut message)?;
        let mut header = Kop {
            bericht: bericht::bericht_digest(&message)?,
            convenant: self.covenant.clone(),
            beleid: sealer.region_policy,
            opening: Some(self.opening),
            gemeente: Some(GemeenteCode::parse("0518")?),
            geadresseerden: sealer
                .to
                .iter()
                .map(|(oin, _)| Geadresseerde::Partner(NaarPartner { oin: *oin, functie: None }))
                .collect(),
            delen: parts
                .iter()
                .map(|d| Ok(Deelverwijzing { id: d.labels.id, digest: bericht::deel_digest(d)? }))
                .collect::<Outcome<_>>()?,
            handtekening: String::new(),
        };
        bericht::sign_kop(&sealer.key, &mut header)?;
        let envelope = Envelope {
            specversion: Specversion::V1,
            id: self.id,
            source: Bron::new(sealer.oin, Code::parse("meting")?),
            berichttype: self.kind.clone(),
            time: self.now,
            subject: Some(self.case()),
            datacontenttype: Some(Datacontenttype::Json),
            data: Data { bericht: message, kop: header, delen: parts },
        };
        // As an adapter sends it.
        Ok(inbreng_proof::canonical(&envelope)?)
    }

    fn part(&self, category: Categorie, random: &dyn Randomness) -> Outcome<Deel> {
        let Sealer { oin, key, own, to, shape, .. } = self.sealer;
        let labels = Labels {
            bericht: self.id,
            berichttype: self.kind.clone(),
            variant: None,
            antwoord_op: None,
            urgentie: Urgentie::Normaal,
            convenant: self.covenant.clone(),
            id: DeelId::mint(self.now, random),
            casus: Some(self.case()),
            eigenaar: *oin,
            namens: None,
            functie: Code::parse("basisteam")?,
            betrokkenen: vec![Betrokkene { persoon: PersoonRef::mint(random), leeftijdsgroep: Leeftijdsgroep::Volwassen }],
            categorie: category,
            status: None,
            waargenomen_op: None,
            doel: shape.purpose,
            grondslagen: vec![Grondslag::WettelijkeTaak],
            noodbesluit: JaNee::Nee,
            noodzaak: Noodzaak::Toegelicht,
            afgeschermd: JaNee::Nee,
            briefing: JaNee::Nee,
            overlegdeel: None,
        };
        let recipients: Vec<Voor> = to
            .iter()
            .map(|(oin, key)| Voor {
                oin: *oin,
                sleutel: key.jwk().clone(),
                wijze: Toegangswijze::Meegeleverd,
                doel: shape.purpose,
                gebruik: vec![Gebruik::Dossier],
                genoemd: JaNee::Nee,
                bewaren_tot: None,
                verzoek: None,
            })
            .collect();
        let content = json!({"toelichting": "x".repeat(CONTENT / shape.parts.len().max(1))});
        Ok(verzegelen(labels, &content, own.jwk(), &recipients, key, random)?)
    }
}
