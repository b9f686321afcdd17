//! What owners stopped: which parts are not handed over any more (42, 46, 47), or wait until their owner has decided (59).

use inbreng_domain::{
    BerichtId, Deel, DeelId, Labels, LeveringId, Oin, Tijdstip, Toestemming, TypeNaam, levering::Levering,
    part::Toegangsverklaring, vocabulary::Doel,
};
use inbreng_policy::toestemming;
use inbreng_proof::jws;
use sqlx::Row;

use super::{Opslag, Opslagfout, Transactie, inkomend::ZAAK_WACHT, millis, parsed};
use crate::eigenaar::{MISPLAATSING, TOESTEMMING_INGETROKKEN};

/// What an owner's word does to a delivery that is not handed over yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It is never handed over.
    Terug,
    /// It waits until its owner has decided.
    Bevroren,
}

impl Stop {
    /// The word in the store and towards the own system.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terug => "terug",
            Self::Bevroren => "bevroren",
        }
    }
}

impl std::str::FromStr for Stop {
    type Err = Opslagfout;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        [Self::Terug, Self::Bevroren].into_iter().find(|stop| stop.as_str() == s).ok_or(Opslagfout::Waarde("stop"))
    }
}

/// A verified word that stops something.
#[derive(Debug, Clone, Copy)]
pub struct Stopwoord<'a> {
    /// The message that is the word.
    pub id: BerichtId,
    /// Its type.
    pub soort: &'a TypeNaam,
    /// Whose parts it is about.
    pub van: Oin,
    /// When.
    pub nu: Tijdstip,
}

/// Consent that was withdrawn: which parts rest on it.
pub struct Ingetrokken<'a> {
    /// The withdrawal.
    pub woord: &'a Toestemming,
    /// Who holds the parts.
    pub wij: Oin,
    /// Whether another ground carries this part of this delivery.
    pub draagt: &'a (dyn Fn(&Levering, &Labels) -> bool + Sync),
}

impl Ingetrokken<'_> {
    /// The parts of a delivery that nothing carries but this consent.
    fn delen(&self, levering: &Levering) -> Vec<DeelId> {
        let rust = |deel: &&Deel| {
            toestemming::trekt_in(self.woord, &[], &deel.labels, (self.wij, gegeven_voor(deel)))
                && !(self.draagt)(levering, &deel.labels)
        };
        levering.bericht.data.delen.iter().filter(rust).map(|d| d.labels.id).collect()
    }
}

/// The purpose that its owner gave it to us for, by the statement that travels along: what that says wrongly is refused when it is
/// opened. Without one, that of its label.
fn gegeven_voor(deel: &Deel) -> Doel {
    let gezegd = deel.toegang.first().and_then(|t| jws::unverified_payload::<Toegangsverklaring>(&t.verklaring).ok());
    gezegd.map_or(deel.labels.doel, |v| v.doel)
}

fn delen(ruw: Option<&str>) -> Vec<DeelId> {
    let levering: Option<Levering> = ruw.and_then(|r| serde_json::from_str(r).ok());
    levering.map(|l| l.bericht.data.delen.iter().map(|d| d.labels.id).collect()).unwrap_or_default()
}

impl Transactie {
    /// Stops these parts of a message of this owner; none named: all of it. Its recall or correction is also its decision on what
    /// was reported as misplaced.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn stoppen(&mut self, woord: &Stopwoord<'_>, bericht: BerichtId, delen: &[DeelId]) -> Result<(), Opslagfout> {
        let genoemd: Vec<String> =
            if delen.is_empty() { vec![String::new()] } else { delen.iter().map(ToString::to_string).collect() };
        // Consent that was withdrawn decides nothing on a report; and a word about one part leaves a report on the others as it is.
        if ![MISPLAATSING, TOESTEMMING_INGETROKKEN].contains(&&*woord.soort.as_str()) {
            sqlx::query(
                "DELETE FROM gestopt WHERE bericht = ?1 AND van = ?2 AND soort = ?3 \
                 AND (?4 OR deel IN (SELECT value FROM json_each(?5)))",
            )
            .bind(bericht.to_string())
            .bind(woord.van.to_string())
            .bind(MISPLAATSING)
            .bind(delen.is_empty())
            .bind(serde_json::to_string(&genoemd).map_err(|_| Opslagfout::Waarde("delen"))?)
            .execute(&mut *self.0)
            .await?;
        }
        for deel in genoemd {
            sqlx::query(
                "INSERT INTO gestopt (woord, soort, van, bericht, deel, sinds) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(woord.id.to_string())
            .bind(woord.soort.to_string())
            .bind(woord.van.to_string())
            .bind(bericht.to_string())
            .bind(deel)
            .bind(millis(woord.nu))
            .execute(&mut *self.0)
            .await?;
        }
        self.herzien(bericht).await
    }

    /// Stops what is here of this owner and rests on this consent alone.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toestemming_weg(&mut self, woord: &Stopwoord<'_>, wat: &Ingetrokken<'_>) -> Result<(), Opslagfout> {
        let rows = sqlx::query(
            "SELECT bericht, ruw FROM inkomend WHERE zaak = ? AND van = ? AND stand IN ('opgehaald', 'geopend') AND ruw IS NOT NULL",
        )
        .bind(wat.woord.casus.to_string())
        .bind(woord.van.to_string())
        .fetch_all(&mut *self.0)
        .await?;
        for row in rows {
            let Ok(levering) = serde_json::from_str::<Levering>(row.try_get("ruw")?) else { continue };
            let delen = wat.delen(&levering);
            if !delen.is_empty() {
                self.stoppen(woord, parsed(row.try_get("bericht")?, "bericht")?, &delen).await?;
            }
        }
        Ok(())
    }

    /// The owner's yes to a report of misdelivery: nothing was wrong.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn vrijgeven(&mut self, melding: BerichtId, eigenaar: Oin) -> Result<(), Opslagfout> {
        let rows = sqlx::query("DELETE FROM gestopt WHERE woord = ? AND van = ? AND soort = ? RETURNING bericht")
            .bind(melding.to_string())
            .bind(eigenaar.to_string())
            .bind(MISPLAATSING)
            .fetch_all(&mut *self.0)
            .await?;
        for row in rows {
            self.herzien(parsed(row.try_get("bericht")?, "bericht")?).await?;
        }
        Ok(())
    }

    /// Holds what is here of a message, and not handed over, against what its owner said of it.
    pub(super) async fn herzien(&mut self, bericht: BerichtId) -> Result<(), Opslagfout> {
        let gestopt = sqlx::query("SELECT van, soort, deel FROM gestopt WHERE bericht = ?")
            .bind(bericht.to_string())
            .fetch_all(&mut *self.0)
            .await?;
        let open = sqlx::query(
            "SELECT levering, van, ruw FROM inkomend WHERE bericht = ?1 AND stand IN ('opgehaald', 'geopend') \
             AND (stop IS NOT NULL OR EXISTS (SELECT 1 FROM gestopt WHERE bericht = ?1))",
        )
        .bind(bericht.to_string())
        .fetch_all(&mut *self.0)
        .await?;
        for row in open {
            let (levering, van): (&str, &str) = (row.try_get("levering")?, row.try_get("van")?);
            let delen = delen(row.try_get("ruw")?);
            let mut stop = None;
            for regel in &gestopt {
                let deel: &str = regel.try_get("deel")?;
                let raakt =
                    regel.try_get::<&str, _>("van")? == van && (deel.is_empty() || delen.iter().any(|d| d.to_string() == deel));
                if raakt && regel.try_get::<&str, _>("soort")? != MISPLAATSING {
                    stop = Some(Stop::Terug);
                } else if raakt && stop.is_none() {
                    stop = Some(Stop::Bevroren);
                }
            }
            sqlx::query("UPDATE inkomend SET stop = ?, volgende_poging = 0 WHERE levering = ?")
                .bind(stop.map(Stop::as_str))
                .bind(levering)
                .execute(&mut *self.0)
                .await?;
        }
        Ok(())
    }
}

impl Opslag {
    /// Whether a delivery may not be handed over now: its owner stopped it, or a word about it is not verified yet.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn staat_stil(&self, levering: LeveringId, nu: Tijdstip) -> Result<bool, Opslagfout> {
        let row = sqlx::query(
            "SELECT 1 FROM inkomend i WHERE i.levering = ?1 AND (i.stop IS NOT NULL OR (i.over IS NULL AND EXISTS \
             (SELECT 1 FROM inkomend w WHERE w.stand = 'opgehaald' \
              AND (w.over = i.bericht AND w.van = i.van OR w.over = i.zaak AND w.opgehaald_op > ?2))))",
        )
        .bind(levering.to_string())
        .bind(millis(nu.plus(-ZAAK_WACHT)))
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.is_some())
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{
        CasusRef, Digest, PersoonRef, Toegang,
        jwe::Inhoud,
        part::Betrokkene,
        vocabulary::{Categorie, JaNee, Leeftijdsgroep, Toegangswijze, Toestemmingsgever, Toestemmingsstand, Urgentie},
    };
    use inbreng_proof::{SystemRandomness, deel::sign_toegang};
    use serde_json::json;
    use tempfile::TempDir;

    use super::*;
    use crate::{
        eigenaar::INTREKKING,
        store::{Beurt, Nieuwkomer, Post},
        testsleutels::{GGZ, VEILIG_THUIS, labels, nu, oin, ondertekening},
    };

    async fn opslag() -> (TempDir, Opslag) {
        let map = tempfile::tempdir().unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.db")).await.unwrap();
        (map, opslag)
    }

    /// Takes a delivery of this message, in one case and lane; `over` makes it a word that stops something.
    async fn komt(opslag: &Opslag, bericht: BerichtId, over: Option<&str>) -> LeveringId {
        komt_van(opslag, GGZ, Urgentie::Normaal, bericht, over).await
    }

    async fn komt_van(opslag: &Opslag, van: &str, baan: Urgentie, bericht: BerichtId, over: Option<&str>) -> LeveringId {
        opnemen(opslag, van, baan, bericht, (over, None)).await
    }

    /// Takes a delivery of this message, which stops the one (`over`) or stands beside the other (`na`).
    async fn opnemen(
        opslag: &Opslag,
        van: &str,
        baan: Urgentie,
        bericht: BerichtId,
        (over, na): (Option<&str>, Option<BerichtId>),
    ) -> LeveringId {
        let levering = LeveringId::mint(nu(), &SystemRandomness);
        let soort = TypeNaam::parse("incidentmelding").unwrap();
        let nieuw = Nieuwkomer {
            levering,
            bericht,
            zaak: "zaak",
            baan,
            soort: &soort,
            van: oin(van),
            digest: inbreng_proof::sha256(b"bericht"),
            over,
            na,
            ruw: "{}",
            nu: nu(),
        };
        let mut tx = opslag.begin().await.unwrap();
        assert!(tx.post_opnemen(&nieuw).await.unwrap());
        tx.vastleggen().await.unwrap();
        levering
    }

    async fn zegt(opslag: &Opslag, van: &str, soort: &str, bericht: BerichtId) -> BerichtId {
        let (id, soort) = (BerichtId::mint(nu(), &SystemRandomness), TypeNaam::parse(soort).unwrap());
        let mut tx = opslag.begin().await.unwrap();
        tx.stoppen(&Stopwoord { id, soort: &soort, van: oin(van), nu: nu() }, bericht, &[]).await.unwrap();
        tx.vastleggen().await.unwrap();
        id
    }

    async fn post(opslag: &Opslag, levering: LeveringId) -> Post {
        opslag.post(levering).await.unwrap().unwrap()
    }

    async fn beurt(opslag: &Opslag, zelf_ophalen: bool, bezig: &[i64]) -> Vec<LeveringId> {
        let beurt = Beurt { nu: nu(), herhaald: false, zelf_ophalen, bezig, hoogstens: 10 };
        opslag.post_aan_de_beurt(&beurt).await.unwrap().into_iter().map(|p| p.levering).collect()
    }

    #[tokio::test]
    async fn a_word_is_verified_first_and_what_it_names_waits_for_that() {
        let (_map, opslag) = opslag().await;
        let (een, twee) = (BerichtId::mint(nu(), &SystemRandomness), BerichtId::mint(nu(), &SystemRandomness));
        let eerste = komt(&opslag, een, None).await;
        let tweede = komt(&opslag, twee, None).await;
        assert_eq!(beurt(&opslag, false, &[]).await, [eerste]);
        let woord = komt(&opslag, BerichtId::mint(nu(), &SystemRandomness), Some(&een.to_string())).await;
        assert_eq!(beurt(&opslag, false, &[]).await, [woord], "before what it names, which waits");
        assert!(opslag.staat_stil(eerste, nu()).await.unwrap() && !opslag.staat_stil(tweede, nu()).await.unwrap());
        // Verified: what it names goes no further, and holds up nobody.
        opslag.post_zet(woord, crate::store::Instand::Geopend).await.unwrap();
        zegt(&opslag, GGZ, INTREKKING, een).await;
        assert_eq!(post(&opslag, eerste).await.stop, Some(Stop::Terug));
        assert_eq!(beurt(&opslag, false, &[]).await, [woord, eerste, tweede]);
        // The own system hears of it once nothing of it is being handed over any more.
        let bezig = [post(&opslag, eerste).await.volgorde];
        assert_eq!(beurt(&opslag, false, &bezig).await, [tweede]);
        // Also where nobody fetches it: its sender must hear.
        opslag.post_zet(eerste, crate::store::Instand::Geopend).await.unwrap();
        assert!(beurt(&opslag, true, &[]).await.contains(&eerste));
    }

    #[tokio::test]
    async fn a_word_that_is_not_verified_keeps_nothing_of_others_and_nothing_acute_waiting() {
        let (_map, opslag) = opslag().await;
        let nieuw = || BerichtId::mint(nu(), &SystemRandomness);
        let een = nieuw();
        let levering = komt(&opslag, een, None).await;
        let vreemd = komt_van(&opslag, VEILIG_THUIS, Urgentie::Normaal, nieuw(), Some(&een.to_string())).await;
        assert!(!opslag.staat_stil(levering, nu()).await.unwrap(), "about what another sent");
        let acuut = komt_van(&opslag, GGZ, Urgentie::Acuut, nieuw(), None).await;
        assert_eq!(beurt(&opslag, false, &[]).await, [acuut, vreemd, levering]);
        // About the case: for a minute at most.
        let zaakwoord = komt_van(&opslag, VEILIG_THUIS, Urgentie::Normaal, nieuw(), Some("zaak")).await;
        assert_eq!(beurt(&opslag, false, &[]).await, [vreemd, zaakwoord]);
        assert!(opslag.staat_stil(acuut, nu()).await.unwrap());
        assert!(!opslag.staat_stil(acuut, nu().plus(time::Duration::seconds(61))).await.unwrap());
    }

    /// In whatever lane: the own system cannot say what it is about before it has that.
    #[tokio::test]
    async fn what_stands_beside_a_message_comes_after_it_and_holds_up_nobody_where_that_is_frozen() {
        let (_map, opslag) = opslag().await;
        let (een, ander) = (BerichtId::mint(nu(), &SystemRandomness), BerichtId::mint(nu(), &SystemRandomness));
        let nieuw = || BerichtId::mint(nu(), &SystemRandomness);
        let melding = komt_van(&opslag, GGZ, Urgentie::Acuut, een, None).await;
        let ernaast = opnemen(&opslag, GGZ, Urgentie::Normaal, nieuw(), (None, Some(een))).await;
        let later = komt(&opslag, nieuw(), None).await;
        assert_eq!(beurt(&opslag, false, &[]).await, [melding], "and what comes after it in its lane waits as always");
        // Frozen: it waits with it, and nobody waits for it.
        let gemeld = zegt(&opslag, GGZ, MISPLAATSING, een).await;
        assert_eq!(beurt(&opslag, false, &[]).await, [later]);
        let mut tx = opslag.begin().await.unwrap();
        tx.vrijgeven(gemeld, oin(GGZ)).await.unwrap();
        tx.vastleggen().await.unwrap();
        opslag.post_zet(melding, crate::store::Instand::Afgeleverd).await.unwrap();
        assert_eq!(beurt(&opslag, false, &[]).await, [melding, ernaast], "the own system has it");
        opslag.post_zet(ernaast, crate::store::Instand::Afgeleverd).await.unwrap();
        // Beside what is not here, what another sent, or what was taken back: there is nothing to wait for.
        komt_van(&opslag, VEILIG_THUIS, Urgentie::Acuut, ander, None).await;
        let los = [nieuw(), ander].map(|na| (None, Some(na)));
        opslag.post_zet(later, crate::store::Instand::Afgeleverd).await.unwrap();
        for over in los {
            let levering = opnemen(&opslag, GGZ, Urgentie::Normaal, nieuw(), over).await;
            assert!(beurt(&opslag, false, &[]).await.contains(&levering), "{over:?}");
            opslag.post_zet(levering, crate::store::Instand::Afgeleverd).await.unwrap();
        }
        let weg = komt_van(&opslag, GGZ, Urgentie::Acuut, nieuw(), None).await;
        let naast_weg = opnemen(&opslag, GGZ, Urgentie::Normaal, nieuw(), (None, Some(post(&opslag, weg).await.bericht))).await;
        assert!(!beurt(&opslag, false, &[]).await.contains(&naast_weg));
        zegt(&opslag, GGZ, INTREKKING, post(&opslag, weg).await.bericht).await;
        assert!(beurt(&opslag, false, &[]).await.contains(&naast_weg));
    }

    #[tokio::test]
    async fn only_its_owner_stops_it_and_a_report_waits_for_the_decision() {
        let (_map, opslag) = opslag().await;
        let bericht = BerichtId::mint(nu(), &SystemRandomness);
        let levering = komt(&opslag, bericht, None).await;
        zegt(&opslag, VEILIG_THUIS, INTREKKING, bericht).await;
        assert_eq!(post(&opslag, levering).await.stop, None, "another's word");
        let melding = zegt(&opslag, GGZ, MISPLAATSING, bericht).await;
        assert_eq!(post(&opslag, levering).await.stop, Some(Stop::Bevroren));
        assert!(beurt(&opslag, false, &[]).await.is_empty());
        let mut tx = opslag.begin().await.unwrap();
        tx.vrijgeven(melding, oin(VEILIG_THUIS)).await.unwrap();
        tx.vastleggen().await.unwrap();
        assert_eq!(post(&opslag, levering).await.stop, Some(Stop::Bevroren), "another's yes");
        let mut tx = opslag.begin().await.unwrap();
        tx.vrijgeven(melding, oin(GGZ)).await.unwrap();
        tx.vastleggen().await.unwrap();
        assert_eq!(beurt(&opslag, false, &[]).await, [levering]);
        // A recall is a decision too, and outlives what it is about.
        zegt(&opslag, GGZ, MISPLAATSING, bericht).await;
        zegt(&opslag, GGZ, INTREKKING, bericht).await;
        let later = komt(&opslag, bericht, None).await;
        assert_eq!(post(&opslag, later).await.stop, Some(Stop::Terug), "came after the word");
    }

    /// A part of the GGZ about this person, on consent; `voor`: given to us for this.
    fn deel(persoon: PersoonRef, categorie: Categorie, doel: Doel, voor: Option<Doel>) -> Deel {
        let id = DeelId::mint(nu(), &SystemRandomness);
        let over = Betrokkene { persoon, leeftijdsgroep: Leeftijdsgroep::Volwassen };
        let verklaring = |doel| Toegangsverklaring {
            deel: id,
            inhoud: Digest::from_bytes([1; 32]),
            ontvanger: oin(VEILIG_THUIS),
            sleutel: String::new(),
            wrap: Digest::from_bytes([2; 32]),
            wijze: Toegangswijze::Meegeleverd,
            doel,
            gebruik: Vec::new(),
            genoemd: JaNee::Nee,
            bewaren_tot: None,
            verzoek: None,
            toelichting: None,
        };
        let toegang = voor.map(|doel| Toegang {
            oin: oin(VEILIG_THUIS),
            verklaring: sign_toegang(&ondertekening(), &verklaring(doel)).unwrap(),
            toelichting: None,
        });
        let [protected, aad, iv, ciphertext, tag] = [(); 5].map(|()| String::new());
        Deel {
            labels: Labels { id, categorie, doel, betrokkenen: vec![over], ..labels(GGZ) },
            inhoud: Inhoud { protected, aad, iv, ciphertext, tag, recipients: Vec::new() },
            eigenaarsbewijs: String::new(),
            toegang: toegang.into_iter().collect(),
        }
    }

    /// Takes a delivery with this part.
    async fn komt_met(opslag: &Opslag, zaak: &str, deel: &Deel) -> LeveringId {
        let (levering, bericht) = (LeveringId::mint(nu(), &SystemRandomness), BerichtId::mint(nu(), &SystemRandomness));
        let (soort, nr) = (TypeNaam::parse("informatie-antwoord").unwrap(), "nl.inbreng.informatie-antwoord.v1");
        let ruw = json!({
            "id": levering, "aangenomenOp": nu(), "baan": "normaal", "besluiten": [],
            "bericht": {
                "specversion": "1.0", "id": bericht, "source": format!("urn:nld:oin:{GGZ}:systeem:epd"), "type": nr, "time": nu(),
                "data": {
                    "bericht": {"id": bericht, "type": nr, "van": GGZ, "tijd": nu(), "urgentie": "normaal", "verklaring": {},
                        "handtekening": ""},
                    "delen": [deel],
                },
            },
        });
        serde_json::from_value::<Levering>(ruw.clone()).unwrap();
        let nieuw = Nieuwkomer {
            levering,
            bericht,
            zaak,
            baan: Urgentie::Normaal,
            soort: &soort,
            van: oin(GGZ),
            digest: inbreng_proof::sha256(b"bericht"),
            over: None,
            na: None,
            ruw: &ruw.to_string(),
            nu: nu(),
        };
        let mut tx = opslag.begin().await.unwrap();
        assert!(tx.post_opnemen(&nieuw).await.unwrap());
        tx.vastleggen().await.unwrap();
        levering
    }

    /// Less is withdrawn than was given (R11): exactly that is not handed over, unless something else carries it.
    #[tokio::test]
    async fn what_a_withdrawal_does_not_name_is_handed_over() {
        use Categorie::{Hulp, Medisch};
        use Doel::{Analyse, Beoordelen, Strafzaak};
        let (_map, opslag) = opslag().await;
        let casus = CasusRef::from_bytes([4; 32]);
        let [persoon, ander] = [5, 6].map(|n| PersoonRef::from_bytes([n; 16]));
        let id = BerichtId::mint(nu(), &SystemRandomness);
        let woord = Toestemming {
            casus,
            persoon,
            stand: Toestemmingsstand::Ingetrokken,
            door: Toestemmingsgever::Betrokkene,
            gezag: None,
            incident_op: None,
            eigenaar: oin(GGZ),
            ontvangers: vec![oin(VEILIG_THUIS)],
            categorieen: vec![Medisch],
            doelen: vec![Beoordelen],
            volgnummer: 2,
            vanaf: nu(),
            tot: nu(),
            geregistreerd_door: oin(GGZ),
            bericht: id,
        };
        let gedragen = deel(persoon, Medisch, Beoordelen, None);
        let mut leveringen = Vec::new();
        for (deel, stopt) in [
            (deel(persoon, Medisch, Beoordelen, None), true),
            (deel(persoon, Medisch, Beoordelen, Some(Beoordelen)), true),
            (deel(persoon, Medisch, Analyse, Some(Beoordelen)), true),
            (deel(persoon, Medisch, Beoordelen, Some(Strafzaak)), false),
            (deel(persoon, Hulp, Beoordelen, None), false),
            (deel(persoon, Medisch, Analyse, None), false),
            (deel(ander, Medisch, Beoordelen, None), false),
            (gedragen.clone(), false),
        ] {
            leveringen.push((komt_met(&opslag, &casus.to_string(), &deel).await, stopt));
        }
        leveringen.push((komt_met(&opslag, "andere zaak", &deel(persoon, Medisch, Beoordelen, None)).await, false));
        let draagt = |_: &Levering, labels: &Labels| labels.id == gedragen.labels.id;
        let soort = TypeNaam::parse(TOESTEMMING_INGETROKKEN).unwrap();
        let stopwoord = Stopwoord { id, soort: &soort, van: oin(GGZ), nu: nu() };
        let mut tx = opslag.begin().await.unwrap();
        let ingetrokken = |wij| Ingetrokken { woord: &woord, wij: oin(wij), draagt: &draagt };
        tx.toestemming_weg(&stopwoord, &ingetrokken(GGZ)).await.unwrap();
        tx.vastleggen().await.unwrap();
        for (levering, _) in &leveringen {
            assert_eq!(post(&opslag, *levering).await.stop, None, "not named");
        }
        let mut tx = opslag.begin().await.unwrap();
        tx.toestemming_weg(&stopwoord, &ingetrokken(VEILIG_THUIS)).await.unwrap();
        tx.vastleggen().await.unwrap();
        for (n, (levering, stopt)) in leveringen.into_iter().enumerate() {
            assert_eq!(post(&opslag, levering).await.stop, stopt.then_some(Stop::Terug), "delivery {n}");
        }
    }
}
