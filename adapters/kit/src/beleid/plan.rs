//! Putting a version in force, in three hands: a party writes down what and when (`voorstel`), the covenant manager signs that on its
//! own machine (`tekenen`), and any party brings it (`activeren`). The key of the covenant manager is never on a machine of a partner.

use std::path::Path;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Clock, ConvenantId, Digest, Oin, Tijdstip,
    versie::{Activering, Versiestaat, Versiestapsoort},
    vocabulary::JaNee,
};
use inbreng_proof::{Typ, digest_of, jws};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    aanvraag::niet_getekend,
    bureau::{Bureau, laden, sleutel},
    controle::Bekeken,
    fout::Fout,
    versie::Versie,
};
use crate::hub::Activeringsplan;

/// What the covenant manager is asked to sign.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Voorstel {
    pub convenant: ConvenantId,
    pub titel: String,
    pub nummer: u32,
    pub versie: Digest,
    pub volgnummer: u32,
    pub ingang: Tijdstip,
    pub terug: JaNee,
    /// Who approved, as the hub shows it; it takes care itself that these are two of two organisations.
    pub goedgekeurd_door: Vec<Goedkeurder>,
    pub bundel: Value,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goedkeurder {
    pub oin: Oin,
    pub naam: String,
}

/// Writes down what is to be signed.
pub(super) async fn voorstellen(bureau: &Bureau, bekeken: &Bekeken, ingang: Tijdstip) -> Result<Voorstel, Fout> {
    let versie = &bekeken.versie;
    if versie.regel.staat != Versiestaat::Goedgekeurd {
        return Err(Fout::new(
            format!("Deze versie is {}, en nog niet door {} organisaties goedgekeurd.", versie.regel.staat, versie.nodig),
            "Vraag eerst de goedkeuringen.",
        ));
    }
    if ingang <= bureau.clock.now() {
        return Err(Fout::new("Het moment is al voorbij.", "Kies een moment dat nog komt."));
    }
    let naam = |oin: &Oin| bekeken.namen.iter().find(|(o, _)| o == oin).map_or_else(String::new, |(_, naam)| naam.clone());
    Ok(Voorstel {
        convenant: versie.regel.convenant.clone(),
        titel: bekeken.titel.clone(),
        nummer: versie.regel.nummer,
        versie: versie.regel.versie,
        volgnummer: volgend(bureau, &versie.regel.convenant, bekeken.geldend.map_or(0, |g| g.nummer)).await?,
        ingang,
        terug: if versie.gold_eerder() { JaNee::Ja } else { JaNee::Nee },
        goedgekeurd_door: versie.goedkeuringen.iter().map(|oin| Goedkeurder { oin: *oin, naam: naam(oin) }).collect(),
        bundel: bekeken.bundel.clone(),
    })
}

/// The number behind every one that was used, those of withdrawn plans included. A hub may leave one out; what is in force is signed.
async fn volgend(bureau: &Bureau, convenant: &ConvenantId, geldend: u32) -> Result<u32, Fout> {
    let mut hoogste = geldend;
    for regel in bureau.versies(convenant).await? {
        let versie: Versie = bureau.versie(regel.versie).await?;
        for stap in versie.stappen.iter().filter(|s| s.soort == Versiestapsoort::Plannen) {
            let gepland = stap.verklaring.as_deref().and_then(|jws| jws::unverified_payload::<Activering>(jws).ok());
            hoogste = hoogste.max(gepland.map_or(0, |a| a.volgnummer));
        }
        hoogste = hoogste.max(versie.volgnummer.unwrap_or(0));
    }
    Ok(hoogste.saturating_add(1))
}

impl Voorstel {
    /// Reads it, and holds what it says against the bundle in it.
    pub fn lezen(pad: &Path) -> Result<Self, Fout> {
        let tekst = std::fs::read(pad).map_err(|e| Fout::bestand(pad, e))?;
        let voorstel: Self = serde_json::from_slice(&tekst).map_err(|e| Fout::van_een_ander(pad, e))?;
        if digest_of(&voorstel.bundel).ok() != Some(voorstel.versie) {
            return Err(Fout::van_een_ander(pad, "de regels erin zijn andere dan die het noemt"));
        }
        let catalogus = Catalogus::ingebouwd().map_err(|e| Fout::new(e.to_string(), "Installeer het programma opnieuw."))?;
        let beleid = laden(&voorstel.bundel, &catalogus)?;
        let bundel = beleid.bundel();
        let gelijk = bundel.convenant == voorstel.convenant && bundel.versie == voorstel.nummer && bundel.titel == voorstel.titel;
        if gelijk {
            Ok(voorstel)
        } else {
            Err(Fout::van_een_ander(pad, "het noemt een ander convenant of nummer dan de regels erin"))
        }
    }

    /// Signs it as the covenant manager.
    pub fn tekenen(&self, certificaat: &Path, key: &Path, clock: &dyn Clock) -> Result<Activeringsplan, Fout> {
        let nu = clock.now();
        if self.ingang <= nu {
            return Err(Fout::new("Het moment is al voorbij.", "Vraag om een nieuw voorstel met een later moment."));
        }
        let (sleutel, _) = sleutel(certificaat, key)?;
        let activering = Activering {
            convenant: self.convenant.clone(),
            versie: self.versie,
            volgnummer: self.volgnummer,
            ingang: self.ingang,
            terug: self.terug,
            tijd: nu,
        };
        Ok(Activeringsplan {
            bundel: jws::sign(&sleutel, Typ::Beleid, &self.bundel).map_err(|e| niet_getekend(&e))?,
            activering: jws::sign(&sleutel, Typ::Activering, &activering).map_err(|e| niet_getekend(&e))?,
        })
    }
}
