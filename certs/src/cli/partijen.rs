//! Signing that a party joins or leaves a covenant.

use std::path::PathBuf;

use clap::Args;
use inbreng_domain::{Code, ConvenantId, Oin, Tijdstip, convenant::Bundelkop, versie::Beheerfunctie};
use serde_json::{Value, json};

use crate::{Pki, PkiFout, bestanden, partijen::Toetredingsopgave};

fn bundelkop(pad: &PathBuf) -> Result<Bundelkop, PkiFout> {
    serde_json::from_str(&bestanden::lezen(pad)?).map_err(|e| PkiFout::inhoud(pad, e))
}

/// That one party joins.
#[derive(Debug, Args)]
pub(super) struct Toetredingargumenten {
    /// Korte naam van de partner die toetreedt.
    slug: Code,
    /// JSON-bestand met de bundel: de partij tekent haar tekst en bevestigt haar afspraken.
    #[arg(long)]
    bundel: PathBuf,
    /// Vanaf wanneer, zoals 2026-12-01T00:00:00.000Z; zonder: nu.
    #[arg(long)]
    vanaf: Option<Tijdstip>,
    /// Tot wanneer; zonder: zolang het convenant geldt.
    #[arg(long)]
    tot: Option<Tijdstip>,
    /// Telt op over alles wat deze partij over dit convenant verklaart.
    #[arg(long, default_value_t = 1)]
    volgnummer: u32,
    /// De functie van wie tekent: bestuurder, privacy-officer of fg.
    #[arg(long, default_value = "bestuurder")]
    functie: Beheerfunctie,
}

impl Toetredingargumenten {
    pub(super) fn ondertekenen(&self, pki: &Pki, nu: Tijdstip) -> Result<(String, Value), PkiFout> {
        let kop = bundelkop(&self.bundel)?;
        let opgave = Toetredingsopgave {
            afspraken: kop.versie,
            tekst: kop.tekst(),
            vanaf: self.vanaf.unwrap_or(nu),
            tot: self.tot,
            volgnummer: self.volgnummer,
            functie: self.functie,
        };
        let getekend = pki.toetreden(&self.slug, opgave)?;
        let tekst = json!(getekend);
        Ok((tekst.to_string(), json!({"ok": true, "toetreding": tekst})))
    }
}

/// That all partners join, for an installation that starts with them.
#[derive(Debug, Args)]
pub(super) struct Toetredingenargumenten {
    /// JSON-bestand met de bundel.
    #[arg(long)]
    bundel: PathBuf,
    /// Deze partner niet (OIN); mag vaker.
    #[arg(long = "behalve")]
    behalve: Vec<Oin>,
}

impl Toetredingenargumenten {
    pub(super) fn ondertekenen(&self, pki: &Pki) -> Result<(String, Value), PkiFout> {
        let kop = bundelkop(&self.bundel)?;
        let getekend = pki.allen_toetreden(&kop.clone().tekst(), kop.versie, |p| !self.behalve.contains(&p.oin))?;
        let lijst = json!(getekend);
        Ok((lijst.to_string(), json!({"ok": true, "toetredingen": lijst})))
    }
}

/// That a party leaves.
#[derive(Debug, Args)]
pub(super) struct Uittredingargumenten {
    /// Korte naam van de partner die uittreedt.
    slug: Code,
    /// Het convenant.
    #[arg(long)]
    convenant: ConvenantId,
    /// Vanaf wanneer zij geen partij meer is; zonder: nu.
    #[arg(long)]
    vanaf: Option<Tijdstip>,
    /// Hoger dan elk nummer dat deze partij over dit convenant gebruikte.
    #[arg(long)]
    volgnummer: u32,
    /// De functie van wie tekent: bestuurder, privacy-officer of fg.
    #[arg(long, default_value = "bestuurder")]
    functie: Beheerfunctie,
}

impl Uittredingargumenten {
    pub(super) fn ondertekenen(&self, pki: &Pki, nu: Tijdstip) -> Result<(String, Value), PkiFout> {
        let vanaf = self.vanaf.unwrap_or(nu);
        let jws = pki.uittreden(&self.slug, &self.convenant, vanaf, self.volgnummer, self.functie)?;
        Ok((jws.clone(), json!({"ok": true, "uittreding": jws})))
    }
}
