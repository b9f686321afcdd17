//! Policy versions: one batch's decisions on them, and how they are read.

use std::collections::HashMap;

use async_trait::async_trait;
use inbreng_domain::{ConvenantId, Digest, Tijdstip};
use inbreng_storage::{
    Beleidsgrens, Beleidsplan, NieuweVersie, Planregel, Planwijziging, StoreError, StoreResult, Versiekop, Versies,
    Versieschrift, Versiestap, Versieuitslag,
};
use serde_json::json;

use super::{
    SqlStore, ander_antwoord,
    fout::vertaald,
    opdracht::{Uitslag, Werk},
    rij::Lezen,
    rijen::{Rijen, Waarde},
    sql,
    stapel::{Stapel, Stapelfout},
    verbinding::{Rij, Verbinding, vraag},
};

/// A version, as it is after the writes so far.
#[derive(Debug)]
struct Bekend {
    nr: i64,
    convenant: ConvenantId,
    tabellen_digest: Digest,
    stand: u32,
}

/// What a batch knows and writes of versions.
#[derive(Debug)]
pub(super) struct Versiestapel<'a> {
    versies: HashMap<Digest, Bekend>,
    plannen: HashMap<ConvenantId, Vec<(Planregel, bool)>>,
    hoogste: i64,
    versie: Rijen<'a>,
    stap: Rijen<'a>,
    plan: Rijen<'a>,
}

impl<'a> Versiestapel<'a> {
    /// Looks up the versions that the works touch; nothing where they touch none.
    pub(super) async fn laden(tx: &mut Verbinding, werken: &[&'a Werk]) -> Result<Self, Stapelfout> {
        let mut stapel = Self {
            versies: HashMap::new(),
            plannen: HashMap::new(),
            hoogste: 0,
            versie: Rijen::voor(&sql::VERSIE),
            stap: Rijen::voor(&sql::VERSIESTAP),
            plan: Rijen::voor(&sql::BELEIDSPLAN),
        };
        let schriften = || werken.iter().filter_map(|w| if let Werk::Versie(s) = w { Some(s) } else { None });
        if schriften().next().is_none() {
            return Ok(stapel);
        }
        stapel.hoogste = vraag(sql::HOOGSTE_VERSIE).fetch_one(&mut *tx).await?.getal_of("nr")?.unwrap_or(0);
        let digests: Vec<_> = schriften().map(|s| json!(s.versie)).collect();
        for rij in vraag(sql::BEKENDE_VERSIES).bind(json!(digests).to_string()).fetch_all(&mut *tx).await? {
            let bekend = Bekend {
                nr: rij.getal("nr")?,
                convenant: rij.ontleed("convenant")?,
                tabellen_digest: rij.ontleed("tabellen_digest")?,
                stand: nummer(&rij, "stand")?,
            };
            stapel.versies.insert(rij.ontleed("digest")?, bekend);
        }
        let convenanten: Vec<_> = schriften().filter_map(|s| s.plan.as_ref()).map(|p| json!(convenant_van(p))).collect();
        for rij in vraag(sql::BEKENDE_PLANNEN).bind(json!(convenanten).to_string()).fetch_all(&mut *tx).await? {
            let regel = planregel(&rij)?;
            let ingetrokken = rij.getal("ingetrokken")? != 0;
            stapel.plannen.entry(regel.convenant.clone()).or_default().push((regel, ingetrokken));
        }
        Ok(stapel)
    }

    pub(super) fn is_leeg(&self) -> bool {
        self.stap.is_leeg()
    }

    /// Writes what was gathered, in the order that foreign keys want.
    pub(super) async fn schrijven(self, tx: &mut Verbinding) -> Result<(), sqlx::Error> {
        for rijen in [self.versie, self.stap, self.plan] {
            rijen.schrijven(tx).await?;
        }
        Ok(())
    }

    /// What a change of the plan would write, or why it cannot.
    fn planregel(&self, wijziging: &Planwijziging, nu: Tijdstip) -> Option<(Planregel, bool)> {
        let regels = self.plannen.get(convenant_van(wijziging)).map_or(&[][..], Vec::as_slice);
        match wijziging {
            Planwijziging::Toevoegen(nieuw) => {
                let bezet = |(r, ingetrokken): &(Planregel, bool)| {
                    r.volgnummer > nieuw.volgnummer
                        || r.volgnummer == nieuw.volgnummer && nieuw.volgnummer > 0
                        || !ingetrokken && r.ingang > nu && r.volgnummer > 0
                };
                (!regels.iter().any(bezet)).then(|| (nieuw.clone(), false))
            }
            Planwijziging::Intrekken { volgnummer, .. } => {
                let staat = |(r, ingetrokken): &&(Planregel, bool)| r.volgnummer == *volgnummer && !ingetrokken && r.ingang > nu;
                regels.iter().find(staat).map(|(r, _)| (r.clone(), true))
            }
        }
    }

    fn plan_schrijven(&mut self, regel: Planregel, ingetrokken: bool) {
        self.plan.rij([
            Waarde::eigen(&regel.convenant),
            Waarde::Getal(regel.volgnummer.into()),
            Waarde::eigen(&regel.versie),
            Waarde::Getal(regel.ingang.unix_millis()),
            Waarde::Getal(ingetrokken.into()),
            regel.activering.clone().map_or(Waarde::Leeg, Waarde::Eigen),
            Waarde::Eigen(regel.bundel.clone()),
        ]);
        let regels = self.plannen.entry(regel.convenant.clone()).or_default();
        regels.retain(|(r, _)| r.volgnummer != regel.volgnummer);
        regels.push((regel, ingetrokken));
    }

    fn stap_schrijven(&mut self, nr: i64, nummer: u32, stap: &'a Versiestap) {
        self.stap.rij([
            Waarde::Getal(nr),
            Waarde::Getal(nummer.into()),
            Waarde::Tekst(stap.soort.as_str()),
            Waarde::Tekst(stap.staat.as_str()),
            Waarde::Getal(stap.tijd.unix_millis()),
            Waarde::eigen_of(stap.door.as_ref()),
            Waarde::tekst_of(stap.functie.map(|f| f.as_str())),
            Waarde::tekst_of(stap.verklaring.as_deref()),
            Waarde::tekst_of(stap.uitslag.as_deref()),
        ]);
    }

    /// Makes the version known where it is new; says where it stands.
    fn bekend_maken(&mut self, digest: Digest, nieuw: Option<&'a NieuweVersie>) -> Result<u32, Versieuitslag> {
        match (self.versies.get(&digest), nieuw) {
            (Some(bekend), Some(nieuw)) if bekend.tabellen_digest != nieuw.tabellen_digest => Err(Versieuitslag::BestaatAnders),
            (Some(bekend), _) => Ok(bekend.stand),
            (None, None) => Err(Versieuitslag::Onbekend),
            (None, Some(_)) => Ok(0),
        }
    }

    fn versie_schrijven(&mut self, nieuw: &'a NieuweVersie) {
        self.hoogste += 1;
        self.versie.rij([
            Waarde::Getal(self.hoogste),
            Waarde::eigen(&nieuw.versie),
            Waarde::eigen(&nieuw.convenant),
            Waarde::Getal(nieuw.nummer.into()),
            Waarde::eigen(&nieuw.tabellen_digest),
            Waarde::eigen_of(nieuw.auteur.as_ref()),
            Waarde::Tekst(&nieuw.bundel),
            Waarde::Tekst(&nieuw.tabellen),
        ]);
        let bekend =
            Bekend { nr: self.hoogste, convenant: nieuw.convenant.clone(), tabellen_digest: nieuw.tabellen_digest, stand: 0 };
        self.versies.insert(nieuw.versie, bekend);
    }
}

impl<'a> Stapel<'a> {
    /// Whether a decision that rests on this policy may still be recorded.
    pub(super) fn in_kracht(&self, beleid: Beleidsgrens) -> bool {
        u64::try_from(self.stand.beleid).is_ok_and(|s| s == beleid.stand) && beleid.tot.is_none_or(|tot| self.nu < tot)
    }

    /// Decides on one write to a version.
    pub(super) fn versieschrift(&mut self, schrift: &'a Versieschrift) -> StoreResult<Versieuitslag> {
        let stand = match self.versies.bekend_maken(schrift.versie, schrift.nieuw.as_ref()) {
            Ok(stand) if stand == schrift.verwacht => stand,
            Ok(stand) => return Ok(Versieuitslag::Gewijzigd(stand)),
            Err(uitslag) => return Ok(uitslag),
        };
        let plan = match &schrift.plan {
            None => None,
            Some(wijziging) => match self.versies.planregel(wijziging, self.nu) {
                Some(regel) => Some(regel),
                None => return Ok(Versieuitslag::PlanBezet),
            },
        };
        if stand == 0
            && let Some(nieuw) = &schrift.nieuw
        {
            self.versies.versie_schrijven(nieuw);
        }
        let nummer = stand + 1;
        let bekend = self.versies.versies.get_mut(&schrift.versie).ok_or(StoreError::Corrupt { what: "versie" })?;
        if plan.as_ref().is_some_and(|(regel, _)| regel.versie != schrift.versie || regel.convenant != bekend.convenant) {
            return Err(StoreError::Conflict { what: "a plan of another version" });
        }
        bekend.stand = nummer;
        let nr = bekend.nr;
        self.versies.stap_schrijven(nr, nummer, &schrift.stap);
        if let Some((regel, ingetrokken)) = plan {
            self.versies.plan_schrijven(regel, ingetrokken);
            self.stand.beleid += 1;
        }
        self.blad(&schrift.blad);
        Ok(Versieuitslag::Vastgelegd(nummer))
    }
}

const fn convenant_van(wijziging: &Planwijziging) -> &ConvenantId {
    match wijziging {
        Planwijziging::Toevoegen(regel) => &regel.convenant,
        Planwijziging::Intrekken { convenant, .. } => convenant,
    }
}

fn nummer(rij: &Rij, kolom: &'static str) -> StoreResult<u32> {
    u32::try_from(rij.getal(kolom)?).map_err(|_| StoreError::Corrupt { what: kolom })
}

fn planregel(rij: &Rij) -> StoreResult<Planregel> {
    Ok(Planregel {
        convenant: rij.ontleed("convenant")?,
        volgnummer: nummer(rij, "volgnummer")?,
        versie: rij.ontleed("versie")?,
        ingang: rij.tijd("ingang")?,
        activering: rij.tekst_of("activering")?,
        bundel: rij.tekst("bundel")?,
    })
}

#[async_trait]
impl Versies for SqlStore {
    async fn versie_schrijven(&self, schrift: Versieschrift) -> StoreResult<Versieuitslag> {
        match self.schrijf(Werk::Versie(Box::new(schrift))).await? {
            Uitslag::Versie(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }

    async fn versies(&self, convenant: Option<ConvenantId>) -> StoreResult<Vec<Versiekop>> {
        let rijen = vraag(sql::VERSIES).bind(convenant.map(|c| c.to_string()));
        let rijen = rijen.fetch_all(&self.lezers).await.map_err(vertaald)?;
        rijen
            .iter()
            .map(|rij| {
                Ok(Versiekop {
                    versie: rij.ontleed("digest")?,
                    convenant: rij.ontleed("convenant")?,
                    nummer: nummer(rij, "nummer")?,
                    tabellen_digest: rij.ontleed("tabellen_digest")?,
                    auteur: rij.ontleed_of("auteur")?,
                    stand: nummer(rij, "stand")?,
                    staat: rij.ontleed("staat")?,
                })
            })
            .collect()
    }

    async fn versie(&self, versie: Digest) -> StoreResult<Option<(Versiekop, Vec<Versiestap>)>> {
        let rijen = vraag(sql::VERSIE_EN_STAPPEN).bind(versie.to_string());
        let rijen = rijen.fetch_all(&self.lezers).await.map_err(vertaald)?;
        let Some(laatste) = rijen.last() else { return Ok(None) };
        let kop = Versiekop {
            versie: laatste.ontleed("digest")?,
            convenant: laatste.ontleed("convenant")?,
            nummer: nummer(laatste, "versienummer")?,
            tabellen_digest: laatste.ontleed("tabellen_digest")?,
            auteur: laatste.ontleed_of("auteur")?,
            stand: nummer(laatste, "nummer")?,
            staat: laatste.ontleed("staat")?,
        };
        let stap = |rij: &Rij| {
            Ok(Versiestap {
                soort: rij.ontleed("soort")?,
                staat: rij.ontleed("staat")?,
                tijd: rij.tijd("tijd")?,
                door: rij.ontleed_of("door")?,
                functie: rij.ontleed_of("functie")?,
                verklaring: rij.tekst_of("verklaring")?,
                uitslag: rij.tekst_of("uitslag")?,
            })
        };
        Ok(Some((kop, rijen.iter().map(stap).collect::<StoreResult<_>>()?)))
    }

    async fn versie_inhoud(&self, versie: Digest) -> StoreResult<Option<NieuweVersie>> {
        let rij = vraag(sql::VERSIE_INHOUD).bind(versie.to_string()).fetch_optional(&self.lezers).await.map_err(vertaald)?;
        rij.map(|rij| {
            Ok(NieuweVersie {
                versie: rij.ontleed("digest")?,
                convenant: rij.ontleed("convenant")?,
                nummer: nummer(&rij, "nummer")?,
                tabellen_digest: rij.ontleed("tabellen_digest")?,
                bundel: rij.tekst("bundel")?,
                tabellen: rij.tekst("tabellen")?,
                auteur: rij.ontleed_of("auteur")?,
            })
        })
        .transpose()
    }

    async fn beleidsplan(&self, nu: Tijdstip) -> StoreResult<Beleidsplan> {
        let rijen = vraag(sql::PLAN).bind(nu.unix_millis()).fetch_all(&self.lezers).await.map_err(vertaald)?;
        let stand = rijen.first().ok_or(StoreError::Corrupt { what: "stand" })?.aantal("stand")?;
        let mut regels = Vec::with_capacity(rijen.len());
        for rij in &rijen {
            // Without any line the state still comes, beside nothing.
            if rij.tekst_of("convenant")?.is_some() {
                regels.push(planregel(rij)?);
            }
        }
        Ok(Beleidsplan { stand, regels })
    }

    async fn hoogste_plan(&self, convenant: ConvenantId) -> StoreResult<Option<u32>> {
        let rij = vraag(sql::HOOGSTE_PLAN).bind(convenant.to_string()).fetch_one(&self.lezers).await.map_err(vertaald)?;
        let nummer = rij.getal_of("volgnummer")?;
        nummer.map(|n| u32::try_from(n).map_err(|_| StoreError::Corrupt { what: "beleidsplan.volgnummer" })).transpose()
    }

    async fn beleidsstand(&self) -> StoreResult<u64> {
        vraag(sql::BELEIDSSTAND).fetch_one(&self.lezers).await.map_err(vertaald)?.aantal("beleid")
    }
}
