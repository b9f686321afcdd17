//! Counts: parts, recipients, persons, header; and what the catalogue allows of variants and parts.

use std::collections::BTreeSet;

use inbreng_catalogue::Definitie;
use inbreng_domain::{Code, Labels, Oin, limits::Limits, problem::ProblemCode};

use crate::Fout;

/// No more parts than a message may have, before anything is done per part.
pub(crate) fn delen(aantal: usize, limits: &Limits) -> Result<(), Fout> {
    at_most(aantal, limits.parts, "/data/delen")
}

/// No more distinct persons than a message may concern.
pub(crate) fn personen<'a>(labels: impl Iterator<Item = &'a Labels>, limits: &Limits) -> Result<(), Fout> {
    let personen: BTreeSet<_> = labels.flat_map(|l| l.betrokkenen.iter().map(|b| b.persoon)).collect();
    at_most(personen.len(), limits.persons, "/data/delen")
}

/// No more distinct recipients than a message may have.
pub(crate) fn ontvangers(ontvangers: &BTreeSet<Oin>, limits: &Limits) -> Result<(), Fout> {
    at_most(ontvangers.len(), limits.recipients, "/data/kop/geadresseerden")
}

/// `bericht` and `kop` together.
pub(crate) fn header(bytes: usize, limits: &Limits) -> Result<(), Fout> {
    if bytes > limits.header_bytes { Err(Fout::new(ProblemCode::TeGroot).at("/data/kop")) } else { Ok(()) }
}

/// A variant that the catalogue names.
pub(crate) fn variant(variant: Option<&Code>, soort: &Definitie, pad: &str) -> Result<(), Fout> {
    match variant {
        Some(code) if !soort.varianten.iter().any(|v| v.code == *code) => Err(Fout::new(ProblemCode::VeldOngeldig).at(pad)),
        _ => Ok(()),
    }
}

/// As many parts as the type has.
pub(crate) fn aantal_van_soort(aantal: usize, soort: &Definitie, pad: &str) -> Result<(), Fout> {
    if aantal < usize::from(soort.delen.minimaal) || aantal > usize::from(soort.delen.maximaal) {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at(pad));
    }
    Ok(())
}

fn at_most(count: usize, limit: usize, pad: &str) -> Result<(), Fout> {
    if count > limit { Err(Fout::new(ProblemCode::TeVeel).at(pad)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_at_their_edge() {
        let limits = Limits::default();
        assert!(delen(limits.parts, &limits).is_ok());
        assert_eq!(delen(limits.parts + 1, &limits).unwrap_err().code(), ProblemCode::TeVeel);
        assert!(header(limits.header_bytes, &limits).is_ok());
        assert_eq!(header(limits.header_bytes + 1, &limits).unwrap_err().code(), ProblemCode::TeGroot);
        let many: BTreeSet<Oin> = (0..=limits.recipients).map(|n| Oin::parse(&format!("{n:020}")).unwrap()).collect();
        assert_eq!(ontvangers(&many, &limits).unwrap_err().code(), ProblemCode::TeVeel);
        let enough = many.into_iter().skip(1).collect();
        assert!(ontvangers(&enough, &limits).is_ok());
    }
}
