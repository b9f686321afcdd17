//! The form of sealed parts, without opening them: shape, labels as `aad`, one wrap per recipient under its current key, an
//! access statement that says the same.

use std::collections::BTreeSet;

use inbreng_catalogue::Definitie;
use inbreng_domain::{
    Deel, DeelId, Oin, Tijdstip,
    jwe::{Inhoud, Sleutelwrap},
    part::{Deelbewijs, Toegangsverklaring},
    problem::ProblemCode,
    vocabulary::Toegangswijze,
};
use inbreng_proof::{
    Gids, canonical_string,
    deel::{check_jwe_shape, check_toegang, inhoud_digest, labels_aad},
    digest_of, encoding,
    jws::{unverified_kid, unverified_payload},
};
use inbreng_storage::{NieuwDeel, NieuweWrap};
use serde::Serialize;

use crate::Fout;

/// A part whose form is right.
#[derive(Debug)]
pub(crate) struct Verzegeld {
    /// For whom it is sealed, the owner excepted, with what the owner says of each.
    pub(crate) voor: Vec<Toegangsverklaring>,
    /// What is stored of it.
    pub(crate) deel: NieuwDeel,
    /// The wraps, the owner's own included.
    pub(crate) wraps: Vec<NieuweWrap>,
}

/// Against what a part is checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Omgeving<'a> {
    pub(crate) gids: &'a Gids,
    /// The certificate that the owner signs with.
    pub(crate) ondertekenaar: &'a str,
    pub(crate) hub: Oin,
    pub(crate) soort: &'a Definitie,
    pub(crate) nu: Tijdstip,
}

/// Checks one part. `digest` is that of the whole part object, already compared with the `kop`.
pub(crate) fn controleren(
    deel: &Deel,
    digest: inbreng_domain::Digest,
    omgeving: &Omgeving<'_>,
    pad: &str,
) -> Result<Verzegeld, Fout> {
    vorm(deel, omgeving, pad)?;
    let voor = deel
        .toegang
        .iter()
        .enumerate()
        .map(|(i, toegang)| {
            let pad = format!("{pad}/toegang/{i}");
            let verklaring: Toegangsverklaring = unverified_payload(&toegang.verklaring)
                .map_err(|error| Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/verklaring")).door(error))?;
            if !is_van(&toegang.verklaring, omgeving.ondertekenaar) {
                return Err(Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/verklaring")));
            }
            if verklaring.ontvanger != toegang.oin {
                return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/oin")));
            }
            Ok(verklaring)
        })
        .collect::<Result<Vec<_>, Fout>>()?;
    let wraps = wraps(deel, &voor, omgeving, pad)?;
    Ok(Verzegeld { deel: opslag(deel, digest)?, wraps, voor })
}

/// The JWE is the agreed one, its `aad` is the labels, the owner's proof names both, and the ciphertext is no larger than
/// the type needs (R27: there is no room to say more).
fn vorm(deel: &Deel, omgeving: &Omgeving<'_>, pad: &str) -> Result<(), Fout> {
    let ongeldig = |sub: &str| Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}{sub}"));
    check_jwe_shape(&deel.inhoud).map_err(|error| ongeldig("/inhoud").door(error))?;
    if labels_aad(&deel.labels).map_err(|error| ongeldig("/labels").door(error))? != deel.inhoud.aad {
        return Err(ongeldig("/inhoud/aad"));
    }
    let grootte = encoding::decoded_len(&deel.inhoud.ciphertext).map_err(|error| ongeldig("/inhoud/ciphertext").door(error))?;
    if grootte > usize::try_from(omgeving.soort.delen.grootste_inhoud).unwrap_or(usize::MAX) {
        return Err(Fout::new(ProblemCode::TeGroot).at(format!("{pad}/inhoud/ciphertext")));
    }
    let bewijs: Deelbewijs =
        unverified_payload(&deel.eigenaarsbewijs).map_err(|error| ongeldig("/eigenaarsbewijs").door(error))?;
    let gelijk = is_van(&deel.eigenaarsbewijs, omgeving.ondertekenaar)
        && bewijs.deel == deel.labels.id
        && digest_of(&deel.labels).is_ok_and(|d| d == bewijs.labels)
        && inhoud_digest(&deel.inhoud).is_ok_and(|d| d == bewijs.inhoud);
    if gelijk { Ok(()) } else { Err(ongeldig("/eigenaarsbewijs")) }
}

/// Whether a statement says that this certificate signed it. Whether it did is verified by each recipient: the hub spends
/// one verification on a message, and the `kop` binds these bytes to their sender.
fn is_van(jws: &str, ondertekenaar: &str) -> bool {
    unverified_kid(jws).is_ok_and(|kid| kid == ondertekenaar)
}

/// One wrap for the owner and one for each recipient, each under the key that this partner publishes now.
fn wraps(deel: &Deel, voor: &[Toegangsverklaring], omgeving: &Omgeving<'_>, pad: &str) -> Result<Vec<NieuweWrap>, Fout> {
    let eigenaar = deel.labels.eigenaar;
    let mut gezien = BTreeSet::from([eigenaar]);
    let mut wraps = Vec::with_capacity(voor.len() + 1);
    let eigen = wrap_voor(deel, eigenaar, omgeving, &format!("{pad}/inhoud/recipients"))?;
    wraps.push(opgeslagen(deel.labels.id, eigenaar, eigen, None, Toegangswijze::Meegeleverd)?);
    for (i, (verklaring, toegang)) in voor.iter().zip(&deel.toegang).enumerate() {
        let pad = format!("{pad}/toegang/{i}");
        if verklaring.ontvanger == omgeving.hub {
            return Err(Fout::new(ProblemCode::OntvangerOnbekend).at(format!("{pad}/oin")));
        }
        if !gezien.insert(verklaring.ontvanger) {
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/oin")));
        }
        let wrap = wrap_voor(deel, verklaring.ontvanger, omgeving, &format!("{pad}/oin"))?;
        check_toegang(verklaring, deel, verklaring.ontvanger, &wrap.header.kid, wrap)
            .map_err(|error| Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/verklaring")).door(error))?;
        wraps.push(opgeslagen(deel.labels.id, verklaring.ontvanger, wrap, Some(toegang.verklaring.clone()), verklaring.wijze)?);
    }
    // Every wrap found its owner above; a further one would be for someone without an access statement.
    if deel.inhoud.recipients.len() != wraps.len() {
        return Err(overtollig(deel, omgeving, pad));
    }
    Ok(wraps)
}

/// The wrap under the current key of this partner.
fn wrap_voor<'a>(deel: &'a Deel, oin: Oin, omgeving: &Omgeving<'_>, pad: &str) -> Result<&'a Sleutelwrap, Fout> {
    let partner = omgeving.gids.partner(oin).ok_or_else(|| Fout::new(ProblemCode::OntvangerOnbekend).at(pad))?;
    let onbekend = || Fout::new(ProblemCode::SleutelOnbekend).at(pad);
    let huidig = partner.sleutel(omgeving.nu).ok_or_else(onbekend)?;
    let mut under = deel.inhoud.recipients.iter().filter(|wrap| wrap.header.kid == huidig.kid);
    match (under.next(), under.next()) {
        (Some(wrap), None) => Ok(wrap),
        (Some(_), Some(_)) => Err(Fout::new(ProblemCode::VerzegelingOngeldig).at(pad)),
        // Sealed under an earlier key of the same partner: it has been replaced since the sender checked.
        (None, _) if deel.inhoud.recipients.iter().any(|w| partner.sleutels.iter().any(|s| s.kid == w.header.kid)) => {
            Err(Fout::new(ProblemCode::OpnieuwToetsen).at(pad))
        }
        (None, _) => Err(onbekend()),
    }
}

/// Why there is a wrap too many: for the hub itself or anyone without an access statement.
fn overtollig(deel: &Deel, omgeving: &Omgeving<'_>, pad: &str) -> Fout {
    let bekend = |kid: &str| {
        std::iter::once(deel.labels.eigenaar)
            .chain(deel.toegang.iter().map(|t| t.oin))
            .filter_map(|oin| omgeving.gids.partner(oin))
            .any(|p| p.sleutel(omgeving.nu).is_some_and(|s| s.kid == kid))
    };
    let plaats = deel.inhoud.recipients.iter().position(|w| !bekend(&w.header.kid)).unwrap_or_default();
    Fout::new(ProblemCode::SleutelOnbekend).at(format!("{pad}/inhoud/recipients/{plaats}"))
}

fn opgeslagen(
    deel: DeelId,
    ontvanger: Oin,
    wrap: &Sleutelwrap,
    toegang: Option<String>,
    wijze: Toegangswijze,
) -> Result<NieuweWrap, Fout> {
    Ok(NieuweWrap { deel, ontvanger, wrap: canonical_string(wrap).map_err(intern)?, toegang, wijze })
}

/// The content without its wraps, in RFC 8785 order.
#[derive(Serialize)]
struct Kern<'a> {
    aad: &'a str,
    ciphertext: &'a str,
    iv: &'a str,
    protected: &'a str,
    tag: &'a str,
}

fn opslag(deel: &Deel, digest: inbreng_domain::Digest) -> Result<NieuwDeel, Fout> {
    let Inhoud { protected, aad, iv, ciphertext, tag, recipients: _ } = &deel.inhoud;
    Ok(NieuwDeel {
        id: deel.labels.id,
        eigenaar: deel.labels.eigenaar,
        categorie: deel.labels.categorie,
        doel: deel.labels.doel,
        labels: canonical_string(&deel.labels).map_err(intern)?,
        inhoud: canonical_string(&Kern { aad, ciphertext, iv, protected, tag }).map_err(intern)?,
        eigenaarsbewijs: deel.eigenaarsbewijs.clone(),
        digest,
    })
}

fn intern(error: impl std::error::Error + Send + Sync + 'static) -> Fout {
    Fout::new(ProblemCode::InterneFout).door(error)
}
