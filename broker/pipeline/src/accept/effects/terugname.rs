//! Recall and correction (46, 47): what waits of the parts that they name, or may only be viewed, is not handed out any more
//! (R1, R31). What was delivered stays delivered; its holders are told.

use inbreng_domain::{
    BerichtId, DeelId,
    vocabulary::Stilgelegd,
    zaak::{Feitsoort, Terugname},
};
use inbreng_storage::Zaakgevolg;
use serde::Deserialize;

use super::Stelling;
use crate::Fout;

#[derive(Debug, Deserialize)]
struct Verklaring {
    bericht: BerichtId,
    /// Of a recall; none: the whole message.
    #[serde(default)]
    delen: Vec<DeelId>,
    /// Of a correction.
    deel: Option<DeelId>,
    soort: Option<Soort>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Soort {
    Verbeterd,
    Verouderd,
    /// The person's own view beside what stands: nothing is taken back.
    Zienswijze,
}

/// The statement. That its sender sent the message was seen when it was looked up; parts of another message are touched by
/// nothing that is written here.
pub(super) fn vastleggen(stelling: &Stelling<'_>) -> Result<Option<Zaakgevolg>, Fout> {
    let Verklaring { bericht, mut delen, deel, soort } = stelling.verklaring()?;
    delen.extend(deel);
    let wijze = match soort {
        Some(Soort::Zienswijze) => return Ok(None),
        Some(Soort::Verbeterd | Soort::Verouderd) => Stilgelegd::Verbeterd,
        None => Stilgelegd::Teruggenomen,
    };
    delen.sort_unstable();
    // One subject for each set of parts: a recall of some never takes the place of a recall of others.
    let onderwerp = delen.iter().fold(format!("{wijze} {bericht}"), |tekst, deel| format!("{tekst} {deel}"));
    stelling.volgend(Feitsoort::Terugname, onderwerp, &Terugname { bericht, delen, wijze }).map(Some)
}
