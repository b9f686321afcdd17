//! The commands about the callback, as they are typed.

use std::sync::Arc;

use clap::{Args, Subcommand};
use inbreng_domain::{
    Clock, Randomness,
    terugroep::{Bezorgschema, SchemaOngeldig, Terugroepadres},
};

use super::daden;
use crate::beleid::{
    aanvraag::{Brengopdracht, Maakopdracht, Meetekenopdracht},
    bureau::Bureau,
    fout::Fout,
    opdracht::Wie,
};

/// Where, and how often the hub tries.
#[derive(Debug, Args)]
pub struct Inhoud {
    /// Waar, zoals https://adapter.example:9443/leveringen. Zonder: uw organisatie meldt zich af, en haalt op.
    #[arg(long)]
    pub(super) adres: Option<Terugroepadres>,
    /// Seconden tussen pogingen, oplopend, met komma's ertussen.
    #[arg(long, value_delimiter = ',', default_value = "1,4,15,60,300,900,3600", requires = "adres")]
    pauzes: Vec<u32>,
    /// Seconden waarin uw antwoord compleet is.
    #[arg(long, default_value_t = 15, requires = "adres")]
    antwoordtijd: u32,
    /// Na hoeveel pogingen een levering een dode letter is.
    #[arg(long, default_value_t = 100, requires = "adres")]
    pogingen: u32,
    /// Na hoeveel seconden zonder ondertekende ontvangst een levering een dode letter is.
    #[arg(long, default_value_t = 259_200, requires = "adres")]
    eindleeftijd: u32,
    /// Haar nummer; zonder: het eerstvolgende.
    #[arg(long)]
    pub(super) volgnummer: Option<u32>,
}

impl Inhoud {
    /// The schedule, within its bounds.
    pub(super) fn schema(&self) -> Result<Bezorgschema, SchemaOngeldig> {
        Bezorgschema::new(self.pauzes.clone(), self.antwoordtijd, self.pogingen, self.eindleeftijd)
    }
}

/// Waar het knooppunt uw leveringen brengt: maken, laten meetekenen, brengen.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "a comment is help for whoever types; what is flattened in has its own")]
pub enum Terugroepopdracht {
    /// Maakt en tekent uw verklaring. Met een adres tekent de convenantbeheerder daarna mee; zonder brengt u haar zo.
    Maken {
        #[command(flatten)]
        maken: Maakopdracht,
        #[command(flatten)]
        inhoud: Inhoud,
    },
    /// Tekent een verklaring mee. Voor de convenantbeheerder, op de machine met zijn sleutel; zonder netwerk.
    Meetekenen(Meetekenopdracht),
    /// Brengt uw verklaring naar het knooppunt. Een adapter met `[terugroep]` doet dat zelf, zodra zij in zijn bestand staat.
    Brengen(Brengopdracht),
}

/// Does it; gives what to print.
///
/// # Errors
/// [`Fout`], with a way out.
pub async fn uitvoeren(opdracht: &Terugroepopdracht, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Result<String, Fout> {
    let bureau = |wie: &Wie| Bureau::openen(&wie.config, Arc::clone(&clock), Arc::clone(&random));
    match opdracht {
        Terugroepopdracht::Maken { maken, inhoud } => daden::maken(&bureau(&maken.wie)?, inhoud, maken).await,
        Terugroepopdracht::Meetekenen(mee) => daden::meetekenen(mee, &*clock),
        Terugroepopdracht::Brengen(Brengopdracht { wie, bestand }) => daden::brengen(&bureau(wie)?, bestand, wie.json).await,
    }
}
