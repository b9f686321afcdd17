//! The broker alone: what it confirms of messages of this size, on a quorum queue, over the same TLS. No hub takes part.

use std::time::Instant;

use futures_util::{StreamExt, TryStreamExt, stream};
use lapin::options::{
    BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions,
    QueueDeclareOptions, QueueDeleteOptions, QueuePurgeOptions,
};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::uri::AMQPUri;
use lapin::{BasicProperties, Confirmation, Connect, ConnectionProperties, ExchangeKind, tcp::OwnedTLSConfig};

use crate::region::Shared;
use crate::table::{Figure, Table};
use crate::{Extent, Outcome};

/// Bytes of a message.
const SIZE: usize = 2048;
/// Messages that may wait for their confirmation: what a hub allows itself.
const WINDOW: usize = 256;
/// Messages before the clock runs.
const WARM: usize = 500;

/// Adds the figure, and gives it: messages per second.
pub async fn measure(table: &mut Table, shared: &Shared, extent: Extent) -> Outcome<f64> {
    let (url, password) = shared.broker()?;
    let mut uri: AMQPUri = url.parse()?;
    uri.authority.userinfo.password = password;
    let tls = OwnedTLSConfig { identity: None, cert_chain: Some(std::fs::read_to_string(shared.broker_root())?) };
    let runtime = lapin::runtime::default_runtime()?;
    let connection = uri.connect_with_config(ConnectionProperties::default(), tls, runtime).await?;
    let channel = connection.create_channel().await?;

    // Names that the hub's user may use.
    let exchange: ShortString = format!("{}-vloer.werk", Shared::NAME).into();
    let queue: ShortString = format!("{}-vloer.werk.0", Shared::NAME).into();
    let lasting = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    channel.exchange_declare(exchange.clone(), ExchangeKind::Direct, lasting, FieldTable::default()).await?;
    let mut quorum = FieldTable::default();
    quorum.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.clone(), durable, quorum).await?;
    channel
        .queue_bind(queue.clone(), exchange.clone(), queue.clone(), QueueBindOptions::default(), FieldTable::default())
        .await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;

    let payload = vec![b'x'; SIZE];
    let publish = |_: usize| async {
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let properties = BasicProperties::default().with_delivery_mode(2);
        let confirm = channel.basic_publish(exchange.clone(), queue.clone(), options, &payload, properties).await?;
        match confirm.await? {
            Confirmation::Ack(None) => Outcome::Ok(()),
            other => Err(format!("the broker does not confirm: {other:?}").into()),
        }
    };
    let all = async |count: usize| stream::iter(0..count).map(publish).buffer_unordered(WINDOW).try_collect::<()>().await;
    all(WARM.min(extent.messages)).await?;
    let begin = Instant::now();
    all(extent.messages).await?;
    let rate = extent.messages as f64 / begin.elapsed().as_secs_f64();

    channel.queue_purge(queue.clone(), QueuePurgeOptions::default()).await?;
    channel.queue_delete(queue, QueueDeleteOptions::default()).await?;
    channel.exchange_delete(exchange, ExchangeDeleteOptions::default()).await?;
    connection.close(200, "".into()).await?;
    table.add(Figure::new("broker-confirmed", "the broker alone: 2 KiB confirmed on a quorum queue", rate, "/s"));
    Ok(rate)
}
