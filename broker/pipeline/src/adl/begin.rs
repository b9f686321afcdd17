//! Where a period begins in what was written in order of time: found by halving, not by reading all that came before.

use inbreng_domain::Tijdstip;
use inbreng_storage::StoreResult;
use time::Duration;

/// Clocks are set back now and then: so much before the period is read too.
pub(crate) const SPELING: Duration = Duration::hours(1);

/// The largest number of which everything up to it lies before the moment, as far as `tijd_na` tells: the time of what comes after
/// a number, or `None` after the last.
pub(crate) async fn zoeken(moment: Tijdstip, tijd_na: impl AsyncFn(u64) -> StoreResult<Option<Tijdstip>>) -> StoreResult<u64> {
    let moment = moment.plus(-SPELING);
    let eerder = async |nummer: u64| Ok(tijd_na(nummer).await?.is_some_and(|tijd| tijd < moment));
    let (mut begin, mut stap) = (0, 1024);
    while eerder(begin + stap).await? {
        begin += stap;
        stap *= 2;
    }
    while stap > 1 {
        stap /= 2;
        if eerder(begin + stap).await? {
            begin += stap;
        }
    }
    Ok(begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_of_the_period_is_skipped_and_little_before_it_is_read() {
        let op = |minuut: u64| Tijdstip::from_unix_millis(1_800_000_000_000 + i64::try_from(minuut).unwrap() * 60_000);
        for aantal in [0, 1, 2, 1023, 1024, 1025, 10_000] {
            for vanaf in [0, 1, 60, 61, 62, 1024, 5000, 9_999, 20_000] {
                // One a minute, the first in minute 1.
                let tijd_na = async |nummer: u64| Ok((nummer < aantal).then(|| op(nummer + 1)));
                let begin = zoeken(op(vanaf), tijd_na).await.unwrap();
                assert!(begin <= vanaf.saturating_sub(60), "{aantal} {vanaf}: {begin}");
                assert!(begin + 62 >= vanaf.min(aantal), "{aantal} {vanaf}: {begin}");
            }
        }
    }
}
