//! What is due and nobody has taken is offered again. The store is what holds it, so nothing is lost with a process that ended
//! between accepting and offering, nor with a broker that lost what it confirmed.

use inbreng_bus::Werk;
use inbreng_storage::Wachtend;

use crate::{Fout, Hub};

/// Offers the first of each recipient and lane: who brings looks for the rest. Within one process everyone looks by itself.
pub(super) async fn aanbieden(hub: &Hub) -> Result<(), Fout> {
    if hub.bus.stand().is_none() {
        return Ok(());
    }
    let wachtend = hub.store.wachtende_bezorgingen(hub.clock.now()).await?;
    let werk = |Wachtend { ontvanger, baan, levering }: Wachtend| Werk { ontvanger, levering, baan };
    crate::accept::aanbieden(hub, &wachtend.into_iter().map(werk).collect::<Vec<_>>()).await;
    Ok(())
}
