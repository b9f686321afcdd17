//! The policies in force: the plan in the store, and every version of it ready to decide. Swapped as a whole, never older than a
//! minute; a version that cannot be used stops the deciding of its covenant instead of leaving it to the one before. With each the
//! parties of the covenant, by their own signatures.

use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use arc_swap::{ArcSwap, ArcSwapOption};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    ConvenantId, Digest, GemeenteCode, Oin, Tijdstip, antwoorden::Convenantweergave, problem::ProblemCode,
    strengheid::ONDERGRENS, versie::Activering, vocabulary::Partnertype,
};
use inbreng_policy::{Beleid, Bundel};
use inbreng_proof::{Anchors, JwsError, Typ, VerifyingKey, digest_of, jws};
use inbreng_storage::{Beleidsgrens, Planregel, Store};
use serde_json::Value;
use time::Duration;
use tokio::sync::Mutex;

use crate::{
    Fout,
    partijen::{self, Partijenlijst},
};

/// How often the store is asked whether the plan has changed, at most. A change that is missed meanwhile is found when the
/// decision is recorded.
const KIJKEN: Duration = Duration::seconds(2);
/// Without an answer of the store for this long nothing is decided.
const HOUDBAAR: Duration = Duration::seconds(60);

/// Why a policy bundle is not used.
#[derive(Debug, thiserror::Error)]
pub enum BundelFout {
    /// Not signed by the covenant manager.
    #[error("policy bundle is not signed by the covenant manager")]
    Handtekening(#[source] JwsError),
    /// The bundle itself cannot be used.
    #[error("policy bundle of {convenant} cannot be used")]
    Bundel {
        /// Whose.
        convenant: ConvenantId,
        /// Why.
        #[source]
        bron: inbreng_policy::BeleidFout,
    },
    /// Two bundles for one covenant.
    #[error("two policy bundles for {0}")]
    Dubbel(ConvenantId),
    /// No bundle at all: nothing could be decided.
    #[error("no policy bundle given")]
    Geen,
    /// The store does not take it.
    #[error("policy bundle cannot be stored")]
    Opslag(#[from] Fout),
}

/// A policy with the text it was signed in.
#[derive(Debug)]
pub(crate) struct Geldend {
    pub(crate) beleid: Beleid,
    pub(crate) bundel: String,
}

impl Geldend {
    /// What was signed, and its digest: that of the document as it was signed, not of what a type makes of it.
    pub(crate) fn verifieren(tekst: &str, beheerder: &VerifyingKey) -> Result<(Value, Digest), BundelFout> {
        let document: Value = jws::verify(tekst, Typ::Beleid, beheerder).map_err(BundelFout::Handtekening)?;
        let digest: Digest = digest_of(&document).map_err(|error| BundelFout::Handtekening(error.into()))?;
        Ok((document, digest))
    }

    /// Verifies and builds. Takes a while: for a blocking thread.
    pub(crate) fn lezen(tekst: &str, beheerder: &VerifyingKey, catalogus: &Catalogus) -> Result<Self, BundelFout> {
        let (document, digest) = Self::verifieren(tekst, beheerder)?;
        let bundel: Bundel =
            serde_json::from_value(document).map_err(|error| BundelFout::Handtekening(JwsError::Shape(error)))?;
        let convenant = bundel.convenant.clone();
        let beleid = Beleid::laden(bundel, digest, catalogus).map_err(|bron| BundelFout::Bundel { convenant, bron })?;
        Ok(Self { beleid, bundel: tekst.to_owned() })
    }
}

/// The policy that decides now, and until when what it decides may be recorded.
#[derive(Debug, Clone)]
pub(crate) struct InKracht {
    geldend: Arc<Geldend>,
    pub(crate) partijen: Arc<Partijenlijst>,
    pub(crate) grens: Beleidsgrens,
}

impl Deref for InKracht {
    type Target = Geldend;

    fn deref(&self) -> &Geldend {
        &self.geldend
    }
}

/// A line of the plan, ready to decide; without a policy where it cannot be used.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) volgnummer: u32,
    pub(crate) versie: Digest,
    pub(crate) ingang: Tijdstip,
    pub(crate) activering: Option<String>,
    geldend: Option<Arc<Geldend>>,
}

/// One reading of the plan.
#[derive(Debug)]
struct Kaststand {
    stand: u64,
    /// When the store last said that this is the plan, in milliseconds.
    gezien_op: AtomicI64,
    posten: BTreeMap<ConvenantId, Vec<Post>>,
    partijen: BTreeMap<ConvenantId, Arc<Partijenlijst>>,
    /// Under which the parties' signatures were verified.
    anchors: Arc<Anchors>,
}

impl Kaststand {
    /// The parties of a covenant; of one that nobody signed, none.
    fn partijen(&self, convenant: &ConvenantId) -> Arc<Partijenlijst> {
        self.partijen.get(convenant).cloned().unwrap_or_default()
    }

    fn ouder_dan(&self, nu: Tijdstip, hoogstens: Duration) -> bool {
        nu.since(Tijdstip::from_unix_millis(self.gezien_op.load(Ordering::Relaxed))).abs() >= hoogstens
    }

    /// Of the lines whose instant has come, the highest number counts.
    fn ingegaan(&self, convenant: &ConvenantId, nu: Tijdstip) -> Option<&Post> {
        self.posten.get(convenant)?.iter().filter(|p| p.ingang <= nu).max_by_key(|p| p.volgnummer)
    }

    fn volgende(&self, convenant: &ConvenantId, na: u32, nu: Tijdstip) -> Option<Tijdstip> {
        self.posten.get(convenant)?.iter().filter(|p| p.volgnummer > na && p.ingang > nu).map(|p| p.ingang).min()
    }
}

#[derive(Debug)]
pub(crate) struct Beleidskast {
    huidig: ArcSwap<Kaststand>,
    beheerder: VerifyingKey,
    catalogus: Arc<Catalogus>,
    anchors: ArcSwap<Anchors>,
    /// One reads at a time; who comes meanwhile waits for what that one finds.
    lezen: Mutex<()>,
    /// Built already, and soon to be in the plan: building one twice is dear.
    klaar: ArcSwapOption<Geldend>,
}

impl Beleidskast {
    /// Reads the plan for the first time.
    pub(crate) async fn openen(
        store: &dyn Store,
        beheerder: VerifyingKey,
        catalogus: Arc<Catalogus>,
        anchors: Arc<Anchors>,
        nu: Tijdstip,
    ) -> Result<Self, Fout> {
        let leeg = Kaststand {
            stand: 0,
            gezien_op: AtomicI64::new(i64::MIN),
            posten: BTreeMap::new(),
            partijen: BTreeMap::new(),
            anchors: Arc::clone(&anchors),
        };
        let kast = Self {
            huidig: ArcSwap::from_pointee(leeg),
            beheerder,
            catalogus,
            anchors: ArcSwap::new(anchors),
            lezen: Mutex::new(()),
            klaar: ArcSwapOption::empty(),
        };
        kast.herladen(store, nu).await?;
        Ok(kast)
    }

    /// The policy of a covenant that is in force.
    pub(crate) async fn geldend(
        &self,
        store: &dyn Store,
        convenant: &ConvenantId,
        nu: Tijdstip,
        pad: &str,
    ) -> Result<InKracht, Fout> {
        let kast = self.stand(store, nu).await?;
        if !kast.posten.contains_key(convenant) {
            return Err(Fout::new(ProblemCode::VeldOngeldig).at(pad));
        }
        let verouderd = || Fout::new(ProblemCode::BeleidVerouderd);
        let post = kast.ingegaan(convenant, nu).ok_or_else(verouderd)?;
        let geldend = Arc::clone(post.geldend.as_ref().ok_or_else(verouderd)?);
        let bundel = geldend.beleid.bundel();
        if nu < bundel.geldig_vanaf || nu >= bundel.geldig_tot {
            return Err(verouderd());
        }
        let partijen = kast.partijen(convenant);
        // A decision counts until another version is in force, someone joins or leaves, or the covenant ends.
        let wisselingen = [kast.volgende(convenant, post.volgnummer, nu), partijen.partijen.volgende_wisseling(nu)];
        let tot = wisselingen.into_iter().flatten().fold(bundel.geldig_tot, Tijdstip::min);
        Ok(InKracht { grens: Beleidsgrens { stand: kast.stand, tot: Some(tot) }, geldend, partijen })
    }

    fn vers(&self, kast: &Kaststand, nu: Tijdstip) -> bool {
        !kast.ouder_dan(nu, KIJKEN) && Arc::ptr_eq(&kast.anchors, &self.anchors.load())
    }

    /// The plan, looked at again when it is not of this moment.
    async fn stand(&self, store: &dyn Store, nu: Tijdstip) -> Result<Arc<Kaststand>, Fout> {
        let huidig = self.huidig.load_full();
        if self.vers(&huidig, nu) {
            return Ok(huidig);
        }
        let _een_tegelijk = self.lezen.lock().await;
        let huidig = self.huidig.load_full();
        if self.vers(&huidig, nu) {
            return Ok(huidig);
        }
        match self.bijwerken(store, nu).await {
            Ok(stand) => Ok(stand),
            // Who records the decision compares the plan again; what no store confirms for long decides nothing.
            Err(fout) if huidig.ouder_dan(nu, HOUDBAAR) => Err(Fout::new(ProblemCode::BeleidVerouderd).door(fout)),
            Err(_) => Ok(huidig),
        }
    }

    /// Reads the plan again where it has changed, whatever its age.
    pub(crate) async fn herladen(&self, store: &dyn Store, nu: Tijdstip) -> Result<(), Fout> {
        let _een_tegelijk = self.lezen.lock().await;
        self.bijwerken(store, nu).await.map(drop)
    }

    async fn bijwerken(&self, store: &dyn Store, nu: Tijdstip) -> Result<Arc<Kaststand>, Fout> {
        let huidig = self.huidig.load_full();
        let gezien = huidig.gezien_op.load(Ordering::Relaxed) != i64::MIN;
        let anchors = self.anchors.load_full();
        if gezien && Arc::ptr_eq(&huidig.anchors, &anchors) && store.beleidsstand().await? == huidig.stand {
            huidig.gezien_op.store(nu.unix_millis(), Ordering::Relaxed);
            return Ok(huidig);
        }
        let plan = store.beleidsplan(nu).await?;
        let mut posten: BTreeMap<ConvenantId, Vec<Post>> = BTreeMap::new();
        for regel in plan.regels {
            let bekend = self.bekend(regel.versie);
            let convenant = regel.convenant.clone();
            posten.entry(convenant).or_default().push(self.post(regel, bekend).await);
        }
        // Read after the plan: where these are newer than its state, what is decided on them is not recorded.
        let verklaringen = store.partijverklaringen().await?.alle;
        let partijen = partijen::lezen(verklaringen, Arc::clone(&anchors), self.beheerder.clone(), nu).await?;
        let gezien_op = AtomicI64::new(nu.unix_millis());
        let nieuw = Arc::new(Kaststand { stand: plan.stand, gezien_op, posten, partijen, anchors });
        self.huidig.store(Arc::clone(&nieuw));
        Ok(nieuw)
    }

    /// Makes a line ready, or says in the log why it cannot be used.
    async fn post(&self, regel: Planregel, bekend: Option<Arc<Geldend>>) -> Post {
        let geldend = match self.gemachtigd(&regel) {
            false => {
                tracing::error!(convenant = %regel.convenant, "activation is not signed by the covenant manager: no decisions");
                None
            }
            true if bekend.is_some() => bekend,
            true => self.bouwen(&regel).await,
        };
        let Planregel { volgnummer, versie, ingang, activering, .. } = regel;
        Post { volgnummer, versie, ingang, activering, geldend }
    }

    /// Whether the covenant manager says that this version is in force from this instant.
    fn gemachtigd(&self, regel: &Planregel) -> bool {
        let Some(activering) = &regel.activering else { return regel.volgnummer == 0 };
        jws::verify::<Activering>(activering, Typ::Activering, &self.beheerder).is_ok_and(|a| {
            (&a.convenant, a.versie, a.volgnummer, a.ingang) == (&regel.convenant, regel.versie, regel.volgnummer, regel.ingang)
        })
    }

    async fn bouwen(&self, regel: &Planregel) -> Option<Arc<Geldend>> {
        let (tekst, beheerder, catalogus) = (regel.bundel.clone(), self.beheerder.clone(), Arc::clone(&self.catalogus));
        let gebouwd = tokio::task::spawn_blocking(move || Geldend::lezen(&tekst, &beheerder, &catalogus)).await;
        match gebouwd {
            Ok(Ok(geldend)) if geldend.beleid.digest() == regel.versie => Some(Arc::new(geldend)),
            Ok(Ok(_)) => {
                tracing::error!(convenant = %regel.convenant, "stored policy is another one than was planned: no decisions");
                None
            }
            Ok(Err(fout)) => {
                tracing::error!(convenant = %regel.convenant, oorzaak = %fout, "policy cannot be used: no decisions");
                None
            }
            Err(fout) => {
                tracing::error!(convenant = %regel.convenant, oorzaak = %fout, "policy could not be built: no decisions");
                None
            }
        }
    }

    /// A version that was built before, in the plan or about to be.
    pub(crate) fn bekend(&self, versie: Digest) -> Option<Arc<Geldend>> {
        let klaar = self.klaar.load_full().filter(|g| g.beleid.digest() == versie);
        klaar
            .or_else(|| self.huidig.load().posten.values().flatten().find(|p| p.versie == versie).and_then(|p| p.geldend.clone()))
    }

    /// Keeps a version that was built, for when the plan names it.
    pub(crate) fn onthouden(&self, geldend: Arc<Geldend>) {
        self.klaar.store(Some(geldend));
    }

    /// New trust anchors or revocation lists: signatures are verified again at the next use.
    pub(crate) fn ankers_vervangen(&self, anchors: Arc<Anchors>) {
        self.anchors.store(anchors);
    }

    /// The parties of a covenant, in force or not, by the newest statements.
    pub(crate) async fn partijen(
        &self,
        store: &dyn Store,
        convenant: &ConvenantId,
        nu: Tijdstip,
    ) -> Result<Arc<Partijenlijst>, Fout> {
        self.herladen(store, nu).await?;
        Ok(self.huidig.load().partijen(convenant))
    }

    /// The covenants of the plan as it was last read.
    pub(crate) fn convenanten(&self) -> Vec<ConvenantId> {
        self.huidig.load().posten.keys().cloned().collect()
    }

    /// The line that is in force, as the plan was last read.
    pub(crate) fn ingegaan(&self, convenant: &ConvenantId, nu: Tijdstip) -> Option<Post> {
        self.huidig.load().ingegaan(convenant, nu).cloned()
    }

    pub(crate) async fn weergave(&self, store: &dyn Store, nu: Tijdstip) -> Vec<Convenantweergave> {
        // What is shown rests on no decision: without the store, what is known.
        let kast = self.stand(store, nu).await.unwrap_or_else(|_| self.huidig.load_full());
        let een = |convenant: &ConvenantId| {
            let post = kast.ingegaan(convenant, nu)?;
            let geldend = post.geldend.as_ref()?;
            let partijen = kast.partijen(convenant);
            Some(Convenantweergave {
                convenant: convenant.clone(),
                beleid: post.versie,
                bundel: geldend.bundel.clone(),
                activering: post.activering.clone(),
                toetredingen: partijen.toetredingen.clone(),
                uittredingen: partijen.uittredingen.clone(),
            })
        };
        kast.posten.keys().filter_map(een).collect()
    }

    /// Below which number a count of this hub is not shown: the strictest of its covenants, the nation's without any (R43).
    pub(crate) async fn ondergrens(&self, store: &dyn Store, nu: Tijdstip) -> u64 {
        let kast = self.stand(store, nu).await.unwrap_or_else(|_| self.huidig.load_full());
        let eigen = |convenant: &ConvenantId| Some(kast.ingegaan(convenant, nu)?.geldend.as_ref()?.beleid.ondergrens());
        kast.posten.keys().filter_map(eigen).fold(ONDERGRENS, u64::max)
    }

    /// Who fills a role in a municipality, whatever the message type, by any covenant.
    pub(crate) fn route(&self, rol: Partnertype, gemeente: GemeenteCode, nu: Tijdstip) -> Vec<Oin> {
        let kast = self.huidig.load();
        let geldend = kast.posten.keys().filter_map(|c| kast.ingegaan(c, nu)?.geldend.as_ref());
        let routes = geldend.flat_map(|geldend| &geldend.beleid.bundel().routes);
        let past = routes.filter(|r| r.rol == rol && r.gemeente.is_none_or(|g| g == gemeente));
        past.flat_map(|r| r.partners.iter().copied()).collect()
    }
}
