//! The wall clock of the partner's own system.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Now, as the own system writes it down.
#[expect(clippy::disallowed_methods, reason = "a partner's own system has its own clock; this is the one place that reads it")]
pub(crate) fn nu() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}
