//! What there is and what still holds, for people and as JSON.

use std::fmt::Write;

use inbreng_domain::{Code, Tijdstip};
use inbreng_proof::Gids;
use serde_json::{Value, json};

use crate::{CONVENANTBEHEERDER, Certificaatsoort, KNOOPPUNT, Pki, PkiFout, pki::code};

/// State of the newest certificate of one kind.
fn stand(pki: &Pki, slug: &Code, soort: Certificaatsoort, nu: Tijdstip) -> Option<(&'static str, Tijdstip)> {
    let regel = pki.certificaten().iter().rev().find(|c| c.houder == *slug && c.soort == soort)?;
    let stand = if regel.ingetrokken_op.is_some() {
        "ingetrokken"
    } else if nu > regel.geldig_tot {
        "verlopen"
    } else {
        "geldig"
    };
    Some((stand, regel.geldig_tot))
}

/// Why the revocation lists would be refused now, if they would.
fn crl_fout(pki: &Pki, nu: Tijdstip) -> Result<Option<String>, PkiFout> {
    let leaf = pki.keten(&code(KNOOPPUNT)?)?;
    let anchors = pki.anchors()?;
    let eerste = leaf.first().map_or(&[][..], Vec::as_slice);
    Ok(match anchors.check_revocation(eerste, nu) {
        Err(inbreng_proof::CertificateError::CrlExpired) => Some("verlopen".to_owned()),
        _ => None,
    })
}

fn gids(pki: &Pki, nu: Tijdstip) -> Result<Gids, PkiFout> {
    Ok(Gids::build(&pki.gids()?, &pki.anchors()?, &pki.beheerder()?, nu).0)
}

pub(super) fn tekst(pki: &Pki, nu: Tijdstip) -> Result<String, PkiFout> {
    let gids = gids(pki, nu)?;
    let mut uit = String::new();
    let mut regel = |text: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _: std::fmt::Result = writeln!(uit, "{text}");
    };
    regel(format_args!("PKI voor ontwikkeling in {}", pki.dir().display()));
    match crl_fout(pki, nu)? {
        None => regel(format_args!("De intrekkingslijsten gelden.")),
        Some(fout) => regel(format_args!("De intrekkingslijsten zijn {fout}: maak nieuwe met `inbreng-certs crl`.")),
    }
    for slug in organisaties(pki)? {
        let oin = pki.houder(&slug)?.oin;
        regel(format_args!("\n{slug}  OIN {oin}"));
        for soort in Certificaatsoort::ALLE {
            if let Some((stand, tot)) = stand(pki, &slug, soort, nu) {
                regel(format_args!("  {:<15} {stand}, tot {}", soort.to_string(), dag(tot)));
            }
        }
        if pki.partners().any(|p| p.slug == slug) {
            match gids.partner(oin).and_then(|p| p.sleutel(nu)) {
                Some(s) => regel(format_args!("  {:<15} nummer {}, tot {}", "verzegeling", s.volgnummer, dag(s.geldig_tot))),
                None => regel(format_args!("  {:<15} geen geldige sleutel in de gids", "verzegeling")),
            }
        }
    }
    Ok(uit)
}

pub(super) fn json(pki: &Pki, nu: Tijdstip) -> Result<Value, PkiFout> {
    let gids = gids(pki, nu)?;
    let mut organisaties_json = Vec::new();
    for slug in organisaties(pki)? {
        let oin = pki.houder(&slug)?.oin;
        let certificaat = |soort| stand(pki, &slug, soort, nu).map(|(stand, tot)| json!({"stand": stand, "geldigTot": tot}));
        let sleutel = gids.partner(oin).and_then(|p| p.sleutel(nu));
        organisaties_json.push(json!({
            "naam": slug,
            "oin": oin,
            "tls": certificaat(Certificaatsoort::Tls),
            "ondertekening": certificaat(Certificaatsoort::Ondertekening),
            "verzegeling": sleutel.map(|s| json!({"volgnummer": s.volgnummer, "kid": s.kid, "geldigTot": s.geldig_tot})),
        }));
    }
    Ok(json!({
        "ok": true,
        "map": pki.dir().display().to_string(),
        "intrekkingslijsten": crl_fout(pki, nu)?.unwrap_or_else(|| "geldig".to_owned()),
        "organisaties": organisaties_json,
    }))
}

fn organisaties(pki: &Pki) -> Result<Vec<Code>, PkiFout> {
    let mut alle = vec![code(KNOOPPUNT)?, code(CONVENANTBEHEERDER)?];
    alle.extend(pki.partners().map(|p| p.slug.clone()));
    Ok(alle)
}

fn dag(at: Tijdstip) -> String {
    at.as_str().chars().take(10).collect()
}
