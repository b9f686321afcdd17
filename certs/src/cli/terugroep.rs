//! Making the statement on a callback.

use clap::Args;
use inbreng_domain::{
    Code,
    terugroep::{Bestemming, Bezorgschema, Terugroepadres},
};
use serde_json::{Value, json};

use crate::{Pki, PkiFout};

/// Where deliveries are brought. Without an address the statement ends it.
#[derive(Debug, Args)]
pub(super) struct Terugroepargumenten {
    /// Korte naam van de partner.
    slug: Code,
    /// Telt op; hoger dan elk vorig nummer.
    #[arg(long)]
    volgnummer: u32,
    /// Waar, zoals https://adapter.example:9443/leveringen. Zonder: de organisatie meldt zich af en haalt op.
    #[arg(long)]
    adres: Option<Terugroepadres>,
    /// Seconden tussen pogingen, oplopend, met komma's ertussen.
    #[arg(long, value_delimiter = ',', default_value = "1,4,15,60,300,900,3600")]
    pauzes: Vec<u32>,
    /// Seconden waarin een antwoord compleet is.
    #[arg(long, default_value_t = 15)]
    antwoordtijd: u32,
    /// Na hoeveel pogingen een levering een dode letter is.
    #[arg(long, default_value_t = 100)]
    pogingen: u32,
    /// Na hoeveel seconden zonder ondertekende ontvangst een levering een dode letter is.
    #[arg(long, default_value_t = 259_200)]
    eindleeftijd: u32,
}

impl Terugroepargumenten {
    pub(super) fn ondertekenen(&self, pki: &Pki) -> Result<(String, Value), PkiFout> {
        let bestemming = match &self.adres {
            None => None,
            Some(adres) => {
                let schema = Bezorgschema::new(self.pauzes.clone(), self.antwoordtijd, self.pogingen, self.eindleeftijd)
                    .map_err(|e| PkiFout::Opgave(e.to_string()))?;
                Some(Bestemming { adres: adres.clone(), schema })
            }
        };
        let verzoek = json!(pki.terugroep(&self.slug, self.volgnummer, bestemming)?);
        Ok((verzoek.to_string(), verzoek))
    }
}
