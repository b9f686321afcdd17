//! One message on its way out: checks, seals, signs, sends; and keeps the answer.

use inbreng_domain::{
    Bericht, BerichtId, Bron, Deel, Envelope, Kop, Problem, ProblemCode, Tijdstip,
    antwoorden::Aannameantwoord,
    envelope::{Data, Specversion},
    part::Toelichting,
};
use inbreng_proof::{bericht as proof, canonical_string, jws};
use time::Duration;

use super::{
    Omgeving, Werkfout, bewijzen, checkpoint, herstel,
    ontvangstbewijs::{self, Waarover},
    overzicht, toegang, toestemmingen,
    toetsen::{Toets, Toetsfout, toetsen},
    voorbereiden::Voorbereiding,
    woord,
};
use crate::{
    eigenaar,
    hub::{Hubfout, pauze_na},
    sealing,
    store::{Uitstand, Zending},
};

/// How often a message is checked and sealed again because the hub's facts moved, before it waits longer.
const VOLGENDE_KEER: Duration = Duration::milliseconds(200);

/// Why a message did not get to its end now.
#[derive(Debug, thiserror::Error)]
enum Zendfout {
    #[error("refused: {}", .0.code)]
    Geweigerd(Box<Problem>),
    #[error("not now")]
    Later(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("facts moved: check again")]
    Opnieuw,
    #[error(transparent)]
    Werk(#[from] Werkfout),
}

/// One message whose turn it is, to its end or to a pause.
pub(super) async fn een(omgeving: &Omgeving, zending: &Zending) -> Result<(), Werkfout> {
    let uitslag = vooruit(omgeving, zending).await;
    // How long the hub asks to wait counts from its answer.
    let nu = omgeving.clock.now();
    match uitslag {
        Ok(()) => Ok(()),
        Err(Zendfout::Geweigerd(problem)) if zending.is_nazending() => {
            herstel::niet_genomen(omgeving, zending, problem.code.as_str()).await
        }
        Err(Zendfout::Opnieuw) if zending.is_nazending() => {
            herstel::niet_genomen(omgeving, zending, ProblemCode::OpnieuwToetsen.as_str()).await
        }
        Err(Zendfout::Geweigerd(problem)) => {
            tracing::info!(bericht = %zending.bericht, soort = %zending.soort, code = %problem.code, "bericht geweigerd");
            let tekst = serde_json::to_string(&problem).map_err(Werkfout::intern)?;
            Ok(omgeving.opslag.zending_geweigerd(zending.volgorde, &tekst, nu).await?)
        }
        Err(Zendfout::Opnieuw) if zending.pogingen < 10 => {
            Ok(omgeving.opslag.zending_opnieuw(zending.volgorde, nu.plus(VOLGENDE_KEER)).await?)
        }
        Err(Zendfout::Opnieuw) => {
            let wanneer = later(omgeving, zending.pogingen, nu, None);
            Ok(omgeving.opslag.zending_opnieuw(zending.volgorde, wanneer).await?)
        }
        Err(Zendfout::Later(fout)) => {
            tracing::warn!(bericht = %zending.bericht, reden = %fout, pogingen = zending.pogingen, "bericht wacht");
            let wanneer = later(omgeving, zending.pogingen, nu, pas_na(&*fout));
            Ok(omgeving.opslag.zending_later(zending.volgorde, wanneer).await?)
        }
        Err(Zendfout::Werk(fout)) => Err(fout),
    }
}

/// When what failed is tried again, at the earliest; `pas_na` where the hub asks to wait so long.
pub(super) fn later(omgeving: &Omgeving, pogingen: u32, nu: Tijdstip, pas_na: Option<std::time::Duration>) -> Tijdstip {
    let wacht = pauze_na(pogingen.saturating_add(1), pas_na, &*omgeving.random);
    nu.plus(Duration::try_from(wacht).unwrap_or(Duration::MINUTE))
}

/// How long the hub asks to wait, where that is why.
fn pas_na(fout: &(dyn std::error::Error + 'static)) -> Option<std::time::Duration> {
    let werk = || fout.downcast_ref::<Werkfout>().and_then(Werkfout::pas_na);
    fout.downcast_ref::<Hubfout>().and_then(Hubfout::pas_na).or_else(werk)
}

async fn vooruit(omgeving: &Omgeving, zending: &Zending) -> Result<(), Zendfout> {
    let envelop = match (zending.stand, &zending.envelop) {
        (Uitstand::Verzegeld | Uitstand::Verzonden, Some(envelop)) => envelop.clone(),
        _ => verzegelen(omgeving, zending).await?,
    };
    omgeving.opslag.zending_verzonden(zending.volgorde).await.map_err(Werkfout::from)?;
    match omgeving.hub.versturen(&envelop).await {
        Ok(antwoord) => bevestigd(omgeving, zending, &envelop, antwoord).await,
        Err(Hubfout::Probleem(problem)) if problem.code == ProblemCode::OpnieuwToetsen => Err(Zendfout::Opnieuw),
        Err(Hubfout::Probleem(problem))
            if matches!(
                problem.code,
                ProblemCode::SleutelOnbekend | ProblemCode::SleutelBevroren | ProblemCode::HandtekeningOngeldig
            ) =>
        {
            Err(andere_sleutels(omgeving, &envelop, problem).await)
        }
        Err(Hubfout::Probleem(problem)) if problem.status < 500 && !matches!(problem.status, 401 | 408 | 429) => {
            Err(Zendfout::Geweigerd(problem))
        }
        Err(fout) => Err(Zendfout::Later(Box::new(fout))),
    }
}

/// The hub does not know a key that this was sealed for or signed with. Where the directory of now would make it another
/// message (a certificate was reissued since), it is made again; where it would not, the refusal stands. So this ends.
async fn andere_sleutels(omgeving: &Omgeving, envelop: &str, problem: Box<Problem>) -> Zendfout {
    if let Err(fout) = omgeving.verversen().await {
        return Zendfout::Later(Box::new(fout));
    }
    match is_verouderd(omgeving, envelop) {
        Err(fout) => fout.into(),
        Ok(true) => Zendfout::Opnieuw,
        // Our own new certificate, of which the hub has not heard yet.
        Ok(false) if problem.code == ProblemCode::HandtekeningOngeldig && !staat_in_gids(omgeving) => {
            Zendfout::Later("our signing certificate is not the one in the directory".into())
        }
        Ok(false) if problem.code == ProblemCode::SleutelOnbekend => match checkpoint::is_teruggezet(omgeving).await {
            // Its directory is that of the copy: whose key this is says so again.
            Ok(true) => Zendfout::Later("the hub was put back, and has not heard of this key again".into()),
            Ok(false) => Zendfout::Geweigerd(problem),
            Err(fout) => fout.into(),
        },
        Ok(false) => Zendfout::Geweigerd(problem),
    }
}

/// Whether a message was signed with, or sealed for, another key than it would be now.
fn is_verouderd(omgeving: &Omgeving, envelop: &str) -> Result<bool, Werkfout> {
    let envelop: Envelope = serde_json::from_str(envelop).map_err(Werkfout::intern)?;
    let kid = jws::unverified_kid(&envelop.data.kop.handtekening).map_err(Werkfout::intern)?;
    if kid != omgeving.tekenaar()?.sleutel.kid() {
        return Ok(true);
    }
    let (gids, nu) = (omgeving.boek.gids(), omgeving.clock.now());
    let eigen = omgeving.eigen_sleutel()?;
    let van_nu = |deel: &Deel, kid: &str| {
        let ander = |oin| gids.partner(oin).and_then(|p| p.sleutel(nu)).is_some_and(|s| s.kid == kid);
        kid == eigen.kid() || deel.toegang.iter().any(|t| ander(t.oin))
    };
    Ok(envelop.data.delen.iter().any(|deel| deel.inhoud.recipients.iter().any(|wrap| !van_nu(deel, &wrap.header.kid))))
}

/// Whether the key that our own parts would be sealed for is frozen.
fn eigen_bevroren(omgeving: &Omgeving) -> bool {
    let gids = omgeving.boek.gids();
    let nieuwste = gids.partner(omgeving.organisatie.oin).and_then(|p| Some((p, p.nieuwste_in(omgeving.clock.now())?)));
    nieuwste.is_some_and(|(p, s)| p.is_bevroren(&s.kid))
}

/// Whether others verify what we sign now.
fn staat_in_gids(omgeving: &Omgeving) -> bool {
    let gids = omgeving.boek.gids();
    let Ok(tekenaar) = omgeving.tekenaar() else { return false };
    gids.partner(omgeving.organisatie.oin).is_some_and(|p| p.certificaat.thumbprint == tekenaar.sleutel.kid())
}

/// Checks and seals; the bytes are durable before anyone gets them.
async fn verzegelen(omgeving: &Omgeving, zending: &Zending) -> Result<String, Zendfout> {
    let bewaard = zending.voorbereiding.as_deref().ok_or_else(|| Werkfout::intern("nothing to seal"))?;
    if eigen_bevroren(omgeving) {
        // The owner is a recipient of its own parts: they wait for our next key.
        return Err(Zendfout::Later("our own encryption key is frozen".into()));
    }
    let v = voorbereiding(omgeving, bewaard)?;
    let opening = opening(omgeving, &v).await?;
    let toets = match toetsen(omgeving, &v, opening).await {
        Ok(toets) => toets,
        Err(Toetsfout::Geweigerd(problem)) if problem.code == ProblemCode::OpnieuwToetsen => return Err(Zendfout::Opnieuw),
        Err(Toetsfout::Geweigerd(problem)) => return Err(Zendfout::Geweigerd(problem)),
        Err(Toetsfout::Ontvanger(waarom)) => return Err(verkeerde_ontvanger(omgeving, zending.bericht, waarom).await?),
        Err(Toetsfout::Later(fout)) => return Err(Zendfout::Later(fout)),
    };
    let onthouden = serde_json::to_string(&toets.onthouden).map_err(Werkfout::intern)?;
    omgeving.opslag.zending_getoetst(zending.volgorde, &onthouden).await.map_err(Werkfout::from)?;
    let envelop = envelop(omgeving, v, toets, opening).await?;
    omgeving.opslag.zending_verzegeld(zending.volgorde, &envelop).await.map_err(Werkfout::from)?;
    Ok(envelop)
}

pub(super) fn voorbereiding(omgeving: &Omgeving, bewaard: &str) -> Result<Voorbereiding, Werkfout> {
    let tekst = sealing::terughalen(bewaard, omgeving.bos.load().zegels()).map_err(Werkfout::intern)?;
    serde_json::from_slice(tekst.as_bytes()).map_err(|_| Werkfout::intern("kept message cannot be read"))
}

/// The nonce of a case that we minted and that the hub does not know yet.
pub(super) async fn opening(omgeving: &Omgeving, v: &Voorbereiding) -> Result<Option<inbreng_domain::Opening>, Werkfout> {
    let Some(casus) = v.verzoek.casus else { return Ok(None) };
    let zaak = omgeving.opslag.zaak(casus).await?;
    Ok(zaak.filter(|z| !z.geopend).and_then(|z| z.opening))
}

/// Attack test 1: whom the hub offers is not whom we asked for. Nothing is sealed, and a human is told.
async fn verkeerde_ontvanger(omgeving: &Omgeving, bericht: BerichtId, waarom: &'static str) -> Result<Zendfout, Werkfout> {
    tracing::error!(%bericht, waarom, "knooppunt wijst verkeerde ontvanger aan");
    omgeving
        .alarm("verkeerde-ontvanger", bericht, "Het knooppunt wees een ontvanger aan die niet past bij wat is gevraagd.")
        .await?;
    let mut problem = Problem::new(ProblemCode::OntvangerOnbekend);
    problem.detail =
        "Het knooppunt wees een ontvanger aan die niet past bij wat u vroeg. Er is niets verzegeld en niets verstuurd. \
                      De beheerder is gewaarschuwd."
            .to_owned();
    Ok(Zendfout::Geweigerd(Box::new(problem)))
}

/// Seals the parts, signs `bericht` and `kop`, and writes the message down in its one form.
async fn envelop(
    omgeving: &Omgeving,
    v: Voorbereiding,
    toets: Toets,
    opening: Option<inbreng_domain::Opening>,
) -> Result<String, Werkfout> {
    let Voorbereiding { bericht: id, tijd, verzoek, delen: inhouden, .. } = v;
    let (eigen, tekenaar) = (omgeving.eigen_sleutel()?, omgeving.tekenaar()?);
    let mut delen = Vec::with_capacity(toets.delen.len());
    for (i, voor) in &toets.delen {
        let (Some(deel), Some(rest)) = (verzoek.delen.get(*i), inhouden.get(*i)) else { continue };
        let labels = deel.labels.clone();
        let verzegeld = sealing::verzegelen(labels, &rest.inhoud, eigen.jwk(), voor, &tekenaar.sleutel, &*omgeving.random);
        delen.push(verzegeld.map_err(Werkfout::intern)?);
    }
    let mut bericht = Bericht {
        id,
        berichttype: verzoek.berichttype.clone(),
        variant: verzoek.variant,
        casus: verzoek.casus,
        van: omgeving.organisatie.oin,
        tijd,
        urgentie: verzoek.urgentie,
        antwoord_op: verzoek.antwoord_op,
        verklaring: verzoek.verklaring,
        checkpoint: checkpoint::nieuwste(omgeving).await?,
        handtekening: String::new(),
    };
    proof::sign_bericht(&tekenaar.sleutel, &mut bericht).map_err(Werkfout::intern)?;
    let mut kop = Kop {
        bericht: proof::bericht_digest(&bericht).map_err(Werkfout::intern)?,
        convenant: verzoek.convenant,
        beleid: toets.beleid,
        opening,
        gemeente: verzoek.gemeente,
        geadresseerden: toets.geadresseerden,
        delen: proof::deelverwijzingen(&delen).map_err(Werkfout::intern)?,
        handtekening: String::new(),
    };
    proof::sign_kop(&tekenaar.sleutel, &mut kop).map_err(Werkfout::intern)?;
    let envelop = Envelope {
        specversion: Specversion::V1,
        id,
        source: Bron::new(omgeving.organisatie.oin, omgeving.organisatie.systeem.clone()),
        berichttype: verzoek.berichttype,
        time: tijd,
        subject: verzoek.casus,
        datacontenttype: None,
        data: Data { bericht, kop, delen },
    };
    canonical_string(&envelop).map_err(Werkfout::intern)
}

/// Accepted: but only with a receipt of the hub over exactly our bytes.
async fn bevestigd(omgeving: &Omgeving, zending: &Zending, envelop: &str, antwoord: Aannameantwoord) -> Result<(), Zendfout> {
    let over = Waarover { bericht: zending.bericht, van: omgeving.organisatie.oin, envelop };
    if let Err(waarom) = ontvangstbewijs::controleren(over, &antwoord, &omgeving.knooppunt_sleutel) {
        omgeving
            .alarm("ontvangstbewijs-ongeldig", zending.bericht, "Het knooppunt gaf een ontvangstbewijs dat niet klopt.")
            .await?;
        return Err(Zendfout::Later(waarom.into()));
    }
    let tekst = serde_json::to_string(&antwoord).map_err(Werkfout::intern)?;
    let casus = omgeving.opslag.bericht(&zending.bericht.to_string()).await.map_err(Werkfout::from)?.and_then(|b| b.casus);
    let nu = omgeving.clock.now();
    let verzonden: Envelope = serde_json::from_str(envelop).map_err(Werkfout::intern)?;
    let mut meldingen = woord::niet_bereikt(omgeving, &verzonden.data.bericht, &antwoord).await?;
    meldingen.extend(woord::misplaatst(omgeving, &zending.soort, zending.bericht, &verzonden.data.bericht.verklaring).await?);
    let mut tx = omgeving.opslag.begin().await.map_err(Werkfout::from)?;
    tx.zending_bevestigd(zending.volgorde, &tekst, casus, nu).await.map_err(Werkfout::from)?;
    for verwacht in bewijzen::verwacht(&verzonden, &antwoord) {
        tx.bewijs_verwachten(&verwacht, nu.plus(bewijzen::EERST)).await.map_err(Werkfout::from)?;
    }
    if let Some(toestemming) = toestemmingen::uit(toestemmingen::Bron::eigen(&verzonden.data.bericht)) {
        tx.toestemming_leren(&toestemming).await.map_err(Werkfout::from)?;
    }
    let toelichting = toelichting(omgeving, zending)?;
    toegang::opdragen(omgeving, &mut tx, &verzonden.data.bericht, toelichting.as_ref()).await?;
    overzicht::verteld(&mut tx, &verzonden.data.bericht).await?;
    woord::melden(omgeving, &mut tx, meldingen).await?;
    tx.vastleggen().await.map_err(Werkfout::from)?;
    tracing::info!(bericht = %zending.bericht, soort = %zending.soort, "bericht aangenomen door het knooppunt");
    Ok(())
}

/// What was explained with a yes: it lies with what was to be sealed, and goes with what is given by that yes.
fn toelichting(omgeving: &Omgeving, zending: &Zending) -> Result<Option<Toelichting>, Werkfout> {
    if zending.soort.as_str() != eigenaar::EIGENAAR_BESLUIT {
        return Ok(None);
    }
    let bewaard = zending.voorbereiding.as_deref();
    Ok(bewaard.map(|b| voorbereiding(omgeving, b)).transpose()?.and_then(|v| v.toelichting))
}
