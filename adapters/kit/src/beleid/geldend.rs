//! Which version is in force: what the covenant manager signed and put in force under a number, held against what the adapter of this
//! machine holds. A hub that shows an older version would make the difference with it a lie.

use inbreng_domain::{ConvenantId, antwoorden::Convenantweergave};
use inbreng_policy::Beleid;
use inbreng_proof::{Typ, VerifyingKey, digest_of, jws};
use serde::Serialize;
use serde_json::Value;

use super::{bureau::Bureau, fout::Fout};
use crate::engine::{Gehouden, activeringsnummer, gehouden, volgt_op};

/// The version in force.
#[derive(Debug)]
pub(super) struct Geldend {
    pub beleid: Beleid,
    /// Under which number the covenant manager put it in force; 0 for what came before the first activation.
    pub nummer: u32,
    pub machine: Machine,
}

/// What the adapter of this machine holds beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Machine {
    /// Nothing yet: what the hub shows could be an older version.
    NogGeen,
    /// The same.
    Zelfde,
    /// What was in force before, under this number.
    Ouder(u32),
}

/// The version in force of a covenant; nothing where none is.
pub(super) async fn geldend(bureau: &Bureau, convenant: &ConvenantId) -> Result<Option<Geldend>, Fout> {
    // The own store first: what comes into force between the two is newer at the hub, never older.
    let gehouden = van_machine(bureau, convenant).await?;
    let alle = bureau.hub.convenanten().await?.convenanten;
    let getoond = alle.iter().find(|c| c.convenant == *convenant);
    let nu = bureau.clock.now();
    match (getoond, gehouden) {
        (Some(een), gehouden) => {
            let nummer = activeringsnummer(een, &bureau.beheerder, nu)
                .map_err(|_| Fout::klopt_niet("de convenantbeheerder heeft niet getekend dat juist deze versie nu geldt"))?;
            let bundel = ondertekend(een, &bureau.beheerder)?;
            let beleid = bureau.laden(&bundel)?;
            if beleid.bundel().convenant != *convenant {
                return Err(Fout::klopt_niet("de geldende versie is van een ander convenant"));
            }
            let machine = tegenover(&beleid, nummer, gehouden.as_ref())?;
            Ok(Some(Geldend { beleid, nummer, machine }))
        }
        (None, Some(eigen)) if eigen.geldig_vanaf <= nu && nu < eigen.geldig_tot => Err(Fout::klopt_niet(&format!(
            "het toont geen geldende versie, en op deze machine geldt nummer {} (versie {})",
            eigen.volgnummer, eigen.versie
        ))),
        (None, _) => Ok(None),
    }
}

/// What the adapter of this machine holds. It may be running.
async fn van_machine(bureau: &Bureau, convenant: &ConvenantId) -> Result<Option<Gehouden>, Fout> {
    let Some(opslag) = bureau.eigen_opslag().await? else { return Ok(None) };
    let gelezen = gehouden(&opslag, convenant).await;
    opslag.sluiten().await;
    gelezen.map_err(|e| bureau.opslag_onleesbaar(&e))
}

/// The bundle that is in force, by its digest and by its signature.
fn ondertekend(een: &Convenantweergave, beheerder: &VerifyingKey) -> Result<Value, Fout> {
    let bundel: Value = jws::verify(&een.bundel, Typ::Beleid, beheerder)
        .map_err(|_| Fout::klopt_niet("de convenantbeheerder heeft de geldende versie niet ondertekend"))?;
    if digest_of(&bundel).ok() == Some(een.beleid) {
        Ok(bundel)
    } else {
        Err(Fout::klopt_niet("de geldende versie heeft een andere inhoud dan haar kenmerk zegt"))
    }
}

fn tegenover(beleid: &Beleid, nummer: u32, gehouden: Option<&Gehouden>) -> Result<Machine, Fout> {
    let versie = beleid.bundel().versie;
    match gehouden {
        None => Ok(Machine::NogGeen),
        Some(g) if g.digest == beleid.digest() && g.volgnummer == nummer => Ok(Machine::Zelfde),
        Some(g) if volgt_op((nummer, versie), (g.volgnummer, g.versie)) => Ok(Machine::Ouder(g.volgnummer)),
        Some(g) => Err(Fout::klopt_niet(&format!(
            "het toont nummer {nummer} (versie {versie}) als wat geldt, en uw adapter heeft al nummer {} (versie {})",
            g.volgnummer, g.versie
        ))),
    }
}
