//! A refused message: it is not kept, why it was refused is (R41).

use inbreng_domain::{BerichtId, Digest, Envelope, Oin, RegelId, Tijdstip, Uitkomst, problem::ProblemCode, vocabulary::Urgentie};
use inbreng_proof::canonical_string;
use inbreng_storage::{Beleidsgrens, NieuwBesluit, NieuwBlad};
use serde::Serialize;

use crate::{
    Fout, Hub,
    accept::receipt,
    decide::{Besluiten, case},
    leaf::{self, Soort},
    policies::InKracht,
};

/// The record of a refused message as a whole.
#[derive(Debug, Serialize)]
struct Weigeringsrecord {
    bericht: BerichtId,
    van: Oin,
    digest: Digest,
    uitkomst: Uitkomst,
    regels: Vec<RegelId>,
    beleid: Digest,
}

/// Logs every decision on a message that goes to nobody, and gives the refusal with all that the sender may know; nothing when
/// the policy that refuses is in force no more, and the message must be decided again.
pub(crate) async fn vastleggen(
    hub: &Hub,
    envelop: &Envelope,
    digest: Digest,
    besluiten: &Besluiten<'_>,
    beleid: Beleidsgrens,
    nu: Tijdstip,
) -> Result<Option<Fout>, Fout> {
    let bericht = &envelop.data.bericht;
    let (opslag, mut bladen) = receipt::besluiten(bericht.van, Some(bericht.id), besluiten.alle(), nu, hub.random.as_ref())?;
    let regels = besluiten.alle().iter().filter_map(|b| b.besluit.regels.first().copied()).collect();
    toets_achteraf(hub, envelop, &record(envelop, digest, regels), nu, &mut bladen)?;
    let vastgelegd = hub.store.besluiten_in_baan(opslag, bladen, beleid, bericht.urgentie).await?;
    Ok(vastgelegd.then(|| Fout::new(ProblemCode::NietToegestaan).met_besluiten(besluiten.voor_afzender())))
}

/// Logs that someone asked about a case that it takes no part in, or that does not exist: the same record for both. False when
/// the policy is in force no more.
pub(crate) async fn buitenstaander(
    hub: &Hub,
    envelop: &Envelope,
    digest: Digest,
    beleid: &InKracht,
    nu: Tijdstip,
) -> Result<bool, Fout> {
    let van = envelop.data.bericht.van;
    let record = Weigeringsrecord {
        beleid: beleid.beleid.digest(),
        ..record(envelop, digest, RegelId::new(case::REGEL).into_iter().collect())
    };
    let mut bladen = vec![leaf::maken(Soort::Besluit, &record, nu, hub.random.as_ref())?];
    toets_achteraf(hub, envelop, &record, nu, &mut bladen)?;
    let tekst = canonical_string(&record).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    let besluit =
        NieuwBesluit { deel: None, ontvanger: van, uitkomst: Uitkomst::Weigeren, regel: Some(case::REGEL), record: tekst };
    Ok(hub.store.besluiten_in_baan(vec![besluit], bladen, beleid.grens, envelop.data.bericht.urgentie).await?)
}

fn record(envelop: &Envelope, digest: Digest, regels: Vec<RegelId>) -> Weigeringsrecord {
    let bericht = &envelop.data.bericht;
    let beleid = envelop.data.kop.beleid;
    Weigeringsrecord { bericht: bericht.id, van: bericht.van, digest, uitkomst: Uitkomst::Weigeren, regels, beleid }
}

/// A refused message about acute danger asks for a human being (R35): a leaf that is found by its kind, and an alarm
/// without data.
fn toets_achteraf(
    hub: &Hub,
    envelop: &Envelope,
    record: &Weigeringsrecord,
    nu: Tijdstip,
    bladen: &mut Vec<NieuwBlad>,
) -> Result<(), Fout> {
    if envelop.data.bericht.urgentie == Urgentie::Acuut {
        bladen.push(leaf::maken(Soort::ToetsNodig, record, nu, hub.random.as_ref())?);
        tracing::warn!("a message about acute danger was refused: review needed");
    }
    Ok(())
}
