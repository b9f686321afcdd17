//! The form of sealed parts, without opening them: shape, labels as `aad`, one wrap per recipient under its current key, an
//! access statement that says the same.

use std::collections::BTreeSet;

use inbreng_catalogue::Definitie;
use inbreng_domain::{
    Deel, Digest, Oin, Tijdstip,
    gids::Sleutelverklaring,
    part::{Deelbewijs, Toegangsverklaring},
    problem::ProblemCode,
    vocabulary::Toegangswijze,
};
use inbreng_proof::{
    Gids, Partner, Typ,
    canonical::{Part, canonical_string},
    deel::{Gedekt, check_gedekt, check_jwe_shape},
    encoding,
    jws::{names_signer, unverified_payload},
    sha256,
};
use inbreng_storage::{NieuwDeel, NieuweWrap};

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
    /// When it was written, where it may have been accepted before by a hub that lost it since: its bytes are fixed, and it cannot be
    /// sealed again.
    pub(crate) nagezonden: Option<Tijdstip>,
}

/// Checks one part. `digest` is that of the whole part object, already compared with the `kop`.
pub(crate) fn controleren(
    deel: &Deel,
    tekst: Part<'_>,
    digest: Digest,
    omgeving: &Omgeving<'_>,
    pad: &str,
) -> Result<Verzegeld, Fout> {
    let vorm = vorm(deel, tekst, omgeving, pad)?;
    let voor = deel
        .toegang
        .iter()
        .enumerate()
        .map(|(i, toegang)| {
            let pad = format!("{pad}/toegang/{i}");
            let verklaring: Toegangsverklaring = unverified_payload(&toegang.verklaring)
                .map_err(|error| Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/verklaring")).door(error))?;
            if !names_signer(&toegang.verklaring, Typ::Toegang, omgeving.ondertekenaar) {
                return Err(Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/verklaring")));
            }
            // What answers a request goes by a further wrap, where it is decided for what was asked.
            if verklaring.verzoek.is_some() {
                return Err(Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/verklaring")));
            }
            // Here everyone gets it for what the part was sealed for, and why stands in the part (R28).
            if verklaring.toelichting.is_some() || toegang.toelichting.is_some() {
                return Err(Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/toelichting")));
            }
            if verklaring.ontvanger != toegang.oin {
                return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/oin")));
            }
            Ok(verklaring)
        })
        .collect::<Result<Vec<_>, Fout>>()?;
    let wraps = wraps(deel, &vorm, &voor, omgeving, pad)?;
    let opslag = NieuwDeel {
        id: deel.labels.id,
        eigenaar: deel.labels.eigenaar,
        categorie: deel.labels.categorie,
        doel: deel.labels.doel,
        labels: vorm.labels,
        inhoud: vorm.inhoud,
        eigenaarsbewijs: deel.eigenaarsbewijs.clone(),
        digest,
    };
    Ok(Verzegeld { deel: opslag, wraps, voor })
}

/// The texts of a part, each with what it is compared by.
struct Vorm<'t> {
    labels: String,
    /// The content without its wraps.
    inhoud: String,
    inhoud_digest: Digest,
    /// The wraps, in their order.
    wraps: Vec<Part<'t>>,
}

/// The JWE is the agreed one, its `aad` is the labels, the owner's proof names both, and the ciphertext is no larger than
/// the type needs (R27: there is no room to say more).
fn vorm<'t>(deel: &Deel, tekst: Part<'t>, omgeving: &Omgeving<'_>, pad: &str) -> Result<Vorm<'t>, Fout> {
    let ongeldig = |sub: &str| Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}{sub}"));
    check_jwe_shape(&deel.inhoud).map_err(|error| ongeldig("/inhoud").door(error))?;
    let labels = canonical_string(&deel.labels).map_err(|error| ongeldig("/labels").door(error))?;
    if encoding::encode(labels.as_bytes()) != deel.inhoud.aad {
        return Err(ongeldig("/inhoud/aad"));
    }
    let grootte = encoding::decoded_len(&deel.inhoud.ciphertext).map_err(|error| ongeldig("/inhoud/ciphertext").door(error))?;
    if grootte > usize::try_from(omgeving.soort.delen.grootste_inhoud).unwrap_or(usize::MAX) {
        return Err(Fout::new(ProblemCode::TeGroot).at(format!("{pad}/inhoud/ciphertext")));
    }
    let sealed = tekst.member("inhoud").ok_or_else(|| ongeldig("/inhoud"))?;
    let inhoud = sealed.without("recipients").ok_or_else(|| ongeldig("/inhoud"))?;
    let wraps: Vec<_> = sealed.member("recipients").into_iter().flat_map(Part::items).collect();
    // A type reads an array of values as an object too; a recipient that hashes the object would find another digest.
    if !wraps.iter().all(|w| w.member("header").and_then(|h| h.member("epk")).and_then(|e| e.member("x")).is_some()) {
        return Err(ongeldig("/inhoud/recipients"));
    }
    let inhoud_digest = sha256(inhoud.as_bytes());
    let bewijs: Deelbewijs =
        unverified_payload(&deel.eigenaarsbewijs).map_err(|error| ongeldig("/eigenaarsbewijs").door(error))?;
    let gelijk = names_signer(&deel.eigenaarsbewijs, Typ::Deel, omgeving.ondertekenaar)
        && bewijs.deel == deel.labels.id
        && bewijs.labels == sha256(labels.as_bytes())
        && bewijs.inhoud == inhoud_digest;
    if gelijk { Ok(Vorm { labels, inhoud, inhoud_digest, wraps }) } else { Err(ongeldig("/eigenaarsbewijs")) }
}

/// One wrap for the owner and one for each recipient, each under the key that this partner publishes now; of what comes again to a hub
/// that was put back, under the one that it published then.
///
/// Whether a statement was signed is verified by each recipient: the hub spends one verification on a message, and the `kop`
/// binds these bytes to their sender.
fn wraps(
    deel: &Deel,
    vorm: &Vorm<'_>,
    voor: &[Toegangsverklaring],
    omgeving: &Omgeving<'_>,
    pad: &str,
) -> Result<Vec<NieuweWrap>, Fout> {
    let eigenaar = deel.labels.eigenaar;
    let mut gezien = BTreeSet::from([eigenaar]);
    let mut wraps = Vec::with_capacity(voor.len() + 1);
    let mut weggelaten = 0;
    let id = deel.labels.id;
    let (_, wrap) = wrap_voor(deel, vorm, eigenaar, omgeving, &format!("{pad}/inhoud/recipients"))?;
    wraps.push(NieuweWrap { deel: id, ontvanger: eigenaar, wrap, toegang: None, wijze: Toegangswijze::Meegeleverd });
    for (i, (verklaring, toegang)) in voor.iter().zip(&deel.toegang).enumerate() {
        let pad = format!("{pad}/toegang/{i}");
        if verklaring.ontvanger == omgeving.hub {
            return Err(Fout::new(ProblemCode::OntvangerOnbekend).at(format!("{pad}/oin")));
        }
        if !gezien.insert(verklaring.ontvanger) {
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/oin")));
        }
        let ontvanger = verklaring.ontvanger;
        let (kid, wrap) = match wrap_voor(deel, vorm, ontvanger, omgeving, &format!("{pad}/oin")) {
            // What was accepted with a fallback that is there no more is accepted again without: nothing acute is refused for it.
            Err(_)
                if omgeving.nagezonden.is_some()
                    && verklaring.wijze == Toegangswijze::Terugval
                    && ligt_erbij(deel, vorm, verklaring) =>
            {
                weggelaten += 1;
                continue;
            }
            // Who is there no more is no fallback: the sender finds another at its next check.
            Err(fout) if verklaring.wijze == Toegangswijze::Terugval && fout.code() == ProblemCode::OntvangerOnbekend => {
                return Err(Fout::new(ProblemCode::OpnieuwToetsen).at(format!("{pad}/oin")));
            }
            gevonden => gevonden?,
        };
        let wrap_digest = sha256(wrap.as_bytes());
        let over = Gedekt { deel: id, ontvanger, kid, wrap: wrap_digest, inhoud: vorm.inhoud_digest, doel: deel.labels.doel };
        check_gedekt(verklaring, &over)
            .map_err(|error| Fout::new(ProblemCode::VerzegelingOngeldig).at(format!("{pad}/verklaring")).door(error))?;
        let toegang = Some(toegang.verklaring.clone());
        wraps.push(NieuweWrap { deel: id, ontvanger, wrap, toegang, wijze: verklaring.wijze });
    }
    // Every wrap found its owner above; a further one would be for someone without an access statement.
    if deel.inhoud.recipients.len() != wraps.len() + weggelaten {
        return Err(overtollig(deel, omgeving, pad));
    }
    Ok(wraps)
}

/// Whether there is one wrap of which this statement speaks.
fn ligt_erbij(deel: &Deel, vorm: &Vorm<'_>, verklaring: &Toegangsverklaring) -> bool {
    let onder = |kid: &str| kid == verklaring.sleutel;
    let mut wraps = deel.inhoud.recipients.iter().zip(&vorm.wraps).filter(|(wrap, _)| onder(&wrap.header.kid));
    matches!((wraps.next(), wraps.next()), (Some((_, tekst)), None) if sha256(tekst.as_str().as_bytes()) == verklaring.wrap)
}

/// The key that is sealed for now: `sleutel-bevroren` where it is frozen, `sleutel-onbekend` where there is none.
pub(crate) fn zegelsleutel(partner: &Partner, nu: Tijdstip) -> Result<&Sleutelverklaring, Fout> {
    partner.sleutel(nu).ok_or_else(|| match partner.nieuwste_in(nu) {
        Some(_) => Fout::new(ProblemCode::SleutelBevroren),
        None => Fout::new(ProblemCode::SleutelOnbekend),
    })
}

/// The current key of this partner, and the text of the wrap under it. What cannot be sealed again may be under a key that was in force
/// when it was written: who renewed its key since keeps the former to open what was sealed for it. One that was frozen after that goes to its
/// recipient too, as what lay here at the freeze did; what may only be viewed is not read under it.
fn wrap_voor<'a>(
    deel: &'a Deel,
    vorm: &Vorm<'_>,
    oin: Oin,
    omgeving: &Omgeving<'_>,
    pad: &str,
) -> Result<(&'a str, String), Fout> {
    let partner = omgeving.gids.partner(oin).ok_or_else(|| Fout::new(ProblemCode::OntvangerOnbekend).at(pad))?;
    let onbekend = || Fout::new(ProblemCode::SleutelOnbekend).at(pad);
    let huidig = zegelsleutel(partner, omgeving.nu).map_err(|fout| fout.at(pad));
    let toen = |kid: &str| {
        let bevroren = |op: Tijdstip| partner.bevriezingen.iter().any(|b| b.kid == kid && b.tijd <= op);
        let in_kracht = |s: &Sleutelverklaring, op: Tijdstip| s.geldig_vanaf <= op && op < s.geldig_tot && !bevroren(op);
        let vervallen = || partner.vervallen_kids().any(|k| k == kid);
        let staat = |op| partner.sleutel_met_kid(kid).is_some_and(|s| in_kracht(s, op));
        omgeving.nagezonden.is_some_and(staat) && !vervallen()
    };
    let past = |kid: &str| huidig.as_ref().is_ok_and(|s| kid == s.kid) || toen(kid);
    let mut under = deel.inhoud.recipients.iter().zip(&vorm.wraps).filter(|(wrap, _)| past(&wrap.header.kid));
    let gevonden = (under.next(), under.next());
    if gevonden.0.is_none() {
        huidig?;
    }
    match gevonden {
        (Some((wrap, tekst)), None) => Ok((&wrap.header.kid, tekst.as_str().to_owned())),
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
