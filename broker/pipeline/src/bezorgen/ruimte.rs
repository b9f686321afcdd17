//! How much is brought at a time: per recipient, per lane and in all, in deliveries and in bytes. What failed last has room of
//! its own, so that recipients that hang, however many, take none of the others'.

use std::sync::Arc;

use inbreng_domain::vocabulary::Urgentie;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruimte {
    /// Deliveries under way for one recipient, in each lane.
    pub per_ontvanger: u32,
    /// Deliveries under way in each lane, of all recipients that did not fail last.
    pub gezond: u32,
    /// Deliveries under way in each lane, of all that did.
    pub haperend: u32,
    /// MiB under way, in each lane, of either; of one recipient a quarter of it.
    pub mebibytes: u32,
}

impl Default for Ruimte {
    fn default() -> Self {
        Self { per_ontvanger: 16, gezond: 256, haperend: 16, mebibytes: 32 }
    }
}

/// Room for bytes.
#[derive(Debug, Clone)]
pub(super) struct Bytes {
    kibibytes: Arc<Semaphore>,
    meeste: u32,
}

impl Bytes {
    fn new(meeste: u32) -> Self {
        Self { kibibytes: semafoor(meeste), meeste: meeste.max(1) }
    }

    /// What one recipient may have under way in a lane: a quarter of the lane, so that one that hangs leaves the others room.
    pub(super) fn van_een(ruimte: Ruimte) -> Self {
        Self::new(ruimte.mebibytes.max(1).saturating_mul(1024) / 4)
    }

    /// Room for so many bytes, as soon as there is. What is larger than all takes all.
    pub(super) async fn nemen(&self, omvang: u64) -> Option<OwnedSemaphorePermit> {
        let kibibytes = u32::try_from(omvang.div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, self.meeste);
        Arc::clone(&self.kibibytes).acquire_many_owned(kibibytes).await.ok()
    }
}

fn semafoor(n: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(n.max(1)).unwrap_or(1)))
}

/// One lane, of recipients of one kind.
#[derive(Debug, Clone)]
pub(super) struct Vak {
    plaatsen: Arc<Semaphore>,
    /// Of all of them.
    pub(super) bytes: Bytes,
}

impl Vak {
    fn new(plaatsen: u32, mebibytes: u32) -> Self {
        Self { plaatsen: semafoor(plaatsen), bytes: Bytes::new(mebibytes.max(1).saturating_mul(1024)) }
    }

    /// A place, if there is one now.
    pub(super) fn plaats(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.plaatsen).try_acquire_owned().ok()
    }

    /// A place, as soon as there is one: who asked first gets it first.
    pub(super) async fn wachten(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.plaatsen).acquire_owned().await.ok()
    }
}

/// All room of this process.
#[derive(Debug)]
pub(super) struct Vakken {
    gezond: [Vak; 2],
    haperend: [Vak; 2],
}

impl Vakken {
    pub(super) fn new(ruimte: Ruimte) -> Self {
        let twee = |plaatsen: u32| [Vak::new(plaatsen, ruimte.mebibytes), Vak::new(plaatsen, ruimte.mebibytes)];
        Self { gezond: twee(ruimte.gezond), haperend: twee(ruimte.haperend) }
    }

    pub(super) const fn vak(&self, baan: Urgentie, haperend: bool) -> &Vak {
        in_baan(if haperend { &self.haperend } else { &self.gezond }, baan)
    }
}

/// Of what each lane has one of, acute first.
pub(super) const fn in_baan<T>([acuut, normaal]: &[T; 2], baan: Urgentie) -> &T {
    match baan {
        Urgentie::Acuut => acuut,
        Urgentie::Normaal => normaal,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BANEN: [Urgentie; 2] = [Urgentie::Acuut, Urgentie::Normaal];

    fn klein() -> Vakken {
        Vakken::new(Ruimte { per_ontvanger: 1, gezond: 2, haperend: 1, mebibytes: 1 })
    }

    /// Every place that there is now.
    fn alle(vak: &Vak) -> Vec<OwnedSemaphorePermit> {
        std::iter::from_fn(|| vak.plaats()).collect()
    }

    /// Whether it gets what it asks for without anyone giving way.
    async fn meteen(vraag: impl Future<Output = Option<OwnedSemaphorePermit>>) -> Option<OwnedSemaphorePermit> {
        tokio::time::timeout(Duration::ZERO, vraag).await.ok().flatten()
    }

    #[test]
    fn a_full_room_is_full_and_takes_nothing_of_another() {
        for (baan, haperend) in BANEN.into_iter().flat_map(|baan| [(baan, false), (baan, true)]) {
            let vakken = klein();
            let plaatsen = alle(vakken.vak(baan, haperend));
            assert_eq!(plaatsen.len(), if haperend { 1 } else { 2 }, "{baan} {haperend}");
            for (ander, ook) in BANEN.into_iter().flat_map(|baan| [(baan, false), (baan, true)]) {
                let vrij = alle(vakken.vak(ander, ook)).len();
                let verwacht = if (ander, ook) == (baan, haperend) { 0 } else { 1 + usize::from(!ook) };
                assert_eq!(vrij, verwacht, "{ander} {ook} beside {baan} {haperend}");
            }
            drop(plaatsen);
            assert_eq!(alle(vakken.vak(baan, haperend)).len(), if haperend { 1 } else { 2 }, "given back");
        }
    }

    #[tokio::test]
    async fn bytes_of_what_hangs_are_no_bytes_of_what_does_not() {
        let vakken = klein();
        let [hapert, gezond] = [true, false].map(|haperend| vakken.vak(Urgentie::Normaal, haperend));
        let bezet = meteen(hapert.bytes.nemen(1 << 20)).await.unwrap();
        assert!(meteen(hapert.bytes.nemen(1)).await.is_none(), "all of it is taken");
        assert!(meteen(vakken.vak(Urgentie::Acuut, true).bytes.nemen(1 << 20)).await.is_some());
        assert!(meteen(gezond.bytes.nemen(1 << 20)).await.is_some());
        drop(bezet);
        assert!(meteen(hapert.bytes.nemen(1)).await.is_some());
    }

    /// Of bytes a whole KiB is counted, nothing counts as one, and what is larger than all waits until it is alone.
    #[tokio::test]
    async fn bytes_are_counted_in_whole_kibibytes_and_never_more_than_there_are() {
        let vakken = klein();
        let vak = vakken.vak(Urgentie::Normaal, false);
        let mut genomen = Vec::new();
        for (omvang, over) in [(0, 1_023), (1, 1_022), (1_024, 1_021), (1_025, 1_019), (1_019 << 10, 0)] {
            genomen.push(meteen(vak.bytes.nemen(omvang)).await.unwrap());
            assert_eq!(vak.bytes.kibibytes.available_permits(), over, "after {omvang}");
        }
        for te_groot in [2 << 20, u64::MAX] {
            assert!(meteen(vak.bytes.nemen(te_groot)).await.is_none());
        }
        genomen.clear();
        let alles = meteen(vak.bytes.nemen(u64::MAX)).await.unwrap();
        assert!(meteen(vak.bytes.nemen(1)).await.is_none());
        drop(alles);
        assert_eq!(vak.bytes.kibibytes.available_permits(), 1_024);
    }

    /// A recipient that hangs has a quarter of a lane's bytes at most, however large what it gets.
    #[tokio::test]
    async fn one_recipient_leaves_three_quarters_of_the_bytes_to_the_others() {
        let ruimte = Ruimte { per_ontvanger: 16, gezond: 64, haperend: 16, mebibytes: 4 };
        let (vakken, eigen) = (Vakken::new(ruimte), Bytes::van_een(ruimte));
        let vak = vakken.vak(Urgentie::Acuut, false);
        let _hangt = (meteen(eigen.nemen(1 << 20)).await.unwrap(), meteen(vak.bytes.nemen(1 << 20)).await.unwrap());
        assert!(meteen(eigen.nemen(1)).await.is_none());
        assert!(meteen(vak.bytes.nemen(3 << 20)).await.is_some());
    }

    #[tokio::test]
    async fn who_waited_first_gets_the_place_that_comes_free() {
        let vakken = klein();
        let vak = vakken.vak(Urgentie::Normaal, true);
        let bezet = vak.plaats().unwrap();
        let (eerste, tweede) = (vak.wachten(), vak.wachten());
        tokio::pin!(eerste, tweede);
        assert!(meteen(eerste.as_mut()).await.is_none());
        assert!(meteen(tweede.as_mut()).await.is_none());
        drop(bezet);
        assert!(vak.plaats().is_none(), "who only looks does not go before who waits");
        assert!(meteen(tweede.as_mut()).await.is_none());
        let plaats = meteen(eerste.as_mut()).await.unwrap();
        drop(plaats);
        assert!(meteen(tweede.as_mut()).await.is_some());
    }

    /// A setting of nothing would bring nothing, for ever.
    #[tokio::test]
    async fn there_is_room_for_one_at_least() {
        let vakken = Vakken::new(Ruimte { per_ontvanger: 0, gezond: 0, haperend: 0, mebibytes: 0 });
        for (baan, haperend) in BANEN.into_iter().flat_map(|baan| [(baan, false), (baan, true)]) {
            let vak = vakken.vak(baan, haperend);
            assert_eq!(alle(vak).len(), 1);
            assert!(meteen(vak.bytes.nemen(u64::MAX)).await.is_some());
        }
    }
}
