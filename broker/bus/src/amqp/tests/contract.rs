//! The contract of every bus, between three processes; and that an outsider learns nothing by the way.

use std::sync::Arc;

use super::{Makelaar, naam};
use crate::{Bus, contract::Processen};

async fn processen() -> Processen {
    Makelaar::van_allen().processen(&naam(), 3).await.into_iter().map(|p| p as Arc<dyn Bus>).collect()
}

crate::bus_contract!(
    ignore "needs RabbitMQ: cargo xtask test --only rabbitmq";
    processen().await
);
