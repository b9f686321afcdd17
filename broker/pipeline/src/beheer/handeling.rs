//! A signed act: by whom, in what function, on which version; and whether that organisation may.

use inbreng_domain::{
    Digest, Oin, Tijdstip,
    convenant::Partijen,
    problem::ProblemCode,
    versie::{Beheerhandeling, Versiehandeling, Versiestaat},
};
use inbreng_policy::{Beleid, Deelpartij};
use inbreng_proof::{Partner, Typ};
use inbreng_storage::Versiestap;
use time::Duration;

use crate::{Fout, Hub, words};

/// How far the moment of an act may be from now: it is one act, not a stock of them.
const VERS: Duration = Duration::minutes(15);

/// What an act must be about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waarover<'a> {
    pub(crate) handeling: Versiehandeling,
    pub(crate) convenant: &'a inbreng_domain::ConvenantId,
    pub(crate) versie: Digest,
    pub(crate) tabellen: Digest,
}

/// An act that was verified.
#[derive(Debug)]
pub(crate) struct Daad {
    pub(crate) handeling: Beheerhandeling,
    jws: String,
}

impl Daad {
    /// The step that this act makes.
    pub(crate) fn stap(self, staat: Versiestaat, nu: Tijdstip, uitslag: Option<String>) -> Versiestap {
        let Self { handeling, jws } = self;
        Versiestap {
            soort: handeling.handeling.into(),
            staat,
            tijd: nu,
            door: Some(handeling.door),
            functie: Some(handeling.functie),
            verklaring: Some(jws),
            uitslag,
        }
    }
}

/// Verifies an act of the organisation that is connected.
///
/// # Errors
/// `handtekening-ongeldig`, `bron-niet-eigen`, `niet-gelijk` for an act on something else or of another moment,
/// `geen-partij`.
pub(crate) async fn lezen(hub: &Hub, van: Oin, jws: &str, over: Waarover<'_>, nu: Tijdstip) -> Result<Daad, Fout> {
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let partner = gids.aangeslotene(van, nu)?;
    let handeling: Beheerhandeling = words::ondertekend(jws, Typ::Beheer, &partner.certificaat.key)?;
    if handeling.door != van {
        return Err(Fout::new(ProblemCode::BronNietEigen).at("/verklaring"));
    }
    let gelijk = handeling.handeling == over.handeling
        && handeling.convenant == *over.convenant
        && handeling.versie == over.versie
        && handeling.tabellen == over.tabellen;
    if !gelijk || nu.since(handeling.tijd).abs() > VERS {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    is_partij(hub, partner, over.convenant, nu).await?;
    Ok(Daad { handeling, jws: jws.to_owned() })
}

/// Only who signed the covenant that is in force decides about its rules. Of a covenant of which nothing is in force yet, who signed
/// the draft's text; [`is_partij_van`] asks that where the draft is built anyway.
async fn is_partij(hub: &Hub, partner: &Partner, convenant: &inbreng_domain::ConvenantId, nu: Tijdstip) -> Result<(), Fout> {
    match hub.beleid.geldend(hub.store(), convenant, nu, "/convenant").await {
        Ok(geldend) => is_partij_van(&geldend.beleid, &geldend.partijen.partijen, partner, nu),
        Err(fout) if matches!(fout.code(), ProblemCode::VeldOngeldig | ProblemCode::BeleidVerouderd) => Ok(()),
        Err(fout) => Err(fout),
    }
}

/// Whether this organisation signed the covenant of this version.
pub(crate) fn is_partij_van(beleid: &Beleid, partijen: &Partijen, partner: &Partner, nu: Tijdstip) -> Result<(), Fout> {
    let partij = Deelpartij { oin: partner.vermelding.oin, partnertype: partner.vermelding.partnertype };
    let moment = nu.max(beleid.bundel().geldig_vanaf);
    if beleid.is_partij(partijen, &partij, moment) { Ok(()) } else { Err(Fout::new(ProblemCode::GeenPartij)) }
}
