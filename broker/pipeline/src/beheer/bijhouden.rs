//! When the instant of a planned version has come: the version is made ready before, and the two steps (this one in force, that one
//! set aside) are written once, by whichever process is first. What is held is decided again under what is in force then.

use inbreng_domain::versie::{Versiestaat, Versiestapsoort};

use super::{
    inlezen::{eigen_stap, vervallen},
    schrijven::{Schrift, proberen},
};
use crate::{Fout, Hub, herzien};

/// Looks at the plan, and writes what its instants have done since.
pub(crate) async fn bijhouden(hub: &Hub) -> Result<(), Fout> {
    let nu = hub.clock.now();
    hub.beleid.herladen(hub.store(), nu).await?;
    for convenant in hub.beleid.convenanten() {
        let Some(post) = hub.beleid.ingegaan(&convenant, nu) else { continue };
        let Some((kop, _)) = hub.store.versie(post.versie).await? else { continue };
        if kop.staat != Versiestaat::Gepland {
            continue;
        }
        let stap = eigen_stap(Versiestapsoort::Activeren, Versiestaat::Actief, post.ingang);
        let schrift = Schrift { convenant: &convenant, versie: post.versie, nieuw: None, verwacht: kop.stand, stap, plan: None };
        proberen(hub, schrift).await?;
        tracing::info!(%convenant, volgnummer = post.volgnummer, "a planned policy version is in force");
        for andere in hub.store.versies(Some(convenant.clone())).await? {
            if andere.versie != post.versie && andere.staat == Versiestaat::Actief {
                vervallen(hub, andere.versie).await?;
            }
        }
    }
    herzien::onder_ander_beleid(hub).await
}
