//! What stands at the broker. Every process declares all of it, the same each time: what is there already stays as it is, and
//! what someone made otherwise is an error that says so.

use inbreng_domain::Oin;
use lapin::{
    Channel, ExchangeKind, Result,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable, ShortString},
};

use super::Naam;

/// Longest queue of signs: beyond it the broker refuses, and the sign goes again later. Whoever brings takes them at once, so
/// this is only reached while nobody does.
const LANGSTE: i64 = 100_000;
/// How often one message may come back to a queue before it is a dead letter.
const POGINGEN: i64 = 20;
/// Longest queue of calls to wake. What falls off is found in the store at the next look.
const LANGSTE_WEK: i64 = 10_000;

/// The names.
#[derive(Debug)]
pub(super) struct Topologie {
    naam: Naam,
    aandelen: u16,
}

impl Topologie {
    pub(super) const fn new(naam: Naam, aandelen: u16) -> Self {
        Self { naam, aandelen }
    }

    /// In which shard a recipient is: the same at every process and in every version (FNV-1a).
    pub(super) fn aandeel(&self, ontvanger: Oin) -> u16 {
        let stap = |som: u64, byte: &u8| (som ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let som = ontvanger.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, stap);
        // The low bits of this sum follow the last digits too closely.
        let som = som ^ (som >> 32);
        u16::try_from(som.checked_rem(u64::from(self.aandelen)).unwrap_or(0)).unwrap_or(0)
    }

    pub(super) fn alle(&self) -> std::ops::Range<u16> {
        0..self.aandelen
    }

    /// The exchange of the shards.
    pub(super) fn werk(&self) -> ShortString {
        self.naam.met("werk").into()
    }

    /// The queue of a shard, and the key by which it is reached.
    pub(super) fn rij(&self, aandeel: u16) -> ShortString {
        self.naam.met(&format!("werk.{aandeel}")).into()
    }

    /// The exchange of calls to wake.
    pub(super) fn wek(&self) -> ShortString {
        self.naam.met("wek").into()
    }

    /// The queue in which one process hears them.
    pub(super) fn oor(&self, zelf: &str) -> ShortString {
        self.naam.met(&format!("wek.{zelf}")).into()
    }

    fn dood(&self) -> ShortString {
        self.naam.met("dood").into()
    }

    fn doden(&self) -> ShortString {
        self.naam.met("dood.letters").into()
    }

    /// Declares everything that outlives a process.
    pub(super) async fn uitroepen(&self, kanaal: &Channel) -> Result<()> {
        let blijvend = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let soorten =
            [(self.werk(), ExchangeKind::Direct), (self.wek(), ExchangeKind::Fanout), (self.dood(), ExchangeKind::Fanout)];
        for (naam, soort) in soorten {
            kanaal.exchange_declare(naam, soort, blijvend, FieldTable::default()).await?;
        }
        let mut doden = quorum();
        doden.insert("x-max-length".into(), AMQPValue::LongLongInt(LANGSTE));
        kanaal.queue_declare(self.doden(), QueueDeclareOptions::durable(), doden).await?;
        kanaal.queue_bind(self.doden(), self.dood(), "".into(), QueueBindOptions::default(), FieldTable::default()).await?;
        for aandeel in self.alle() {
            kanaal.queue_declare(self.rij(aandeel), QueueDeclareOptions::durable(), self.kenmerken()).await?;
            let (rij, sleutel) = (self.rij(aandeel), self.rij(aandeel));
            kanaal.queue_bind(rij, self.werk(), sleutel, QueueBindOptions::default(), FieldTable::default()).await?;
        }
        Ok(())
    }

    /// Declares the queue in which this process hears whom to wake; it goes with its connection.
    pub(super) async fn oor_uitroepen(&self, kanaal: &Channel, zelf: &str) -> Result<()> {
        let mut kenmerken = FieldTable::default();
        kenmerken.insert("x-max-length".into(), AMQPValue::LongLongInt(LANGSTE_WEK));
        let eigen = QueueDeclareOptions { exclusive: true, auto_delete: true, ..QueueDeclareOptions::default() };
        kanaal.queue_declare(self.oor(zelf), eigen, kenmerken).await?;
        kanaal.queue_bind(self.oor(zelf), self.wek(), "".into(), QueueBindOptions::default(), FieldTable::default()).await
    }

    fn kenmerken(&self) -> FieldTable {
        let mut kenmerken = quorum();
        kenmerken.insert("x-single-active-consumer".into(), AMQPValue::Boolean(true));
        kenmerken.insert("x-max-length".into(), AMQPValue::LongLongInt(LANGSTE));
        kenmerken.insert("x-overflow".into(), AMQPValue::LongString("reject-publish".into()));
        kenmerken.insert("x-delivery-limit".into(), AMQPValue::LongLongInt(POGINGEN));
        kenmerken.insert("x-dead-letter-exchange".into(), AMQPValue::LongString(self.dood().as_str().into()));
        kenmerken
    }
}

/// A majority of nodes has what is in it before it is confirmed.
fn quorum() -> FieldTable {
    let mut kenmerken = FieldTable::default();
    kenmerken.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    kenmerken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ontvanger;

    #[test]
    fn recipients_are_spread_and_stay_where_they_are() {
        let topologie = Topologie::new(Naam::default(), 16);
        let mut aantallen = [0u32; 16];
        for n in 0..1_600 {
            aantallen[usize::from(topologie.aandeel(ontvanger(n)))] += 1;
        }
        assert!(aantallen.iter().all(|n| (50..200).contains(n)), "{aantallen:?}");
        // Processes of two versions must agree.
        assert_eq!((0..6).map(|n| topologie.aandeel(ontvanger(n))).collect::<Vec<_>>(), VAST);
    }

    const VAST: [u16; 6] = [7, 4, 1, 14, 11, 8];
}
