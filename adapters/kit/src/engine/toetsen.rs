//! "Mag dit?", decided twice: by the hub, which knows the case, and by ourselves on the same policy, which the hub cannot
//! bend. The hub's answer can only withhold. Whom it names is believed only as far as directory, routing and role say so
//! under the signature of the covenant manager.

use std::{collections::BTreeSet, sync::Arc};

use inbreng_catalogue::{Definitie, TERUGVAL};
use inbreng_domain::{
    Besluit, Digest, Geadresseerde, Oin, Opening, Problem, ProblemCode, Tijdstip, Toestemming, Uitkomst,
    convenant::Partijen,
    gids::Sleutelverklaring,
    receipts::{Bewijsbesluit, Ontvangerstand},
    toets::{Toetsantwoord, Toetsdeel, Toetsontvanger},
    vocabulary::{Deelname, Eigenaarsbesluit, Grondslag, JaNee, Ondertekend, Partnertype, Toegangswijze},
};
use inbreng_policy::{Beleid, Deelpartij, Feiten, Namen, Toestemmingsbron, Verzoek, feiten::Verklaringkop};
use inbreng_proof::Partner;

use super::{
    Omgeving,
    boek::Boekfout,
    checkpoint, terugval,
    voorbereiden::{Voorbereiddeel, Voorbereiding},
    woord,
};
use crate::{
    hub::Hubfout,
    sealing::Voor,
    store::{Opslagfout, Pinfout},
};

/// What may be sealed, and for whom.
#[derive(Debug)]
pub(super) struct Toets {
    /// The policy that it was checked against.
    pub beleid: Digest,
    /// Per part (by index of the preparation) for whom; parts for nobody are left out.
    pub delen: Vec<(usize, Vec<Voor>)>,
    /// The addressees that remain.
    pub geadresseerden: Vec<Geadresseerde>,
    /// What is withheld, and why.
    pub onthouden: Vec<Bewijsbesluit>,
    /// Every decision, for whoever only asks.
    pub besluiten: Vec<Bewijsbesluit>,
}

/// Why a message is not sealed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Toetsfout {
    /// It may not, or it cannot: for the sender.
    #[error("not allowed: {}", .0.code)]
    Geweigerd(Box<Problem>),
    /// The hub named a recipient that is not what was asked for.
    #[error("the hub named a wrong recipient: {0}")]
    Ontvanger(&'static str),
    /// Later perhaps.
    #[error("not now")]
    Later(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Hubfout> for Toetsfout {
    fn from(fout: Hubfout) -> Self {
        match fout {
            Hubfout::Probleem(problem) if problem.status < 500 && problem.status != 429 && problem.status != 401 => {
                Self::Geweigerd(problem)
            }
            fout => Self::Later(Box::new(fout)),
        }
    }
}

impl From<Opslagfout> for Toetsfout {
    fn from(fout: Opslagfout) -> Self {
        Self::Later(Box::new(fout))
    }
}

/// A recipient that is believed.
pub(super) struct Gekend {
    pub oin: Oin,
    pub partner: Partner,
}

/// Checks, twice.
pub(super) async fn toetsen(omgeving: &Omgeving, v: &Voorbereiding, opening: Option<Opening>) -> Result<Toets, Toetsfout> {
    let mut verzoek = v.verzoek.clone();
    verzoek.opening = opening;
    let antwoord = omgeving.hub.toetsen(&verzoek).await.map_err(|fout| {
        let mut fout = Toetsfout::from(fout);
        if let Toetsfout::Geweigerd(problem) = &mut fout {
            woord::niemand_meer(v, problem);
        }
        fout
    })?;
    let nu = omgeving.clock.now();
    let soort = omgeving
        .catalogus
        .soort(&verzoek.berichttype)
        .ok_or_else(|| Toetsfout::Geweigerd(Box::new(Problem::new(ProblemCode::TypeOnbekend))))?;
    let beleid = beleid(omgeving, &antwoord, nu).await?;
    if beleid.bundel().convenant != verzoek.convenant {
        return Err(Toetsfout::Ontvanger("policy of another covenant"));
    }
    let kring = woord::kring(omgeving, v).await?;
    let mut gekend = Vec::with_capacity(antwoord.ontvangers.len());
    for ontvanger in &antwoord.ontvangers {
        let partner = match omgeving.boek.vastpinnen(&ontvanger.gids, &omgeving.opslag, nu).await {
            Ok(partner) => partner,
            Err(fout @ Boekfout::Pin(Pinfout::Ouder(_))) => return Err(ouder(omgeving, fout).await),
            Err(fout) => return Err(boekfout(fout)),
        };
        rol_toetsen(omgeving, v, soort, &beleid, &kring, ontvanger, &partner)?;
        gekend.push(Gekend { oin: ontvanger.oin, partner });
    }
    let later = terugval::bekend(omgeving, v, soort, &beleid, &antwoord, &gekend).await;
    let toestemmingen = match v.verzoek.casus {
        Some(casus) => omgeving.opslag.toestemmingen(casus).await?,
        None => Vec::new(),
    };
    let toestemmingen = &toestemmingen;
    let mut oordeel = Oordeel {
        omgeving,
        v,
        soort,
        beleid: &beleid,
        partijen: omgeving.boek.partijen(&verzoek.convenant),
        antwoord: &antwoord,
        gekend: &gekend,
        later: &later,
        toestemmingen,
        nu,
    };
    if oordeel.mist_een_partij() {
        // Someone may have joined since we last looked; by its own signature, or not at all.
        omgeving.boek.verversen(&omgeving.hub, &omgeving.opslag, nu).await.map_err(|e| Toetsfout::Later(Box::new(e)))?;
        oordeel.partijen = omgeving.boek.partijen(&verzoek.convenant);
    }
    oordeel.vellen()
}

/// The policy that the hub decided on, as the covenant manager signed it; fetched when it is new.
async fn beleid(omgeving: &Omgeving, antwoord: &Toetsantwoord, nu: Tijdstip) -> Result<std::sync::Arc<Beleid>, Toetsfout> {
    if let Some(beleid) = omgeving.boek.beleid(antwoord.beleid) {
        return Ok(beleid);
    }
    omgeving.boek.verversen(&omgeving.hub, &omgeving.opslag, nu).await.map_err(|e| Toetsfout::Later(Box::new(e)))?;
    omgeving.boek.beleid(antwoord.beleid).ok_or_else(|| Toetsfout::Later("hub decides on an unknown policy".into()))
}

/// A hub that was put back from a copy shows what stood in it, until whose statement it is says it again; any other lies.
async fn ouder(omgeving: &Omgeving, fout: Boekfout) -> Toetsfout {
    match checkpoint::is_teruggezet(omgeving).await {
        Ok(true) => Toetsfout::Later(Box::new(fout)),
        Ok(false) => boekfout(fout),
        Err(fout) => Toetsfout::Later(Box::new(fout)),
    }
}

fn boekfout(fout: Boekfout) -> Toetsfout {
    match fout {
        Boekfout::Gids(_) => Toetsfout::Ontvanger("directory statement does not verify"),
        Boekfout::Pin(Pinfout::Ouder(_) | Pinfout::Dubbel(_)) => Toetsfout::Ontvanger("directory statement was put back"),
        Boekfout::Pin(Pinfout::Vertakt(_)) => Toetsfout::Ontvanger("key statements do not go on from those seen before"),
        Boekfout::SleutelVanAnder(_) => Toetsfout::Ontvanger("key of another organisation"),
        fout => Toetsfout::Later(Box::new(fout)),
    }
}

/// Whether the hub may name this recipient: it is whom we addressed, or fills the role we asked for, or the covenant or the
/// question names it, or it is in the circle (`kring`) that a word of an owner is for.
fn rol_toetsen(
    omgeving: &Omgeving,
    v: &Voorbereiding,
    soort: &Definitie,
    beleid: &Beleid,
    kring: &[Oin],
    ontvanger: &Toetsontvanger,
    partner: &Partner,
) -> Result<(), Toetsfout> {
    let oin = partner.vermelding.oin;
    if ontvanger.oin != oin {
        return Err(Toetsfout::Ontvanger("directory statement of another organisation"));
    }
    if oin == omgeving.knooppunt_oin || oin == omgeving.organisatie.oin {
        return Err(Toetsfout::Ontvanger("the hub or we ourselves"));
    }
    let geadresseerden = &v.verzoek.geadresseerden;
    match &ontvanger.geadresseerde {
        Some(wie) if !geadresseerden.contains(wie) => Err(Toetsfout::Ontvanger("an addressee that was not asked for")),
        Some(Geadresseerde::Partner(naar)) if naar.oin == oin => Ok(()),
        Some(Geadresseerde::Partner(_)) => Err(Toetsfout::Ontvanger("another organisation than was named")),
        Some(Geadresseerde::Rol(naar)) => rol_past(v, beleid, partner, naar.rol),
        // Whoever brings in parts with its word chose for whom: nobody beside those gets them.
        None if kring.contains(&oin) && (geadresseerden.is_empty() || v.verzoek.delen.is_empty()) => Ok(()),
        None if !geadresseerden.is_empty() => Err(Toetsfout::Ontvanger("a recipient beside the addressees")),
        None => match v.beantwoord {
            Some(vrager) if vrager == oin => Ok(()),
            Some(_) => Err(Toetsfout::Ontvanger("another organisation than asked the question")),
            None if beleid.standaardontvangers(&soort.naam).contains(&partner.vermelding.partnertype) => {
                rol_past(v, beleid, partner, partner.vermelding.partnertype)
            }
            None => Err(Toetsfout::Ontvanger("a kind of organisation that the covenant does not name")),
        },
    }
}

pub(super) fn rol_past(v: &Voorbereiding, beleid: &Beleid, partner: &Partner, rol: Partnertype) -> Result<(), Toetsfout> {
    if partner.vermelding.partnertype != rol {
        return Err(Toetsfout::Ontvanger("another kind of organisation than was asked for"));
    }
    let route = beleid.route(v.verzoek.berichttype.naam(), rol, v.verzoek.gemeente);
    let past = if route.is_empty() {
        v.verzoek.gemeente.is_none_or(|g| partner.bedient(g))
    } else {
        route.contains(&partner.vermelding.oin)
    };
    if past { Ok(()) } else { Err(Toetsfout::Ontvanger("an organisation that does not serve this municipality")) }
}

struct Oordeel<'a> {
    omgeving: &'a Omgeving,
    v: &'a Voorbereiding,
    soort: &'a Definitie,
    beleid: &'a Beleid,
    partijen: Arc<Partijen>,
    antwoord: &'a Toetsantwoord,
    gekend: &'a [Gekend],
    /// For whom it is sealed beforehand.
    later: &'a [Gekend],
    toestemmingen: &'a [Toestemming],
    nu: Tijdstip,
}

/// What a sender hears whose own adapter has no evidence of the consent that the hub says there is.
const GEEN_BEWIJS: &str = "Deze adapter heeft zelf geen geldige toestemming verstuurd of ontvangen voor deze ontvanger, dit soort \
                           gegevens en dit doel. Dat het knooppunt zegt dat ze er is, is niet genoeg. Leg de toestemming zelf vast \
                           (bericht 41), of laat wie haar vastlegde u dat bericht sturen.";

impl Oordeel<'_> {
    /// Whether the hub lets something through on the covenant between organisations of which we do not know that both signed.
    fn mist_een_partij(&self) -> bool {
        let op_convenant = |oin: Oin| {
            let besluiten = self.antwoord.besluiten.iter().filter(|b| b.ontvanger == oin).map(|b| &b.besluit);
            besluiten.into_iter().any(|b| b.uitkomst.levert() && b.grondslag == Some(Grondslag::Convenant))
        };
        self.gekend.iter().any(|o| op_convenant(o.oin) && self.ondertekend(o) != Ondertekend::Beide)
    }

    fn ondertekend(&self, ontvanger: &Gekend) -> Ondertekend {
        let wij = Deelpartij { oin: self.omgeving.organisatie.oin, partnertype: self.omgeving.organisatie.partnertype };
        let zij = Deelpartij { oin: ontvanger.oin, partnertype: ontvanger.partner.vermelding.partnertype };
        self.beleid.ondertekend(&self.partijen, &wij, &zij, self.nu)
    }

    fn vellen(&self) -> Result<Toets, Toetsfout> {
        let mut delen = Vec::new();
        let (mut onthouden, mut besluiten) = (Vec::new(), Vec::new());
        let mut krijgt: BTreeSet<Oin> = BTreeSet::new();
        for (i, (deel, rest)) in self.v.verzoek.delen.iter().zip(&self.v.delen).enumerate() {
            let mut voor = Vec::new();
            for ontvanger in self.gekend.iter().filter(|o| is_voor(deel, o)) {
                let besluit = self.deelbesluit(deel, ontvanger, deel.genoemd);
                let geweigerd = besluit.stand == Ontvangerstand::Geweigerd;
                besluiten.push(besluit.clone());
                match (geweigerd, ontvanger.partner.sleutel(self.nu)) {
                    (true, _) => onthouden.push(besluit),
                    (false, None) => {
                        let zin =
                            format!("{} heeft nu geen geldige sleutel om voor te verzegelen.", ontvanger.partner.vermelding.naam);
                        onthouden.push(Bewijsbesluit { stand: Ontvangerstand::Geweigerd, zin, ..besluit });
                    }
                    (false, Some(sleutel)) => {
                        krijgt.insert(ontvanger.oin);
                        voor.push(verzegeld_voor(ontvanger.oin, sleutel, deel, rest, deel.wijze));
                    }
                }
            }
            if !voor.is_empty() {
                self.terugval(deel, rest, &mut voor, &mut besluiten);
                delen.push((i, voor));
            }
        }
        for ontvanger in self.gekend.iter().filter(|o| self.alleen_verklaring(o.oin)) {
            let besluit = self.verklaringbesluit(ontvanger);
            if besluit.stand == Ontvangerstand::Geweigerd {
                onthouden.push(besluit.clone());
            } else {
                krijgt.insert(ontvanger.oin);
            }
            besluiten.push(besluit);
        }
        self.iets_over(&delen, &krijgt, &onthouden)?;
        let mut geadresseerden = self.v.verzoek.geadresseerden.clone();
        geadresseerden.retain(|g| match g {
            Geadresseerde::Partner(p) => krijgt.contains(&p.oin),
            Geadresseerde::Rol(_) => true,
        });
        Ok(Toets { beleid: self.antwoord.beleid, delen, geadresseerden, onthouden, besluiten })
    }

    /// Adds for whom the part is sealed beforehand. Who may not have it is left out, and its sender hears nothing of it: it asked
    /// for nobody beside its addressees.
    fn terugval(&self, deel: &Toetsdeel, rest: &Voorbereiddeel, voor: &mut Vec<Voor>, besluiten: &mut Vec<Bewijsbesluit>) {
        let minuten = self.soort.terugval_minuten(self.v.verzoek.urgentie).filter(|_| deel.valt_terug_op(TERUGVAL));
        let Some(minuten) = minuten else { return };
        for ontvanger in self.later {
            // The ladder names it, not the owner: no secret address goes there (R24).
            let besluit = self.deelbesluit(deel, ontvanger, false);
            let Some(sleutel) = ontvanger.partner.sleutel(self.nu) else { continue };
            match besluit.stand {
                Ontvangerstand::Geweigerd => continue,
                Ontvangerstand::InBehandeling => besluiten.push(besluit),
                _ => besluiten.push(besluit.terugval(&ontvanger.partner.vermelding.naam, minuten)),
            }
            voor.push(Voor {
                genoemd: JaNee::Nee,
                ..verzegeld_voor(ontvanger.oin, sleutel, deel, rest, Toegangswijze::Terugval)
            });
        }
    }

    /// Something must be left to send: to someone, and as many parts as the type has at least.
    fn iets_over(
        &self,
        delen: &[(usize, Vec<Voor>)],
        krijgt: &BTreeSet<Oin>,
        onthouden: &[Bewijsbesluit],
    ) -> Result<(), Toetsfout> {
        let te_weinig = delen.len() < usize::from(self.soort.delen.minimaal);
        let niemand = krijgt.is_empty() && !self.gekend.is_empty();
        if !te_weinig && !niemand {
            return Ok(());
        }
        Err(Toetsfout::Geweigerd(Box::new(geweigerd(onthouden.to_vec()))))
    }

    /// Whether this recipient gets the statement and no part.
    fn alleen_verklaring(&self, oin: Oin) -> bool {
        self.soort.delen.zonder_delen.is_some()
            && !self.v.verzoek.delen.iter().any(|d| self.gekend.iter().any(|o| o.oin == oin && is_voor(d, o)))
    }

    /// Once with the consent that we have evidence of, which is what counts; and once as if there were all, to say which it is
    /// that fails.
    fn deelbesluit(&self, deel: &Toetsdeel, ontvanger: &Gekend, genoemd: bool) -> Bewijsbesluit {
        let besluit = |bron| {
            let feiten = self.feiten(ontvanger, deel.wijze, genoemd, bron);
            self.beleid.beslissen(&Verzoek::van_deel(&deel.labels, self.soort, &feiten), &self.namen(ontvanger))
        };
        let mut eigen = besluit(Toestemmingsbron::Register(self.toestemmingen));
        let op_toestemming = deel.labels.grondslagen.contains(&Grondslag::Toestemming);
        if op_toestemming && !eigen.uitkomst.levert() && besluit(Toestemmingsbron::OordeelKnooppunt).uitkomst.levert() {
            eigen.uitkomst = Uitkomst::Weigeren;
            GEEN_BEWIJS.clone_into(&mut eigen.uitleg.afzender);
        }
        self.strengste(Some(deel.labels.id), ontvanger.oin, eigen)
    }

    fn verklaringbesluit(&self, ontvanger: &Gekend) -> Bewijsbesluit {
        let verzoek = &self.v.verzoek;
        let kop =
            Verklaringkop { convenant: &verzoek.convenant, variant: verzoek.variant.as_ref(), casus: verzoek.casus.as_ref() };
        let feiten = self.feiten(ontvanger, Toegangswijze::Meegeleverd, false, Toestemmingsbron::OordeelKnooppunt);
        match Verzoek::van_verklaring(&kop, self.soort, &feiten) {
            Some(verzoek) => self.strengste(None, ontvanger.oin, self.beleid.beslissen(&verzoek, &self.namen(ontvanger))),
            None => geen_besluit(None, ontvanger.oin),
        }
    }

    /// The hub's decision, unless our own refuses. What the hub does not decide on is not delivered.
    fn strengste(&self, deel: Option<inbreng_domain::DeelId>, ontvanger: Oin, eigen: Besluit) -> Bewijsbesluit {
        let later = self.antwoord.terugval.iter().flat_map(|t| &t.besluiten);
        let van_hub = self.antwoord.besluiten.iter().chain(later).find(|b| b.deel == deel && b.ontvanger == ontvanger);
        match van_hub {
            None => geen_besluit(deel, ontvanger),
            Some(hub) if hub.besluit.uitkomst != Uitkomst::Weigeren && eigen.uitkomst == Uitkomst::Weigeren => {
                tracing::warn!(oin = %ontvanger, "eigen beleid weigert wat het knooppunt toelaat; er wordt niet verzegeld");
                bewijs(deel, ontvanger, eigen)
            }
            Some(hub) => bewijs(deel, ontvanger, hub.besluit.clone()),
        }
    }

    /// What can be known here. What only the hub knows (participants, embargo, flags, owner's decisions) is set so that it
    /// decides nothing: the hub adds it, and it can only withhold.
    fn feiten<'b>(
        &'b self,
        ontvanger: &Gekend,
        wijze: Toegangswijze,
        genoemd: bool,
        toestemmingen: Toestemmingsbron<'b>,
    ) -> Feiten<'b> {
        let wij = Deelpartij { oin: self.omgeving.organisatie.oin, partnertype: self.omgeving.organisatie.partnertype };
        let zij = Deelpartij { oin: ontvanger.oin, partnertype: ontvanger.partner.vermelding.partnertype };
        Feiten {
            van: wij.partnertype,
            van_oin: wij.oin,
            naar: zij.partnertype.into(),
            naar_oin: zij.oin,
            van_deelnemer: Deelname::Ja,
            naar_deelnemer: Deelname::Ja,
            regisseur: true,
            toestemmingen,
            toestemming_maanden: self.beleid.bundel().instellingen.toestemming_maanden,
            ondertekend: self.ondertekend(ontvanger),
            embargo: false,
            scheiding: &[],
            eigenaarsbesluit: Eigenaarsbesluit::Ja,
            bevestigd: true,
            stilgelegd: None,
            genoemd,
            wijze,
            doel: None,
            nu: self.nu,
        }
    }

    fn namen<'b>(&'b self, ontvanger: &'b Gekend) -> Namen<'b> {
        Namen { eigenaar: &self.omgeving.organisatie.naam, ontvanger: &ontvanger.partner.vermelding.naam, betrokkene: None }
    }
}

fn verzegeld_voor(oin: Oin, sleutel: &Sleutelverklaring, deel: &Toetsdeel, rest: &Voorbereiddeel, wijze: Toegangswijze) -> Voor {
    Voor {
        oin,
        sleutel: sleutel.jwk.clone(),
        wijze,
        doel: deel.labels.doel,
        gebruik: rest.gebruik.clone(),
        genoemd: JaNee::from(deel.genoemd),
        bewaren_tot: rest.bewaren_tot,
        verzoek: None,
    }
}

/// Whether a part is meant for this recipient: for all, or for those that were picked.
fn is_voor(deel: &Toetsdeel, ontvanger: &Gekend) -> bool {
    deel.ontvangers.is_empty()
        || deel.ontvangers.iter().any(|keuze| match keuze {
            Geadresseerde::Partner(p) => p.oin == ontvanger.oin,
            Geadresseerde::Rol(r) => r.rol == ontvanger.partner.vermelding.partnertype,
        })
}

fn bewijs(deel: Option<inbreng_domain::DeelId>, ontvanger: Oin, besluit: Besluit) -> Bewijsbesluit {
    Bewijsbesluit {
        ontvanger,
        deel,
        stand: besluit.uitkomst.into(),
        regels: besluit.regels,
        zin: besluit.uitleg.afzender,
        verplichtingen: besluit.verplichtingen,
        alternatieven: besluit.alternatieven,
    }
}

fn geen_besluit(deel: Option<inbreng_domain::DeelId>, ontvanger: Oin) -> Bewijsbesluit {
    Bewijsbesluit {
        ontvanger,
        deel,
        stand: Ontvangerstand::Geweigerd,
        regels: Vec::new(),
        zin: "Het knooppunt gaf hierover geen besluit. Er is niets verzegeld.".to_owned(),
        verplichtingen: Vec::new(),
        alternatieven: Vec::new(),
    }
}

/// The problem of a message of which nothing may go, in the words of its first refusal.
pub(super) fn geweigerd(besluiten: Vec<Bewijsbesluit>) -> Problem {
    let mut problem = Problem::new(ProblemCode::NietToegestaan);
    if let Some(eerste) = besluiten.first() {
        eerste.zin.clone_into(&mut problem.detail);
    }
    problem.besluiten = besluiten;
    problem
}
