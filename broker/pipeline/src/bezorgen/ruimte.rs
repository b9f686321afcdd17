//! How much is brought at a time: per recipient, per lane and in all, in deliveries and in bytes. What failed last has room of
//! its own, and so has what never answered yet, so that recipients that hang, however many, take none of the others'.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use inbreng_domain::vocabulary::Urgentie;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Doorgang;

/// Bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruimte {
    /// Deliveries under way for one recipient, in each lane.
    pub per_ontvanger: u32,
    /// Deliveries under way in each lane, of all recipients that answered last; a quarter more of those of which nobody knows yet.
    pub gezond: u32,
    /// Deliveries under way in each lane, of all that failed last.
    pub haperend: u32,
    /// MiB under way, in each lane, of each of the three: with two lanes six times this in all. Of one recipient a quarter of it, also of one of which nobody knows yet: right after a
    /// start that is everyone, and one that hangs leaves the others room.
    pub mebibytes: u32,
}

impl Default for Ruimte {
    fn default() -> Self {
        Self { per_ontvanger: 16, gezond: 256, haperend: 16, mebibytes: 32 }
    }
}

/// So many at a time, and another number when it is told so. What is out stays out: of a smaller number what comes back is kept, before
/// anyone gets anything again.
#[derive(Debug, Clone)]
struct Voorraad {
    vrij: Arc<Semaphore>,
    meeste: Arc<AtomicU32>,
}

impl Voorraad {
    fn new(meeste: u32) -> Self {
        let meeste = meeste.max(1);
        Self { vrij: Arc::new(Semaphore::new(aantal(meeste))), meeste: Arc::new(AtomicU32::new(meeste)) }
    }

    fn meeste(&self) -> u32 {
        self.meeste.load(Ordering::Relaxed)
    }

    /// So many from now on. Needs a running tokio runtime where it is fewer than are out.
    fn zetten(&self, meeste: u32) {
        let meeste = meeste.max(1);
        let was = self.meeste.swap(meeste, Ordering::Relaxed);
        if meeste >= was {
            self.vrij.add_permits(aantal(meeste - was));
            return;
        }
        let weg = was - meeste;
        let meteen = u32::try_from(self.vrij.forget_permits(aantal(weg))).unwrap_or(weg);
        let rest = weg.saturating_sub(meteen);
        if rest > 0 {
            let vrij = Arc::clone(&self.vrij);
            // It stands in line like anyone: who asked before gets first what it asked for.
            tokio::spawn(async move {
                if let Ok(teveel) = vrij.acquire_many_owned(rest).await {
                    teveel.forget();
                }
            });
        }
    }
}

fn aantal(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}

/// Room for bytes, counted in KiB.
#[derive(Debug, Clone)]
pub(super) struct Bytes(Voorraad);

impl Bytes {
    /// What one recipient may have under way in a lane: a quarter of the lane, so that one that hangs leaves the others room.
    pub(super) fn van_een(ruimte: Ruimte) -> Self {
        Self(Voorraad::new(een(ruimte)))
    }

    /// The same, from now on.
    pub(super) fn zetten_van_een(&self, ruimte: Ruimte) {
        self.0.zetten(een(ruimte));
    }

    /// Room for so many bytes, as soon as there is. What is larger than all takes all.
    pub(super) async fn nemen(&self, omvang: u64) -> Option<OwnedSemaphorePermit> {
        let kibibytes = u32::try_from(omvang.div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, self.0.meeste());
        Arc::clone(&self.0.vrij).acquire_many_owned(kibibytes).await.ok()
    }
}

/// KiB of a lane.
fn baan_kibibytes(ruimte: Ruimte) -> u32 {
    ruimte.mebibytes.max(1).saturating_mul(1024)
}

/// KiB of one recipient in it.
fn een(ruimte: Ruimte) -> u32 {
    baan_kibibytes(ruimte) / 4
}

/// How a recipient last did, as far as this process has seen: whose room it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kamer {
    /// It answered.
    Gezond,
    /// It was not tried yet.
    Nieuw,
    /// It failed.
    Haperend,
}

impl Kamer {
    pub(super) const fn van(doorgang: Doorgang) -> Self {
        match doorgang {
            Doorgang::Vrij => Self::Gezond,
            Doorgang::Nieuw => Self::Nieuw,
            Doorgang::Voorzichtig | Doorgang::Proef | Doorgang::Dicht(_) => Self::Haperend,
        }
    }
}

/// One lane, of recipients of one kind.
#[derive(Debug, Clone)]
pub(super) struct Vak {
    plaatsen: Voorraad,
    /// Of all of them.
    pub(super) bytes: Bytes,
}

impl Vak {
    fn new(plaatsen: u32, kibibytes: u32) -> Self {
        Self { plaatsen: Voorraad::new(plaatsen), bytes: Bytes(Voorraad::new(kibibytes)) }
    }

    fn zetten(&self, plaatsen: u32, kibibytes: u32) {
        self.plaatsen.zetten(plaatsen);
        self.bytes.0.zetten(kibibytes);
    }

    /// A place, if there is one now.
    pub(super) fn plaats(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.plaatsen.vrij).try_acquire_owned().ok()
    }

    /// A place, as soon as there is one: who asked first gets it first.
    pub(super) async fn wachten(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.plaatsen.vrij).acquire_owned().await.ok()
    }
}

/// All room of this process.
#[derive(Debug)]
pub(super) struct Vakken {
    ruimte: Mutex<Ruimte>,
    gezond: [Vak; 2],
    nieuw: [Vak; 2],
    haperend: [Vak; 2],
}

impl Vakken {
    pub(super) fn new(ruimte: Ruimte) -> Self {
        let [gezond, nieuw, haperend] = Self::plaatsen(ruimte).map(|plaatsen| {
            let vak = || Vak::new(plaatsen, baan_kibibytes(ruimte));
            [vak(), vak()]
        });
        Self { ruimte: Mutex::new(ruimte), gezond, nieuw, haperend }
    }

    /// Places in a lane of each of the three.
    const fn plaatsen(ruimte: Ruimte) -> [u32; 3] {
        [ruimte.gezond, ruimte.gezond / 4, ruimte.haperend]
    }

    /// How much there is now.
    pub(super) fn ruimte(&self) -> Ruimte {
        *self.ruimte.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So much from now on; what is under way ends as it began.
    pub(super) fn zetten(&self, ruimte: Ruimte) {
        let mut nu = self.ruimte.lock().unwrap_or_else(PoisonError::into_inner);
        for (vakken, plaatsen) in [&self.gezond, &self.nieuw, &self.haperend].into_iter().zip(Self::plaatsen(ruimte)) {
            vakken.iter().for_each(|vak| vak.zetten(plaatsen, baan_kibibytes(ruimte)));
        }
        *nu = ruimte;
    }

    pub(super) const fn vak(&self, baan: Urgentie, kamer: Kamer) -> &Vak {
        let banen = match kamer {
            Kamer::Gezond => &self.gezond,
            Kamer::Nieuw => &self.nieuw,
            Kamer::Haperend => &self.haperend,
        };
        in_baan(banen, baan)
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

    fn klein() -> Vakken {
        Vakken::new(Ruimte { per_ontvanger: 1, gezond: 8, haperend: 1, mebibytes: 1 })
    }

    /// Every room there is.
    fn kamers() -> impl Iterator<Item = (Urgentie, Kamer)> {
        let kamers = [Kamer::Gezond, Kamer::Nieuw, Kamer::Haperend];
        [Urgentie::Acuut, Urgentie::Normaal].into_iter().flat_map(move |baan| kamers.map(|kamer| (baan, kamer)))
    }

    const fn groot(kamer: Kamer) -> usize {
        match kamer {
            Kamer::Gezond => 8,
            Kamer::Nieuw => 2,
            Kamer::Haperend => 1,
        }
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
        for (baan, kamer) in kamers() {
            let vakken = klein();
            let plaatsen = alle(vakken.vak(baan, kamer));
            assert_eq!(plaatsen.len(), groot(kamer), "{baan} {kamer:?}");
            for (ander, ook) in kamers() {
                let vrij = alle(vakken.vak(ander, ook)).len();
                let verwacht = if (ander, ook) == (baan, kamer) { 0 } else { groot(ook) };
                assert_eq!(vrij, verwacht, "{ander} {ook:?} beside {baan} {kamer:?}");
            }
            drop(plaatsen);
            assert_eq!(alle(vakken.vak(baan, kamer)).len(), groot(kamer), "given back");
        }
    }

    #[tokio::test]
    async fn bytes_of_what_hangs_are_no_bytes_of_what_does_not() {
        let vakken = klein();
        let [hapert, nieuw, gezond] =
            [Kamer::Haperend, Kamer::Nieuw, Kamer::Gezond].map(|kamer| vakken.vak(Urgentie::Normaal, kamer));
        let bezet = meteen(hapert.bytes.nemen(1 << 20)).await.unwrap();
        assert!(meteen(hapert.bytes.nemen(1)).await.is_none(), "all of it is taken");
        assert!(meteen(vakken.vak(Urgentie::Acuut, Kamer::Haperend).bytes.nemen(1 << 20)).await.is_some());
        // One that hangs has a quarter of it at most, and leaves room for others that were not tried yet.
        let _onbekend = meteen(nieuw.bytes.nemen(1 << 18)).await.unwrap();
        let _anderen = meteen(nieuw.bytes.nemen(3 << 18)).await.unwrap();
        assert!(meteen(nieuw.bytes.nemen(1)).await.is_none(), "as much as a lane, and no more");
        assert!(meteen(gezond.bytes.nemen(1 << 20)).await.is_some());
        drop(bezet);
        assert!(meteen(hapert.bytes.nemen(1)).await.is_some());
    }

    /// Of bytes a whole KiB is counted, nothing counts as one, and what is larger than all waits until it is alone.
    #[tokio::test]
    async fn bytes_are_counted_in_whole_kibibytes_and_never_more_than_there_are() {
        let vakken = klein();
        let vak = vakken.vak(Urgentie::Normaal, Kamer::Gezond);
        let mut genomen = Vec::new();
        for (omvang, over) in [(0, 1_023), (1, 1_022), (1_024, 1_021), (1_025, 1_019), (1_019 << 10, 0)] {
            genomen.push(meteen(vak.bytes.nemen(omvang)).await.unwrap());
            assert_eq!(vak.bytes.0.vrij.available_permits(), over, "after {omvang}");
        }
        for te_groot in [2 << 20, u64::MAX] {
            assert!(meteen(vak.bytes.nemen(te_groot)).await.is_none());
        }
        genomen.clear();
        let alles = meteen(vak.bytes.nemen(u64::MAX)).await.unwrap();
        assert!(meteen(vak.bytes.nemen(1)).await.is_none());
        drop(alles);
        assert_eq!(vak.bytes.0.vrij.available_permits(), 1_024);
    }

    /// A recipient that hangs has a quarter of a lane's bytes at most, however large what it gets.
    #[tokio::test]
    async fn one_recipient_leaves_three_quarters_of_the_bytes_to_the_others() {
        let ruimte = Ruimte { per_ontvanger: 16, gezond: 64, haperend: 16, mebibytes: 4 };
        let (vakken, eigen) = (Vakken::new(ruimte), Bytes::van_een(ruimte));
        let vak = vakken.vak(Urgentie::Acuut, Kamer::Gezond);
        let _hangt = (meteen(eigen.nemen(1 << 20)).await.unwrap(), meteen(vak.bytes.nemen(1 << 20)).await.unwrap());
        assert!(meteen(eigen.nemen(1)).await.is_none());
        assert!(meteen(vak.bytes.nemen(3 << 20)).await.is_some());
    }

    #[tokio::test]
    async fn who_waited_first_gets_the_place_that_comes_free() {
        let vakken = klein();
        let vak = vakken.vak(Urgentie::Normaal, Kamer::Haperend);
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

    /// What is under way stays under way; of fewer places what comes back is kept until there are no more than there may be.
    #[tokio::test]
    async fn another_size_takes_nothing_from_who_has_it() {
        let vakken = klein();
        let vak = vakken.vak(Urgentie::Normaal, Kamer::Gezond);
        let mut bezet = alle(vak);
        assert_eq!(bezet.len(), 8);
        vakken.zetten(Ruimte { per_ontvanger: 1, gezond: 4, haperend: 3, mebibytes: 2 });
        assert_eq!(vakken.ruimte().gezond, 4);
        // Its turn comes first, once it has asked.
        tokio::task::yield_now().await;
        for over in (4..8).rev() {
            drop(bezet.pop());
            assert!(vak.plaats().is_none(), "{over} are under way, and there may be four");
        }
        tokio::task::yield_now().await;
        drop(bezet.pop());
        let terug = alle(vak);
        assert_eq!((bezet.len(), terug.len()), (3, 1));
        assert_eq!(alle(vakken.vak(Urgentie::Acuut, Kamer::Haperend)).len(), 3, "more, at once");
        assert_eq!(alle(vakken.vak(Urgentie::Acuut, Kamer::Nieuw)).len(), 1);
        let alles = meteen(vak.bytes.nemen(2 << 20)).await.unwrap();
        assert!(meteen(vak.bytes.nemen(1)).await.is_none());
        // And back, before the bytes came back.
        vakken.zetten(Ruimte { per_ontvanger: 1, gezond: 8, haperend: 1, mebibytes: 1 });
        tokio::task::yield_now().await;
        drop((alles, bezet, terug));
        tokio::task::yield_now().await;
        assert_eq!(alle(vak).len(), 8);
        assert_eq!(vak.bytes.0.vrij.available_permits(), 1_024);
    }

    /// Who waits where there are fewer now gets its place when it comes; a size that comes and goes leaves as many as it says.
    #[tokio::test]
    async fn sizes_that_follow_each_other_add_up() {
        let voorraad = Voorraad::new(10);
        let uit = Arc::clone(&voorraad.vrij).acquire_many_owned(10).await.unwrap();
        for meeste in [1, 7, 0, 12, 3] {
            voorraad.zetten(meeste);
            tokio::task::yield_now().await;
        }
        drop(uit);
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        assert_eq!((voorraad.meeste(), voorraad.vrij.available_permits()), (3, 3));
    }

    /// A setting of nothing would bring nothing, for ever.
    #[tokio::test]
    async fn there_is_room_for_one_at_least() {
        let vakken = Vakken::new(Ruimte { per_ontvanger: 0, gezond: 0, haperend: 0, mebibytes: 0 });
        for (baan, kamer) in kamers() {
            let vak = vakken.vak(baan, kamer);
            assert_eq!(alle(vak).len(), 1);
            assert!(meteen(vak.bytes.nemen(u64::MAX)).await.is_some());
        }
    }
}
