//! How long things are kept, as the configuration has it.

use std::{num::NonZeroU32, time::Duration};

use inbreng_pipeline::bewaren::{TermijnOngeldig, Termijnen};
use serde::Deserialize;

/// How long things are kept (R40): shorter than the rule has it, never longer.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Bewaartekst")]
pub struct Bewaren {
    termijnen: Termijnen,
    /// Minutes between two sweeps.
    pub elke_minuten: NonZeroU32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Bewaartekst {
    onbezorgd_dagen: u16,
    verwijzing_dagen: u16,
    elke_minuten: NonZeroU32,
}

impl Default for Bewaartekst {
    fn default() -> Self {
        let [onbezorgd_dagen, verwijzing_dagen] = Termijnen::HOOGSTENS;
        let elke_minuten = NonZeroU32::MIN.saturating_add(59);
        Self { onbezorgd_dagen, verwijzing_dagen, elke_minuten }
    }
}

impl Default for Bewaren {
    fn default() -> Self {
        Self { termijnen: Termijnen::default(), elke_minuten: Bewaartekst::default().elke_minuten }
    }
}

impl TryFrom<Bewaartekst> for Bewaren {
    type Error = String;

    fn try_from(tekst: Bewaartekst) -> Result<Self, String> {
        let Bewaartekst { onbezorgd_dagen, verwijzing_dagen, elke_minuten } = tekst;
        let termijnen = Termijnen::van_dagen([onbezorgd_dagen, verwijzing_dagen]).map_err(|fout| {
            let TermijnOngeldig { termijn, laagst, hoogst } = fout;
            format!("{termijn} van {laagst} tot en met {hoogst} (korter mag, langer niet)")
        })?;
        Ok(Self { termijnen, elke_minuten })
    }
}

impl Bewaren {
    /// The terms.
    pub const fn termijnen(self) -> Termijnen {
        self.termijnen
    }

    /// The pause between two sweeps.
    pub fn elke(self) -> Duration {
        Duration::from_secs(60).saturating_mul(self.elke_minuten.get())
    }
}
