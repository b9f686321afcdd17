//! The commands about keys, as they are typed.

use std::{path::PathBuf, sync::Arc};

use clap::Subcommand;
use inbreng_domain::{
    Clock, Oin, Randomness,
    gids::{Bevriesreden, Sleutelaanleiding},
};

use super::daden;
use crate::beleid::{
    aanvraag::{Brengopdracht, Meetekenopdracht},
    bureau::Bureau,
    fout::Fout,
    opdracht::Wie,
};

/// De verzegelingssleutels: bekijken, bevriezen, en na verlies een nieuwe maken.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "a comment is help for whoever types; what is flattened in has its own")]
pub enum Sleutelopdracht {
    /// De sleutels van een organisatie, elke handtekening nagekeken op deze machine.
    Lijst {
        #[command(flatten)]
        wie: Wie,
        /// Van deze organisatie (OIN); zonder: uw eigen.
        #[arg(long)]
        oin: Option<Oin>,
    },
    /// Bevriest een sleutel, meteen en voorgoed: er wordt niet meer voor verzegeld, en zij bewijst geen volgende.
    Bevriezen {
        #[command(flatten)]
        wie: Wie,
        /// Het kenmerk (kid) van de sleutel, zoals `sleutel lijst` het toont.
        #[arg(long, allow_hyphen_values = true)]
        kid: String,
        /// Waarom: gelekt of verloren.
        #[arg(long)]
        reden: Bevriesreden,
        /// Het nummer van de nieuwste sleutelverklaring die blijft staan; zonder: die van de sleutel zelf.
        #[arg(long)]
        laatste: Option<u32>,
        /// Van deze organisatie (OIN); alleen de convenantbeheerder.
        #[arg(long, requires = "certificaat")]
        oin: Option<Oin>,
        /// Het ondertekeningscertificaat van de convenantbeheerder (PEM); zonder: uw organisatie tekent zelf.
        #[arg(long, requires = "sleutel")]
        certificaat: Option<PathBuf>,
        /// De sleutel daarbij (PEM).
        #[arg(long, requires = "certificaat")]
        sleutel: Option<PathBuf>,
        /// Vraag niet om een ja (voor scripts).
        #[arg(long)]
        ja: bool,
    },
    /// Maakt een nieuwe sleutel die de vorige niet kan bewijzen. Daarna bevestigt de convenantbeheerder haar, en plaatst u haar met `brengen`.
    Nieuw {
        #[command(flatten)]
        wie: Wie,
        /// De map waarin de sleutel komt; zonder: sleutels.wisselmap.
        #[arg(long)]
        map: Option<PathBuf>,
        /// Het bestand dat naar de convenantbeheerder gaat.
        #[arg(long)]
        uit: PathBuf,
    },
    /// Bevestigt een nieuwe sleutel. Voor de convenantbeheerder, op de machine met zijn sleutel; zonder netwerk.
    Bevestigen {
        #[command(flatten)]
        mee: Meetekenopdracht,
        /// Waarom: eerste, verloren, bevroren of certificaat.
        #[arg(long)]
        aanleiding: Sleutelaanleiding,
    },
    /// Plaatst een nieuwe sleutel in de gids, als zij is bevestigd.
    Brengen(Brengopdracht),
}

/// Does it; gives what to print.
///
/// # Errors
/// [`Fout`], with a way out.
pub async fn uitvoeren(opdracht: &Sleutelopdracht, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Result<String, Fout> {
    let bureau = |wie: &Wie| Bureau::openen(&wie.config, Arc::clone(&clock), Arc::clone(&random));
    match opdracht {
        Sleutelopdracht::Lijst { wie, oin } => daden::lijst(&bureau(wie)?, *oin, wie.json).await,
        Sleutelopdracht::Bevriezen { wie, kid, reden, laatste, oin, certificaat, sleutel, ja } => {
            let beheerder = certificaat.as_deref().zip(sleutel.as_deref());
            let opgave = daden::Bevriesopgave { kid, reden: *reden, laatste: *laatste, oin: *oin, beheerder };
            daden::bevriezen(&bureau(wie)?, &opgave, *ja, wie.json).await
        }
        Sleutelopdracht::Nieuw { wie, map, uit } => daden::nieuw(&bureau(wie)?, map.as_deref(), uit).await,
        Sleutelopdracht::Bevestigen { mee, aanleiding } => daden::bevestigen(mee, *aanleiding, &*clock),
        Sleutelopdracht::Brengen(Brengopdracht { wie, bestand }) => daden::brengen(&bureau(wie)?, bestand, wie.json).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Getypt {
        #[command(subcommand)]
        opdracht: Sleutelopdracht,
    }

    /// One in sixty-four begins with a hyphen (base64url, RFC 4648).
    #[test]
    fn a_key_whose_number_begins_with_a_hyphen_is_named_as_it_is_shown() {
        let woorden = ["sleutel", "bevriezen", "--config", "a.toml", "--kid", "-t3Xk", "--reden", "gelekt", "--ja"];
        let getypt = Getypt::try_parse_from(woorden).unwrap();
        let Sleutelopdracht::Bevriezen { kid, ja, .. } = getypt.opdracht else { panic!("another command") };
        assert_eq!((&*kid, ja), ("-t3Xk", true));
    }
}
