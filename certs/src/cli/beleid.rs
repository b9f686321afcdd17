//! Signing what is done to a policy version: an officer's act, the covenant manager's activation.

use clap::Args;
use inbreng_domain::{
    Code, ConvenantId, Digest, Tijdstip,
    versie::{Activering, Beheerfunctie, Beheerhandeling, Versiehandeling},
    vocabulary::JaNee,
};
use inbreng_proof::{Typ, jws};
use serde_json::{Value, json};

use crate::{Pki, PkiFout};

/// What an officer does.
#[derive(Debug, Args)]
pub(super) struct Handelingargumenten {
    /// Korte naam van de partner die ondertekent.
    slug: Code,
    /// Wat er gebeurt: indienen, testen, simuleren, goedkeuren, terugdraaien of intrekken.
    #[arg(long)]
    handeling: Versiehandeling,
    /// Het convenant.
    #[arg(long)]
    convenant: ConvenantId,
    /// De digest van de bundel.
    #[arg(long)]
    versie: Digest,
    /// De digest van de tabellen.
    #[arg(long)]
    tabellen: Digest,
    /// Bij goedkeuren: de digest van de simulatie die u zag.
    #[arg(long)]
    simulatie: Option<Digest>,
    /// De functie van wie handelt: privacy-officer, fg of bestuurder.
    #[arg(long)]
    functie: Beheerfunctie,
}

impl Handelingargumenten {
    pub(super) fn ondertekenen(&self, pki: &Pki, nu: Tijdstip) -> Result<(String, Value), PkiFout> {
        let sleutel = pki.ondertekensleutel(&self.slug)?;
        let partner = pki.partners().find(|p| p.slug == self.slug).ok_or_else(|| PkiFout::Onbekend(self.slug.to_string()))?;
        let handeling = Beheerhandeling {
            handeling: self.handeling,
            convenant: self.convenant.clone(),
            versie: self.versie,
            tabellen: self.tabellen,
            simulatie: self.simulatie,
            door: partner.oin,
            functie: self.functie,
            tijd: nu,
        };
        let jws = jws::sign(&sleutel, Typ::Beheer, &handeling)?;
        Ok((jws.clone(), json!({"ok": true, "verklaring": jws})))
    }
}

/// From when a version is in force.
#[derive(Debug, Args)]
pub(super) struct Activeringargumenten {
    /// Het convenant.
    #[arg(long)]
    convenant: ConvenantId,
    /// De digest van de bundel.
    #[arg(long)]
    versie: Digest,
    /// Telt op per convenant; hoger dan elk vorig nummer.
    #[arg(long)]
    volgnummer: u32,
    /// Vanaf wanneer, zoals 2026-12-01T00:00:00.000Z.
    #[arg(long)]
    ingang: Tijdstip,
    /// Hiermee komt een versie terug die eerder gold.
    #[arg(long)]
    terug: bool,
}

impl Activeringargumenten {
    pub(super) fn ondertekenen(&self, pki: &Pki, nu: Tijdstip) -> Result<(String, Value), PkiFout> {
        let activering = Activering {
            convenant: self.convenant.clone(),
            versie: self.versie,
            volgnummer: self.volgnummer,
            ingang: self.ingang,
            terug: if self.terug { JaNee::Ja } else { JaNee::Nee },
            tijd: nu,
        };
        let jws = jws::sign(&pki.beheerdersleutel()?, Typ::Activering, &activering)?;
        Ok((jws.clone(), json!({"ok": true, "activering": jws})))
    }
}
