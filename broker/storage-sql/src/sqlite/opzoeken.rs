//! What a batch looks up before it decides: one statement per kind of key.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use inbreng_domain::{Tijdstip, zaak::Deelnemer};
use inbreng_storage::Herzien;
use serde_json::json;
use sqlx::SqliteConnection;

use super::{
    aannemen::{genoemde_zaken, zaken_van},
    opdracht::Werk,
    rij::Lezen,
    sql,
    stapel::{Levering, Stand, Stapel, Stapelfout, Uitgaand, Zaak, staat},
    versies::Versiestapel,
};

impl<'a> Stapel<'a> {
    /// Looks up what the works touch: one statement per kind of key.
    pub(super) async fn laden(tx: &mut SqliteConnection, werken: &[&'a Werk], nu: Tijdstip) -> Result<Self, Stapelfout> {
        let rij = sqlx::query(sql::STAND).fetch_one(&mut *tx).await?;
        let stand = Stand {
            gids: rij.getal("gids")?,
            bericht: rij.getal("bericht")?,
            deel: rij.getal("deel")?,
            levering: rij.getal("levering")?,
            zaak: rij.getal("zaak")?,
            blad: rij.getal("blad")?,
            beleid: rij.getal("beleid")?,
        };
        let mut stapel = Self {
            begin: stand,
            stand,
            nu,
            versies: Versiestapel::laden(tx, werken).await?,
            berichten: HashMap::new(),
            berichtnummers: HashMap::new(),
            delen: HashMap::new(),
            zaken: HashMap::new(),
            leveringen: HashMap::new(),
            nonces: HashSet::new(),
            jtis: HashSet::new(),
            uit: Uitgaand::nieuw(),
            bladen: Vec::new(),
            tellingen: BTreeMap::new(),
            ontvangen: Vec::new(),
            losgelaten: Vec::new(),
            voldoeningen: Vec::new(),
            gelezen: Vec::new(),
            niet_meer_aangehouden: Vec::new(),
        };
        let sleutels = Sleutels::van(werken);
        stapel.berichten_laden(tx, &sleutels).await?;
        stapel.overige_laden(tx, &sleutels).await?;
        Ok(stapel)
    }

    async fn berichten_laden(&mut self, tx: &mut SqliteConnection, sleutels: &Sleutels) -> Result<(), Stapelfout> {
        for rij in opzoeken(tx, sql::BEKENDE_BERICHTEN, &sleutels.berichten).await? {
            let bewijs = Cow::Owned(rij.tekst("ontvangstbewijs")?);
            self.berichten.insert((rij.ontleed("id")?, rij.ontleed("van")?), (rij.ontleed("digest")?, bewijs));
        }
        for rij in opzoeken(tx, sql::BERICHTNUMMERS, &sleutels.nummers).await? {
            self.berichtnummers.insert((rij.ontleed("id")?, rij.ontleed("van")?), rij.getal("nr")?);
        }
        for rij in opzoeken(tx, sql::BEKENDE_DELEN, &sleutels.delen).await? {
            self.delen.insert(rij.ontleed("id")?, rij.getal("nr")?);
        }
        for rij in opzoeken(tx, sql::BEKENDE_ZAKEN, &sleutels.zaken).await? {
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

    async fn overige_laden(&mut self, tx: &mut SqliteConnection, sleutels: &Sleutels) -> Result<(), Stapelfout> {
        for rij in opzoeken(tx, sql::BEKENDE_LEVERINGEN, &sleutels.leveringen).await? {
            let levering = Levering {
                nr: rij.getal("nr")?,
                ontvanger: rij.ontleed("ontvanger")?,
                staat: staat(rij.getal("staat")?)?,
                afgehandeld_op: None,
                weigering: rij.ontleed_of("weigering")?,
                gelezen_op: rij.getal_of("gelezen_op")?,
                herzien: rij.getal("herzien")?,
                besluiten: None,
                gewijzigd: false,
            };
            self.leveringen.insert(rij.ontleed("id")?, levering);
        }
        for rij in opzoeken(tx, sql::BEKENDE_NONCES, &sleutels.nonces).await? {
            self.nonces.insert((rij.ontleed("ontvanger")?, Cow::Owned(rij.tekst("nonce")?)));
        }
        if let Some(nu) = sleutels.jtis_verlopen_voor {
            sqlx::query(sql::JTIS_OPRUIMEN).bind(nu).execute(&mut *tx).await?;
        }
        for rij in opzoeken(tx, sql::BEKENDE_JTIS, &sleutels.jtis).await? {
            self.jtis.insert((rij.ontleed("partner")?, Cow::Owned(rij.tekst("jti")?)));
        }
        Ok(())
    }
}

async fn opzoeken(
    tx: &mut SqliteConnection,
    sql: &'static str,
    sleutels: &[serde_json::Value],
) -> Result<Vec<sqlx::sqlite::SqliteRow>, Stapelfout> {
    if sleutels.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query(sql).bind(json!(sleutels).to_string()).fetch_all(tx).await?)
}

/// The keys that a batch looks up.
#[derive(Debug, Default)]
struct Sleutels {
    berichten: Vec<serde_json::Value>,
    nummers: Vec<serde_json::Value>,
    delen: Vec<serde_json::Value>,
    zaken: Vec<serde_json::Value>,
    leveringen: Vec<serde_json::Value>,
    nonces: Vec<serde_json::Value>,
    jtis: Vec<serde_json::Value>,
    jtis_verlopen_voor: Option<i64>,
}

impl Sleutels {
    fn van(werken: &[&Werk]) -> Self {
        let mut s = Self::default();
        for werk in werken {
            match werk {
                Werk::Aannemen(a) => {
                    s.berichten.push(json!([a.bericht.id, a.bericht.van]));
                    s.delen.extend(a.delen.iter().map(|d| json!(d.id)));
                    s.zaken.extend(genoemde_zaken(a).map(|c| json!(c)));
                }
                Werk::Herzien(h) => {
                    s.nummers.push(json!([h.bericht_id, h.van]));
                    let casussen = h.casus.into_iter().chain(h.zaak.iter().flat_map(zaken_van));
                    s.zaken.extend(casussen.map(|c| json!(c)));
                    if let Herzien::Levering { id, .. } = &h.uitkomst {
                        s.leveringen.push(json!(id));
                    }
                    s.delen.extend(h.besluiten.iter().filter_map(|b| b.deel).map(|d| json!(d)));
                }
                Werk::Levering(woord) => s.leveringen.push(json!(woord.id)),
                Werk::Inzage { inzage, nonce, .. } => {
                    s.delen.push(json!(inzage.deel));
                    s.nonces.push(json!([inzage.ontvanger, nonce]));
                }
                Werk::Jti { partner, jti, nu, .. } => {
                    s.jtis.push(json!([partner, jti]));
                    let nu = nu.unix_millis();
                    s.jtis_verlopen_voor = Some(s.jtis_verlopen_voor.map_or(nu, |eerder| eerder.min(nu)));
                }
                Werk::Besluiten { .. } | Werk::Versie(_) | Werk::Gids { .. } | Werk::Bladen(_) | Werk::Sluiten => {}
            }
        }
        s
    }
}
