//! The commands about parties, as they are typed.

use std::sync::Arc;

use clap::Subcommand;
use inbreng_domain::{Clock, ConvenantId, Digest, Randomness, Tijdstip, versie::Beheerfunctie};

use super::daden;
use crate::beleid::{
    aanvraag::{Brengopdracht, Maakopdracht, Meetekenopdracht},
    bureau::Bureau,
    fout::Fout,
    opdracht::Wie,
};

/// Toetreden tot een convenant, uittreden, en zien wie partij is.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "a comment is help for whoever types; what is flattened in has its own")]
pub enum Partijopdracht {
    /// Wie partij is, elke handtekening nagekeken op deze machine.
    Lijst {
        #[command(flatten)]
        wie: Wie,
        /// Alleen dit convenant.
        #[arg(long)]
        convenant: Option<ConvenantId>,
    },
    /// Tekent dat uw organisatie partij wordt. Daarna tekent de convenantbeheerder mee, en brengt u het weg.
    Toetreden {
        #[command(flatten)]
        maken: Maakopdracht,
        /// Het convenant.
        #[arg(long)]
        convenant: ConvenantId,
        /// In welke functie u dit doet: privacy-officer, fg of bestuurder.
        #[arg(long)]
        functie: Beheerfunctie,
        /// Het kenmerk van de tekst, als er meer dan een te tekenen is.
        #[arg(long)]
        tekst: Option<Digest>,
        /// Vanaf wanneer, zoals 2026-12-01T00:00:00.000Z; zonder: nu.
        #[arg(long)]
        vanaf: Option<Tijdstip>,
        /// Tot wanneer; zonder: zolang het convenant geldt.
        #[arg(long)]
        tot: Option<Tijdstip>,
        /// Uw eigen nummer voor deze verklaring; zonder: het eerstvolgende.
        #[arg(long)]
        volgnummer: Option<u32>,
    },
    /// Tekent een toetreding mee. Voor de convenantbeheerder, op de machine met zijn sleutel; zonder netwerk.
    Meetekenen(Meetekenopdracht),
    /// Brengt een toetreding die is meegetekend naar het knooppunt.
    Brengen(Brengopdracht),
    /// Tekent dat uw organisatie geen partij meer is, en brengt dat naar het knooppunt.
    Uittreden {
        #[command(flatten)]
        wie: Wie,
        /// Het convenant.
        #[arg(long)]
        convenant: ConvenantId,
        /// In welke functie u dit doet: privacy-officer, fg of bestuurder.
        #[arg(long)]
        functie: Beheerfunctie,
        /// Vanaf wanneer, zoals 2026-12-01T00:00:00.000Z; zonder: nu.
        #[arg(long)]
        vanaf: Option<Tijdstip>,
        /// Uw eigen nummer voor deze verklaring; zonder: het eerstvolgende.
        #[arg(long)]
        volgnummer: Option<u32>,
        /// Vraag niet om een ja (voor scripts).
        #[arg(long)]
        ja: bool,
    },
}

/// Does it; gives what to print.
///
/// # Errors
/// [`Fout`], with a way out.
pub async fn uitvoeren(opdracht: &Partijopdracht, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Result<String, Fout> {
    let bureau = |wie: &Wie| Bureau::openen(&wie.config, Arc::clone(&clock), Arc::clone(&random));
    match opdracht {
        Partijopdracht::Lijst { wie, convenant } => daden::lijst(&bureau(wie)?, convenant.as_ref(), wie.json).await,
        Partijopdracht::Toetreden { maken, convenant, functie, tekst, vanaf, tot, volgnummer } => {
            let opgave =
                daden::Opgave { convenant, functie: *functie, tekst: *tekst, vanaf: *vanaf, tot: *tot, volgnummer: *volgnummer };
            daden::toetreden(&bureau(&maken.wie)?, &opgave, maken).await
        }
        Partijopdracht::Meetekenen(mee) => daden::meetekenen(mee, &*clock),
        Partijopdracht::Brengen(Brengopdracht { wie, bestand }) => daden::brengen(&bureau(wie)?, bestand, wie.json).await,
        Partijopdracht::Uittreden { wie, convenant, functie, vanaf, volgnummer, ja } => {
            let opgave =
                daden::Opgave { convenant, functie: *functie, tekst: None, vanaf: *vanaf, tot: None, volgnummer: *volgnummer };
            daden::uittreden(&bureau(wie)?, &opgave, *ja, wie.json).await
        }
    }
}
