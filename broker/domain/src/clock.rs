//! The one clock, passed in wherever time matters.

use time::{Duration, OffsetDateTime};

use crate::Tijdstip;

/// Tells the time. Every crate gets one; nothing else reads the system clock.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present instant.
    fn now(&self) -> Tijdstip;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    fn now(&self) -> Tijdstip {
        Tijdstip::from_offset(OffsetDateTime::now_utc())
    }
}

/// How far a clock may be from what somebody says who looked at another.
const GEZEGD: Duration = Duration::MINUTE;

/// Whether the clock of a machine agrees with what somebody says who looked at a clock that he trusts. What is said is about the moment at
/// which it is said: a minute later it agrees with nothing any more.
#[must_use]
pub fn gelijk_aan_gezegd(gezegd: Tijdstip, nu: Tijdstip) -> bool {
    nu.since(gezegd).abs() <= GEZEGD
}

/// A clock that stands where it is put, for tests and simulation.
#[derive(Debug)]
pub struct FixedClock(std::sync::atomic::AtomicI64);

impl FixedClock {
    /// Stands at this instant.
    #[must_use]
    pub fn at(instant: Tijdstip) -> Self {
        Self(std::sync::atomic::AtomicI64::new(instant.unix_millis()))
    }

    /// Moves by this much; backwards too.
    pub fn advance(&self, by: time::Duration) {
        let millis = i64::try_from(by.whole_milliseconds()).unwrap_or(0);
        self.0.fetch_add(millis, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Tijdstip {
        Tijdstip::from_unix_millis(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}
