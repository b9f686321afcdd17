//! An outgoing message: which own path, which type, which case, to whom, with which parts.

use inbreng_domain::{Code, Datum, GemeenteCode, TypeNaam, limits::Limits, vocabulary::Urgentie};
use serde_json::{Value, json};

use super::{
    bekend::Bekend,
    bouw::Bouw,
    delen::Deelregel,
    fout::{MappingFout, veld},
    lezer::{Lezer, tekst, woord},
    lokaal_pad,
    pad::{Plek, patroon},
    personen::Geadresseerden,
    voorwaarde::Voorwaarde,
    vullen::Vuller,
    waarde::{Sjabloon, nummer},
    woord::Woorden,
};
use crate::concept::{Casuskeuze, Concept, Vertaalfout};

/// One `[[uitgaand]]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Uitgaand {
    pub(super) pad: String,
    pub(super) wanneer: Voorwaarde,
    pub(super) soort: TypeNaam,
    pub(super) variant: Option<Woorden<Code>>,
    kenmerk: Option<Sjabloon>,
    casus: Casus,
    antwoord_op: Option<Sjabloon>,
    urgentie: Option<Woorden<Urgentie>>,
    gemeente: Option<Woorden<GemeenteCode>>,
    peildatum: Option<Woorden<Datum>>,
    geadresseerden: Geadresseerden,
    verklaring: Sjabloon,
    pub(super) delen: Vec<Deelregel>,
    bekend: Bekend,
}

#[derive(Debug, Clone, PartialEq)]
enum Casus {
    Geen,
    VanAntwoord,
    /// The own number, or else the case of the message that is answered.
    Eigen(Box<Sjabloon>, bool),
}

const VAN_ANTWOORD: &str = "van-antwoord";

impl Uitgaand {
    pub(super) fn lezen(waarde: toml::Value, plek: &str, mut bouw: Bouw<'_>) -> Result<Self, MappingFout> {
        let mut l = Lezer::new(waarde, plek)?;
        let b = &mut bouw;
        let pad = lokaal_pad(tekst(l.moet("pad")?, &l.bij("pad"))?, &l.bij("pad"))?;
        let soort = woord(&tekst(l.moet("soort")?, &l.bij("soort"))?, &l.bij("soort"))?;
        let wanneer = Voorwaarde::misschien(l.neem("wanneer"), &l.bij("wanneer"), b)?;
        let antwoord_op = sleutel(&mut l, "antwoord_op", b)?;
        let casus = Casus::lezen(l.moet("casus")?, &l.bij("casus"), b)?;
        if antwoord_op.is_none() && matches!(casus, Casus::VanAntwoord | Casus::Eigen(_, true)) {
            return Err(MappingFout::new(
                l.bij("casus"),
                "dit kan alleen als antwoord_op zegt op welk bericht dit een antwoord is",
            ));
        }
        let functie: Option<Woorden<Code>> = woorden(&mut l, "functie", b)?;
        let delen = l
            .lijst("delen")?
            .into_iter()
            .map(|(v, hier)| Deelregel::lezen(v, &hier, functie.as_ref(), b))
            .collect::<Result<_, _>>()?;
        let negeren =
            l.lijst("negeren")?.into_iter().map(|(v, hier)| patroon(&tekst(v, &hier)?, &hier)).collect::<Result<_, _>>()?;
        let mut regel = Self {
            pad,
            wanneer,
            soort,
            variant: woorden(&mut l, "variant", b)?,
            kenmerk: sleutel(&mut l, "kenmerk", b)?,
            casus,
            antwoord_op,
            urgentie: woorden(&mut l, "urgentie", b)?,
            gemeente: woorden(&mut l, "gemeente", b)?,
            peildatum: woorden(&mut l, "peildatum", b)?,
            geadresseerden: Geadresseerden::lezen(&mut l, "geadresseerden", b)?,
            verklaring: match l.neem("verklaring") {
                None => Sjabloon::Vast(json!({})),
                Some(v) => Sjabloon::lezen(v, &l.bij("verklaring"), b)?,
            },
            delen,
            bekend: Bekend::default(),
        };
        if bouw.vraagt_leeftijd() && regel.peildatum.is_none() {
            return Err(MappingFout::new(
                l.bij("peildatum"),
                "een leeftijdsgroep vraagt een peildatum: de datum waarop de leeftijd telt",
            ));
        }
        l.klaar()?;
        regel.bekend = Bekend::van(bouw.genoemd(), negeren);
        Ok(regel)
    }

    /// Whether this line is the one for the message.
    pub(super) fn geldt(&self, bericht: &Value) -> Result<bool, Vertaalfout> {
        Vuller::uit(None).geldt(&self.wanneer, &Plek::begin(bericht))
    }

    pub(super) fn maak(&self, bericht: &Value) -> Result<Concept, Vertaalfout> {
        if !bericht.is_object() {
            return Err(veld("", "Hier hoort een bericht met velden."));
        }
        self.bekend.toets(bericht, &self.soort)?;
        let plek = &Plek::begin(bericht);
        let eerst = Vuller::uit(None);
        let peildatum = self.peildatum.as_ref().map_or(Ok(None), |p| p.een(&eerst, plek))?;
        let vuller = &Vuller::uit(peildatum.map(Datum::date));
        let nodig = |s: &Sjabloon| veld(s.aanwijzer(plek), "Dit veld is verplicht en ontbreekt of is leeg.");

        let antwoord_op = self.antwoord_op.as_ref().map_or(Ok(None), |s| vuller.tekst(s, plek))?;
        let casus = match &self.casus {
            Casus::Geen => Casuskeuze::Geen,
            Casus::VanAntwoord => Casuskeuze::VanAntwoord,
            Casus::Eigen(s, anders_antwoord) => match vuller.tekst(s, plek)? {
                Some(eigen) => Casuskeuze::Eigen(eigen),
                None if *anders_antwoord => Casuskeuze::VanAntwoord,
                None => return Err(nodig(s)),
            },
        };
        if casus == Casuskeuze::VanAntwoord && antwoord_op.is_none() {
            return Err(self
                .antwoord_op
                .as_ref()
                .map_or_else(|| veld("", "Noem het bericht waarop dit een antwoord is."), nodig));
        }
        let geadresseerden = self.geadresseerden.bepaal(vuller, plek)?;
        if geadresseerden.is_empty() && !self.geadresseerden.is_leeg() {
            return Err(veld("", "Voor dit bericht blijft geen ontvanger over."));
        }
        let mut delen = Vec::new();
        for deel in &self.delen {
            deel.maak(vuller, plek, &mut delen)?;
            if delen.len() > Limits::default().parts {
                return Err(veld("", format!("Dit bericht wordt meer dan {} delen. Splits het.", Limits::default().parts)));
            }
        }
        Ok(Concept {
            kenmerk: self.kenmerk.as_ref().map_or(Ok(None), |s| vuller.tekst(s, plek))?,
            soort: self.soort.clone(),
            variant: self.variant.as_ref().map_or(Ok(None), |w| w.een(vuller, plek))?,
            urgentie: self.urgentie.as_ref().map_or(Ok(None), |w| w.een(vuller, plek))?.unwrap_or(Urgentie::Normaal),
            casus,
            antwoord_op,
            gemeente: self.gemeente.as_ref().map_or(Ok(None), |w| w.een(vuller, plek))?,
            geadresseerden,
            verklaring: vuller.vul(&self.verklaring, plek)?.unwrap_or_else(|| json!({})),
            delen,
            toelichting: None,
        })
    }
}

impl Casus {
    fn lezen(waarde: toml::Value, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        match waarde {
            toml::Value::String(s) if s == "geen" => Ok(Self::Geen),
            toml::Value::String(s) if s == VAN_ANTWOORD => Ok(Self::VanAntwoord),
            waarde => {
                let fout = || MappingFout::new(plek, "hier hoort \"geen\", \"van-antwoord\" of { eigen = … }");
                let mut l = Lezer::new(waarde, plek).map_err(|_| fout())?;
                let eigen = sleutel(&mut l, "eigen", bouw)?.ok_or_else(fout)?;
                let anders = match l.tekst("anders")?.as_deref() {
                    None => false,
                    Some(VAN_ANTWOORD) => true,
                    Some(_) => return Err(MappingFout::new(l.bij("anders"), "hier kan alleen \"van-antwoord\" staan")),
                };
                l.klaar()?;
                Ok(Self::Eigen(Box::new(eigen), anders))
            }
        }
    }
}

fn sleutel(l: &mut Lezer, naam: &'static str, bouw: &mut Bouw<'_>) -> Result<Option<Sjabloon>, MappingFout> {
    let plek = l.bij(naam);
    l.neem(naam).map(|v| Sjabloon::lezen(v, &plek, bouw).map(nummer)).transpose()
}

fn woorden<T>(l: &mut Lezer, naam: &'static str, bouw: &mut Bouw<'_>) -> Result<Option<Woorden<T>>, MappingFout>
where
    T: std::str::FromStr + Clone,
    T::Err: std::fmt::Display,
{
    let plek = l.bij(naam);
    l.neem(naam).map(|v| Woorden::lezen(v, &plek, bouw)).transpose()
}
