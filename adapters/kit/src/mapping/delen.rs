//! The parts of an outgoing message: when there is one, its labels, and its content.

use inbreng_domain::{
    Code, Datum, Tijdstip,
    vocabulary::{Categorie, Doel, Gebruik, Grondslag, JaNee, Namens, Noodzaak, Toegangswijze, Zekerheid},
};

use super::{
    bouw::Bouw,
    fout::{MappingFout, veld},
    lezer::{Lezer, tekst},
    pad::{Pad, Plek},
    personen::{Betrokkenen, Geadresseerden},
    voorwaarde::Voorwaarde,
    vullen::Vuller,
    waarde::Sjabloon,
    woord::Woorden,
};
use crate::concept::{Conceptdeel, Vertaalfout};

/// A part, or one for each item of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Deelregel {
    per: Option<Pad>,
    wanneer: Voorwaarde,
    pub(super) categorie: Woorden<Categorie>,
    pub(super) doel: Woorden<Doel>,
    pub(super) grondslagen: Woorden<Grondslag>,
    betrokkenen: Betrokkenen,
    inhoud: Sjabloon,
    wijze: Option<Woorden<Toegangswijze>>,
    gebruik: Option<Woorden<Gebruik>>,
    noodzaak_toegelicht: Voorwaarde,
    status: Option<Woorden<Zekerheid>>,
    waargenomen_op: Option<Woorden<Datum>>,
    functie: Woorden<Code>,
    afgeschermd: Voorwaarde,
    briefing: Voorwaarde,
    noodbesluit: Voorwaarde,
    genoemd: Voorwaarde,
    ontvangers: Geadresseerden,
    namens: Option<Woorden<Namens>>,
    overlegdeel: Option<Woorden<Code>>,
    bewaren_tot: Option<Woorden<Tijdstip>>,
}

fn misschien<T>(lezer: &mut Lezer, sleutel: &'static str, bouw: &mut Bouw<'_>) -> Result<Option<Woorden<T>>, MappingFout>
where
    T: std::str::FromStr + Clone,
    T::Err: std::fmt::Display,
{
    let plek = lezer.bij(sleutel);
    lezer.neem(sleutel).map(|v| Woorden::lezen(v, &plek, bouw)).transpose()
}

fn moet<T>(lezer: &mut Lezer, sleutel: &'static str, bouw: &mut Bouw<'_>) -> Result<Woorden<T>, MappingFout>
where
    T: std::str::FromStr + Clone,
    T::Err: std::fmt::Display,
{
    Woorden::lezen(lezer.moet(sleutel)?, &lezer.bij(sleutel), bouw)
}

/// A flag is off unless the mapping says when it is on.
fn vlag(lezer: &mut Lezer, sleutel: &'static str, bouw: &mut Bouw<'_>) -> Result<Voorwaarde, MappingFout> {
    let plek = lezer.bij(sleutel);
    Voorwaarde::misschien(Some(lezer.neem(sleutel).unwrap_or(toml::Value::Boolean(false))), &plek, bouw)
}

impl Deelregel {
    pub(super) fn lezen(
        waarde: toml::Value,
        plek: &str,
        functie: Option<&Woorden<Code>>,
        bouw: &mut Bouw<'_>,
    ) -> Result<Self, MappingFout> {
        let mut lezer = Lezer::new(waarde, plek)?;
        let bij_per = lezer.bij("per");
        match lezer.neem("per") {
            None => Self::binnen(lezer, functie, bouw),
            Some(per) => {
                let per = tekst(per, &bij_per)?;
                let (pad, mut regel) = bouw.per(&per, &bij_per, |b| Self::binnen(lezer, functie, b))?;
                regel.per = Some(pad);
                Ok(regel)
            }
        }
    }

    fn binnen(mut l: Lezer, functie: Option<&Woorden<Code>>, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let lezer = &mut l;
        let wanneer = Voorwaarde::misschien(lezer.neem("wanneer"), &lezer.bij("wanneer"), bouw)?;
        let functie = match (misschien(lezer, "functie", bouw)?, functie) {
            (Some(eigen), _) => eigen,
            (None, Some(algemeen)) => algemeen.clone(),
            (None, None) => return Err(MappingFout::new(lezer.bij("functie"), "noem de functie hier of bij het bericht")),
        };
        let regel = Self {
            per: None,
            wanneer,
            functie,
            categorie: moet(lezer, "categorie", bouw)?,
            doel: moet(lezer, "doel", bouw)?,
            grondslagen: moet(lezer, "grondslagen", bouw)?,
            betrokkenen: Betrokkenen::lezen(lezer, bouw)?,
            inhoud: Sjabloon::lezen(lezer.moet("inhoud")?, &lezer.bij("inhoud"), bouw)?,
            wijze: misschien(lezer, "wijze", bouw)?,
            gebruik: misschien(lezer, "gebruik", bouw)?,
            noodzaak_toegelicht: vlag(lezer, "noodzaak_toegelicht", bouw)?,
            status: misschien(lezer, "status", bouw)?,
            waargenomen_op: misschien(lezer, "waargenomen_op", bouw)?,
            afgeschermd: vlag(lezer, "afgeschermd", bouw)?,
            briefing: vlag(lezer, "briefing", bouw)?,
            noodbesluit: vlag(lezer, "noodbesluit", bouw)?,
            genoemd: vlag(lezer, "genoemd", bouw)?,
            ontvangers: Geadresseerden::lezen(lezer, "ontvangers", bouw)?,
            namens: misschien(lezer, "namens", bouw)?,
            overlegdeel: misschien(lezer, "overlegdeel", bouw)?,
            bewaren_tot: misschien(lezer, "bewaren_tot", bouw)?,
        };
        l.klaar()?;
        Ok(regel)
    }

    /// Adds the parts that this line makes of the message.
    pub(super) fn maak(&self, vuller: &Vuller<'_>, plek: &Plek<'_>, delen: &mut Vec<Conceptdeel>) -> Result<(), Vertaalfout> {
        let plekken = match &self.per {
            None => vec![plek.clone()],
            Some(lijst) => vuller.items(lijst, plek)?.unwrap_or_default(),
        };
        for hier in &plekken {
            if vuller.geldt(&self.wanneer, hier)? {
                delen.push(self.deel(vuller, hier)?);
            }
        }
        Ok(())
    }

    fn deel(&self, vuller: &Vuller<'_>, plek: &Plek<'_>) -> Result<Conceptdeel, Vertaalfout> {
        fn een<T>(woord: Option<&Woorden<T>>, vuller: &Vuller<'_>, plek: &Plek<'_>) -> Result<Option<T>, Vertaalfout>
        where
            T: std::str::FromStr + Clone,
            T::Err: std::fmt::Display,
        {
            woord.map_or(Ok(None), |w| w.een(vuller, plek))
        }
        let nodig = |pad: String| veld(pad, "Dit veld is verplicht en ontbreekt of is leeg.");
        let vlag = |v: &Voorwaarde| vuller.geldt(v, plek).map(JaNee::from);
        let ontvangers = self.ontvangers.bepaal(vuller, plek)?;
        if ontvangers.is_empty() && !self.ontvangers.is_leeg() {
            // Nobody left would mean everybody on the wire: the opposite of what the mapping meant.
            return Err(veld(&plek.pad, "Voor dit onderdeel blijft geen ontvanger over."));
        }
        Ok(Conceptdeel {
            categorie: self.categorie.een(vuller, plek)?.ok_or_else(|| nodig(self.categorie.aanwijzer(plek)))?,
            doel: self.doel.een(vuller, plek)?.ok_or_else(|| nodig(self.doel.aanwijzer(plek)))?,
            grondslagen: self
                .grondslagen
                .bepaal(vuller, plek)?
                .filter(|g| !g.is_empty())
                .ok_or_else(|| nodig(self.grondslagen.aanwijzer(plek)))?,
            betrokkenen: self.betrokkenen.bepaal(vuller, plek)?,
            inhoud: vuller.vul(&self.inhoud, plek)?.unwrap_or_else(|| serde_json::json!({})),
            wijze: een(self.wijze.as_ref(), vuller, plek)?,
            gebruik: self.gebruik.as_ref().map_or(Ok(None), |g| g.bepaal(vuller, plek))?,
            noodzaak: if vuller.geldt(&self.noodzaak_toegelicht, plek)? {
                Noodzaak::Toegelicht
            } else {
                Noodzaak::NietToegelicht
            },
            status: een(self.status.as_ref(), vuller, plek)?,
            waargenomen_op: een(self.waargenomen_op.as_ref(), vuller, plek)?,
            functie: self.functie.een(vuller, plek)?.ok_or_else(|| nodig(self.functie.aanwijzer(plek)))?,
            afgeschermd: vlag(&self.afgeschermd)?,
            briefing: vlag(&self.briefing)?,
            noodbesluit: vlag(&self.noodbesluit)?,
            genoemd: vuller.geldt(&self.genoemd, plek)?,
            ontvangers,
            namens: een(self.namens.as_ref(), vuller, plek)?,
            overlegdeel: een(self.overlegdeel.as_ref(), vuller, plek)?,
            bewaren_tot: een(self.bewaren_tot.as_ref(), vuller, plek)?,
        })
    }
}
