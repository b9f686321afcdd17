//! The commands about the own entry, as they are typed.

use std::sync::Arc;

use clap::{Args, Subcommand};
use inbreng_domain::{Clock, Code, ConvenantId, GemeenteCode, Randomness, gids::Bevestiging};

use super::daden;
use crate::beleid::{
    aanvraag::{Brengopdracht, Maakopdracht, Meetekenopdracht},
    bureau::Bureau,
    fout::Fout,
    opdracht::Wie,
};

/// What the entry says beside what the configuration has. It is the whole entry: what is not named is not in it.
#[derive(Debug, Args)]
pub struct Inhoud {
    /// Gemeente die u bedient (CBS-code); mag vaker. Zonder: de hele regio.
    #[arg(long = "gemeente")]
    pub(super) gemeenten: Vec<GemeenteCode>,
    /// Functie of postbus die te adresseren is; mag vaker.
    #[arg(long = "functie")]
    pub(super) functies: Vec<Code>,
    /// Ontvanger bij nood.
    #[arg(long)]
    pub(super) noodontvanger: bool,
    /// Convenant en versie waarvan u de afspraken hebt gelezen, zoals voorbeeldregio:1; mag vaker. Wie partij is, tekent die al.
    #[arg(long, value_parser = bevestiging)]
    pub(super) bevestigd: Vec<Bevestiging>,
    /// Hoe lang zij geldt, in dagen.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=1096))]
    pub(super) dagen: u16,
    /// Haar nummer; zonder: het eerstvolgende.
    #[arg(long)]
    pub(super) volgnummer: Option<u32>,
    /// Zonder sleutel: de sleutels die al in de gids staan, blijven.
    #[arg(long)]
    pub(super) zonder_sleutel: bool,
}

fn bevestiging(tekst: &str) -> Result<Bevestiging, String> {
    let (convenant, versie) = tekst.split_once(':').ok_or("schrijf het als voorbeeldregio:1")?;
    let convenant = convenant.parse::<ConvenantId>().map_err(|e| e.to_string())?;
    let versie = versie.parse::<u32>().map_err(|_| "de versie is een getal")?;
    Ok(Bevestiging { convenant, versie })
}

/// De vermelding in de gids: maken, laten meetekenen, brengen.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "a comment is help for whoever types; what is flattened in has its own")]
pub enum Vermeldingopdracht {
    /// Maakt en tekent uw vermelding; de eerste keer met uw eerste sleutel. Daarna tekent de convenantbeheerder mee, en brengt u haar weg.
    Maken {
        #[command(flatten)]
        maken: Maakopdracht,
        #[command(flatten)]
        inhoud: Inhoud,
    },
    /// Tekent een vermelding mee. Voor de convenantbeheerder, op de machine met zijn sleutel; zonder netwerk.
    Meetekenen(Meetekenopdracht),
    /// Brengt een vermelding die is meegetekend naar het knooppunt.
    Brengen(Brengopdracht),
}

/// Does it; gives what to print.
///
/// # Errors
/// [`Fout`], with a way out.
pub async fn uitvoeren(
    opdracht: &Vermeldingopdracht,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
) -> Result<String, Fout> {
    let bureau = |wie: &Wie| Bureau::openen(&wie.config, Arc::clone(&clock), Arc::clone(&random));
    match opdracht {
        Vermeldingopdracht::Maken { maken, inhoud } => daden::maken(&bureau(&maken.wie)?, inhoud, maken).await,
        Vermeldingopdracht::Meetekenen(mee) => daden::meetekenen(mee, &*clock),
        Vermeldingopdracht::Brengen(Brengopdracht { wie, bestand }) => daden::brengen(&bureau(wie)?, bestand, wie.json).await,
    }
}
