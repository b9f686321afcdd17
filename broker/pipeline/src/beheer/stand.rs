//! A version as it stands now: its history, and what the plan makes of it at this moment.

use std::collections::BTreeSet;

use inbreng_domain::{
    Digest, Oin, Tijdstip,
    problem::ProblemCode,
    versie::{Versiestaat, Versiestapsoort},
};
use inbreng_proof::sha256;
use inbreng_storage::{Planregel, Versiekop, Versiestap};

use crate::{Fout, Hub};

/// How many organisations beside the author's must approve.
pub(crate) const GOEDKEURINGEN: usize = 2;

/// A version with all that is known of it, but its content.
#[derive(Debug)]
pub(crate) struct Stand {
    pub(crate) kop: Versiekop,
    pub(crate) stappen: Vec<Versiestap>,
    /// Its own line in the plan: in force, or still to come.
    pub(crate) regel: Option<Planregel>,
    /// How far it is at this moment: the plan moves a version without a step.
    pub(crate) staat: Versiestaat,
}

impl Stand {
    /// Reads a version, whoever saw it last.
    ///
    /// # Errors
    /// `niet-gevonden`.
    pub(crate) async fn lezen(hub: &Hub, versie: Digest, nu: Tijdstip) -> Result<Self, Fout> {
        let (kop, stappen) = hub.store.versie(versie).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
        let plan = hub.store.beleidsplan(nu).await?;
        let staat = staat(&kop, &plan.regels, nu);
        let regel = plan.regels.into_iter().rev().find(|r| r.versie == versie);
        Ok(Self { kop, stappen, regel, staat })
    }

    /// Reads a version for who saw this step of it last.
    ///
    /// # Errors
    /// `niet-gevonden`, `versie-gewijzigd`.
    pub(crate) async fn gezien(hub: &Hub, versie: Digest, stand: u32, nu: Tijdstip) -> Result<Self, Fout> {
        let gelezen = Self::lezen(hub, versie, nu).await?;
        if gelezen.kop.stand == stand { Ok(gelezen) } else { Err(Fout::new(ProblemCode::VersieGewijzigd)) }
    }

    /// The version must be in one of these states.
    pub(crate) fn in_staat(&self, staten: &[Versiestaat]) -> Result<(), Fout> {
        if staten.contains(&self.staat) { Ok(()) } else { Err(Fout::new(ProblemCode::VersieStaat)) }
    }

    /// Whether it was in force before.
    pub(crate) fn heeft_gegolden(&self) -> bool {
        self.stappen.iter().any(|s| matches!(s.soort, Versiestapsoort::Activeren | Versiestapsoort::Inlezen))
    }

    /// Who approved what is under way: since it was last planned, in force or set aside.
    pub(crate) fn goedkeuringen(&self) -> Vec<Oin> {
        use Versiestapsoort::{Activeren, Goedkeuren, Inlezen, Intrekken, Plannen, Terugdraaien, Vervallen};
        let einde = [Plannen, Activeren, Inlezen, Intrekken, Vervallen];
        // A planned version keeps showing who approved it.
        let onderweg = |n: &usize| !(self.staat == Versiestaat::Gepland && self.stappen.len() == n + 1);
        let sinds = self.stappen.iter().rposition(|s| einde.contains(&s.soort)).filter(onderweg).map_or(0, |n| n + 1);
        let akkoord = [Goedkeuren, Terugdraaien];
        let wie: BTreeSet<Oin> =
            self.stappen.iter().skip(sinds).filter(|s| akkoord.contains(&s.soort)).filter_map(|s| s.door).collect();
        wie.into_iter().collect()
    }

    /// The outcome of its last simulation, with its digest.
    pub(crate) fn simulatie(&self) -> Option<(Digest, &str)> {
        let tekst = self.stappen.iter().rev().find(|s| s.soort == Versiestapsoort::Simuleren)?.uitslag.as_deref()?;
        Some((sha256(tekst.as_bytes()), tekst))
    }
}

/// How far a version is at this moment.
pub(crate) fn staat(kop: &Versiekop, plan: &[Planregel], nu: Tijdstip) -> Versiestaat {
    // Of a covenant the plan shows the line in force first, then the one to come.
    let eigen = || plan.iter().filter(|r| r.convenant == kop.convenant);
    let geldt = eigen().filter(|r| r.ingang <= nu).max_by_key(|r| r.volgnummer).is_some_and(|r| r.versie == kop.versie);
    let komt = eigen().any(|r| r.ingang > nu && r.versie == kop.versie);
    match kop.staat {
        // A version that is in force may be planned anew only after it was set aside, so both cannot be.
        _ if geldt => Versiestaat::Actief,
        Versiestaat::Gepland | Versiestaat::Actief if komt => Versiestaat::Gepland,
        Versiestaat::Gepland | Versiestaat::Actief => Versiestaat::Vervallen,
        anders => anders,
    }
}
