//! What a batch looks up before it decides: one statement per kind of key.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use inbreng_domain::{Clock, zaak::Deelnemer};
use inbreng_storage::{Herzien, StoreError, StoreResult};
use serde_json::json;

use super::{
    aannemen::{genoemde_zaken, zaken_van},
    bewaren::Bewaarstapel,
    bezorgen::Bezorgstapel,
    knopen,
    opdracht::Werk,
    partijen::Partijstapel,
    rij::Lezen,
    sql,
    stapel::{Herwikkeld, Levering, Stand, Stapel, Stapelfout, Uitgaand, Zaak, staat},
    verbinding::{Param, Reeks, Rij, Verbinding, Zin, vraag},
    versies::Versiestapel,
};

impl<'a> Stapel<'a> {
    /// Begins the transaction and looks up what the works touch, in one hop for what most of them touch.
    pub(super) async fn laden(tx: &mut Verbinding, werken: &[&'a Werk], clock: &dyn Clock) -> Result<Self, Stapelfout> {
        static LADEN: Reeks = Reeks::van(&[
            sql::BEGIN,
            sql::STAND,
            sql::RAND,
            sql::BEKENDE_BERICHTEN,
            sql::BERICHTNUMMERS,
            sql::BEKENDE_DELEN,
            sql::BEKENDE_ZAKEN,
            sql::BEKENDE_LEVERINGEN,
            sql::BEKENDE_NONCES,
        ]);
        let sleutels = Sleutels::van(werken);
        let lijst = |sleutels: &Vec<serde_json::Value>| vec![Param::from(json!(sleutels).to_string())];
        let params = [
            Vec::new(),
            Vec::new(),
            Vec::new(),
            lijst(&sleutels.berichten),
            lijst(&sleutels.nummers),
            lijst(&sleutels.delen),
            lijst(&sleutels.zaken),
            lijst(&sleutels.leveringen),
            lijst(&sleutels.nonces),
        ];
        let [_begin, stand, rand, berichten, nummers, delen, zaken, leveringen, nonces] = LADEN.lezen(tx, params).await?;
        // Read once nobody else writes: a wait for the file must not make a decision look newer than it is.
        let nu = clock.now();
        let rij = stand.first().ok_or(StoreError::Corrupt { what: "stand" })?;
        let stand = Stand {
            gids: rij.getal("gids")?,
            bericht: rij.getal("bericht")?,
            deel: rij.getal("deel")?,
            levering: rij.getal("levering")?,
            zaak: rij.getal("zaak")?,
            blad: rij.getal("blad")?,
            beleid: rij.getal("beleid")?,
            gewezen: rij.getal("gewezen")?,
            herzien: rij.getal("herzien")?,
        };
        // Of what comes again the wraps may be wanted.
        let komt_weer = !berichten.is_empty() || !sleutels.toegangen.is_empty();
        let verloren = komt_weer && vraag(sql::WRAPS_GEVRAAGD).fetch_optional(&mut *tx).await?.is_some();
        let mut stapel = Self {
            begin: stand,
            rand: knopen::rand(&rand)?,
            stand,
            nu,
            versies: Versiestapel::laden(tx, werken).await?,
            partijen: Partijstapel::laden(tx, werken).await?,
            bezorging: Bezorgstapel::uitvoeren(tx, werken).await?,
            bewaring: Bewaarstapel::uitvoeren(tx, werken).await?,
            berichten: HashMap::new(),
            berichtnummers: HashMap::new(),
            delen: HashMap::new(),
            zaken: HashMap::new(),
            herzien_bij_begin: 0,
            leveringen: HashMap::new(),
            nonces: HashSet::new(),
            jtis: HashSet::new(),
            uit: Uitgaand::nieuw(),
            bundels: Vec::new(),
            bladen: Vec::new(),
            tellingen: BTreeMap::new(),
            ontvangen: Vec::new(),
            losgelaten: Vec::new(),
            verbonden: Vec::new(),
            voldoeningen: Vec::new(),
            gelezen: Vec::new(),
            toetsen: HashMap::new(),
            getoetst: Vec::new(),
            wraps: HashSet::new(),
            inhouden: HashSet::new(),
            bewaard: HashSet::new(),
            ingeruild: Vec::new(),
            teruggenomen: Vec::new(),
            hoogste_sleutel: None,
            verloren,
            herwikkeld: Herwikkeld::default(),
            niet_meer_aangehouden: Vec::new(),
            aangehouden: HashMap::new(),
        };
        stapel.berichten_lezen(&berichten, &nummers, &delen)?;
        stapel.zaken_lezen(&zaken)?;
        stapel.leveringen_lezen(&leveringen)?;
        for rij in nonces {
            stapel.nonces.insert((rij.ontleed("ontvanger")?, Cow::Owned(rij.tekst("nonce")?)));
        }
        stapel.zeldzame_laden(tx, &sleutels).await?;
        stapel.jtis_laden(tx, &sleutels).await?;
        stapel.herzien_bij_begin = stapel.zaken.values().map(|z| z.herzien).sum();
        Ok(stapel)
    }

    fn berichten_lezen(&mut self, bekend: &[Rij], nummers: &[Rij], delen: &[Rij]) -> StoreResult<()> {
        for rij in bekend {
            let bewijs = Cow::Owned(rij.tekst("ontvangstbewijs")?);
            self.berichten.insert((rij.ontleed("id")?, rij.ontleed("van")?), (rij.ontleed("digest")?, bewijs));
        }
        for rij in nummers {
            self.berichtnummers.insert((rij.ontleed("id")?, rij.ontleed("van")?), rij.getal("nr")?);
        }
        for rij in delen {
            self.delen.insert(rij.ontleed("id")?, rij.getal("nr")?);
        }
        Ok(())
    }

    fn zaken_lezen(&mut self, zaken: &[Rij]) -> StoreResult<()> {
        for rij in zaken {
            let zaak = Zaak {
                nr: rij.getal("nr")?,
                geopend_door: rij.ontleed("geopend_door")?,
                geopend_op: rij.getal("geopend_op")?,
                verantwoordelijk: rij.ontleed_of("verantwoordelijk")?,
                stand: rij.getal("stand")?,
                groep: rij.getal("groep")?,
                herzien: rij.getal("herzien")?,
                gesloten_op: rij.getal_of("gesloten_op")?,
                deelnemers: rij.json::<Vec<Deelnemer>>("deelnemers")?.into_iter().map(|d| (d.partner, d)).collect(),
                gewijzigd: false,
            };
            self.zaken.insert(rij.ontleed("casus")?, zaak);
        }
        Ok(())
    }

    fn leveringen_lezen(&mut self, leveringen: &[Rij]) -> StoreResult<()> {
        for rij in leveringen {
            let levering = Levering {
                nr: rij.getal("nr")?,
                ontvanger: rij.ontleed("ontvanger")?,
                staat: staat(rij.getal("staat")?)?,
                afgehandeld_op: None,
                weigering: rij.ontleed_of("weigering")?,
                gelezen_op: rij.getal_of("gelezen_op")?,
                herzien: rij.getal("herzien")?,
                uiterlijk: rij.getal_of("uiterlijk")?,
                besluiten: None,
                onder: None,
                gewijzigd: false,
            };
            self.leveringen.insert(rij.ontleed("id")?, levering);
        }
        Ok(())
    }

    /// What few batches touch: what is held, further recipients of a part, and reviews afterwards.
    async fn zeldzame_laden(&mut self, tx: &mut Verbinding, sleutels: &Sleutels) -> Result<(), Stapelfout> {
        for rij in opzoeken(tx, sql::BEKENDE_TOEGANGEN, &sleutels.toegangen).await? {
            let deel = rij.ontleed("deel")?;
            if rij.getal("inhoud")? != 0 {
                self.inhouden.insert(deel);
            }
            if rij.getal("wrap")? != 0 {
                self.wraps.insert((deel, rij.ontleed("ontvanger")?, rij.ontleed_of("doel")?));
            }
            if rij.getal("bewaard")? != 0 {
                self.bewaard.insert((deel, rij.ontleed("ontvanger")?));
            }
        }
        for rij in opzoeken(tx, sql::BEKENDE_TOETSEN, &sleutels.toetsen).await? {
            let open = rij.getal_of("voldaan_op")?.is_none().then_some(rij.getal("nr")?);
            self.toetsen.insert((rij.ontleed("van")?, rij.ontleed("bericht")?), open);
        }
        for rij in opzoeken(tx, sql::BEKENDE_AANGEHOUDEN, &sleutels.aangehouden).await? {
            let wie = (rij.getal("bericht")?, rij.ontleed("ontvanger")?);
            self.aangehouden.entry(wie).or_default().insert(rij.getal_of("deel")?);
        }
        Ok(())
    }

    async fn jtis_laden(&mut self, tx: &mut Verbinding, sleutels: &Sleutels) -> Result<(), Stapelfout> {
        if sleutels.jtis.is_empty() {
            return Ok(());
        }
        if let Some(nu) = sleutels.jtis_verlopen_voor {
            vraag(sql::JTIS_OPRUIMEN).bind(nu).execute(&mut *tx).await?;
        }
        let bekend = vraag(sql::BEKENDE_JTIS).bind(json!(sleutels.jtis).to_string());
        for rij in bekend.fetch_all(tx).await? {
            self.jtis.insert((rij.ontleed("partner")?, Cow::Owned(rij.tekst("jti")?)));
        }
        Ok(())
    }
}

async fn opzoeken(tx: &mut Verbinding, zin: Zin, sleutels: &[serde_json::Value]) -> Result<Vec<Rij>, Stapelfout> {
    if sleutels.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vraag(zin).bind(json!(sleutels).to_string()).fetch_all(tx).await?)
}

/// The keys that a batch looks up.
#[derive(Debug, Default)]
struct Sleutels {
    berichten: Vec<serde_json::Value>,
    nummers: Vec<serde_json::Value>,
    aangehouden: Vec<serde_json::Value>,
    delen: Vec<serde_json::Value>,
    zaken: Vec<serde_json::Value>,
    leveringen: Vec<serde_json::Value>,
    toetsen: Vec<serde_json::Value>,
    toegangen: Vec<serde_json::Value>,
    nonces: Vec<serde_json::Value>,
    jtis: Vec<serde_json::Value>,
    jtis_verlopen_voor: Option<i64>,
}

impl Sleutels {
    fn van(werken: &[&Werk]) -> Self {
        let mut s = Self::default();
        for werk in werken {
            match werk {
                Werk::Aannemen(a, _) => {
                    s.berichten.push(json!([a.bericht.id, a.bericht.van]));
                    s.delen.extend(a.delen.iter().map(|d| json!(d.id)));
                    s.zaken.extend(genoemde_zaken(a).map(|c| json!(c)));
                }
                Werk::Herzien(h) => {
                    s.nummers.push(json!([h.bericht_id, h.van]));
                    let casussen = h.casus.into_iter().chain(h.zaak.iter().flat_map(zaken_van));
                    s.zaken.extend(casussen.map(|c| json!(c)));
                    match &h.uitkomst {
                        Herzien::Levering { id, .. } => s.leveringen.push(json!(id)),
                        Herzien::Aangehouden { .. } => s.aangehouden.push(json!([h.bericht_id, h.van, h.ontvanger])),
                    }
                    s.delen.extend(h.besluiten.iter().filter_map(|b| b.deel).map(|d| json!(d)));
                }
                Werk::Verlopen { wat, .. } => s.leveringen.extend(wat.iter().map(|(id, _)| json!(id))),
                Werk::Levering(woord) => s.leveringen.push(json!(woord.id)),
                Werk::Aanvullen(a, _) => {
                    s.nummers.push(json!([a.bericht_id, a.van]));
                    s.delen.push(json!(a.wrap.deel));
                    s.zaken.extend(a.casus.map(|c| json!(c)));
                    s.toegangen.push(json!([a.wrap.deel, a.wrap.ontvanger, a.doel]));
                    s.aangehouden.push(json!([a.bericht_id, a.van, a.wrap.ontvanger]));
                }
                Werk::Toets(woord) => s.toetsen.push(json!([woord.van, woord.bericht])),
                Werk::Inzage { inzage, nonce, op, .. } => {
                    s.zaken.push(json!(op.casus));
                    s.delen.push(json!(inzage.deel));
                    s.nonces.push(json!([inzage.ontvanger, nonce]));
                }
                Werk::Overzicht(overzicht) => s.zaken.push(json!(overzicht.op.casus)),
                Werk::Jti { partner, jti, nu, .. } => {
                    s.jtis.push(json!([partner, jti]));
                    let nu = nu.unix_millis();
                    s.jtis_verlopen_voor = Some(s.jtis_verlopen_voor.map_or(nu, |eerder| eerder.min(nu)));
                }
                Werk::Besluiten { .. }
                | Werk::Versie(_)
                | Werk::Partij(_)
                | Werk::Bezorgen(_)
                | Werk::Bewaren(_)
                | Werk::Gids { .. }
                | Werk::Bevriezing { .. }
                | Werk::Bladen(..)
                | Werk::Sluiten => {}
            }
        }
        s
    }
}
