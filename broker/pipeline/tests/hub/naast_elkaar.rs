//! Recipients beside each other: what one does, or several at once, takes nothing of the others', in either lane. They are played; the
//! hub and its store are real.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use inbreng_domain::{
    BerichtId, CasusRef, Oin,
    levering::Levering,
    terugroep::{Bestemming, Bezorgschema},
    vocabulary::{Doel, Toegangswijze, Urgentie},
};
use inbreng_pipeline::bezorgen::{Antwoord, Bezorgdienst, Bezorger, Bezorgfout, Bezorglijn, Ruimte, Zending};
use inbreng_proof::parse_strict_as;
use serde_json::json;
use time::Duration;
use tokio::sync::watch;

use crate::{
    bezorgen::{hierheen, verzoek},
    eigenaar,
    wereld::{Brief, Organisatie, Wereld},
};

/// What a recipient does with what is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doet {
    Neemt,
    /// Nobody is there.
    Weg,
    /// Says nothing for as long as it does this; then too late.
    Hangt,
}

/// All recipients; one of whom nothing is said takes what it is brought.
#[derive(Debug, Default)]
struct Spelers {
    doen: watch::Sender<BTreeMap<Oin, Doet>>,
    gekomen: watch::Sender<Vec<(Oin, BerichtId)>>,
    genomen: watch::Sender<Vec<(Oin, BerichtId)>>,
}

#[async_trait]
impl Bezorger for Spelers {
    async fn bezorgen(&self, zending: Zending) -> Result<Antwoord, Bezorgfout> {
        let levering: Levering = parse_strict_as(zending.inhoud.as_bytes(), 40).unwrap();
        let (wie, bericht) = (zending.ontvanger, levering.bericht.id);
        let mut doen = self.doen.subscribe();
        let doet = doen.borrow_and_update().get(&wie).copied().unwrap_or(Doet::Neemt);
        self.gekomen.send_modify(|g| g.push((wie, bericht)));
        match doet {
            Doet::Neemt => {
                self.genomen.send_modify(|g| g.push((wie, bericht)));
                Ok(Antwoord { status: 202, pas_na: None, lichaam: Vec::new() })
            }
            Doet::Weg => Err(Bezorgfout::Onbereikbaar),
            Doet::Hangt => {
                drop(doen.wait_for(|d| d.get(&wie) != Some(&Doet::Hangt)).await);
                Err(Bezorgfout::TeTraag)
            }
        }
    }
}

/// A case of the neighbourhood team with four partners who have what it signals brought to them.
struct Toneel {
    w: Wereld,
    casus: CasusRef,
    spelers: Arc<Spelers>,
    dienst: Bezorgdienst,
}

impl Toneel {
    async fn nieuw(schema: &Bezorgschema, ruimte: Ruimte) -> Self {
        let w = Wereld::new().await;
        let casus = eigenaar::zaak(&w).await;
        let erbij = json!({"partner": w.ggz.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": 3});
        w.aangenomen(&Brief::new(&w, &w.vt, "deelname").in_casus(casus).zegt(erbij)).await;
        let spelers = Arc::new(Spelers::default());
        let dienst = Bezorgdienst::new(w.hub.clone(), spelers.clone(), ruimte);
        let t = Self { w, casus, spelers, dienst };
        for wie in t.allen() {
            t.w.ontvangt(wie).await;
            let bestemming = Bestemming { schema: schema.clone(), ..hierheen(100).unwrap() };
            t.w.hub.terugroep_plaatsen(wie.oin, &verzoek(&t.w, wie, 1, Some(bestemming))).await.unwrap();
        }
        t
    }

    fn allen(&self) -> [&Organisatie; 4] {
        [&self.w.om, &self.w.vt, &self.w.ggz, &self.w.politie]
    }

    fn doet(&self, wie: &Organisatie, doet: Doet) {
        self.spelers.doen.send_modify(|d| {
            d.insert(wie.oin, doet);
        });
    }

    /// A signal to all of them.
    async fn signaal(&self, urgentie: Urgentie) -> BerichtId {
        let mut signaal = eigenaar::plan(&self.w, self.casus, Doel::Plan).aan(&[&self.w.vt, &self.w.ggz, &self.w.politie]);
        signaal.urgentie = urgentie;
        signaal.delen[0].voor = self.allen().map(|wie| (wie.clone(), Toegangswijze::Inzage)).into();
        assert_eq!(self.w.aangenomen(&signaal).await.besluiten.len(), 4);
        signaal.id
    }

    fn lijn(&self, wie: &Organisatie) -> Bezorglijn {
        self.dienst.lijn(wie.oin)
    }

    fn gekomen(&self, wie: &Organisatie) -> Vec<BerichtId> {
        van(&self.spelers.gekomen.borrow(), wie.oin)
    }

    fn genomen(&self, wie: &Organisatie) -> Vec<BerichtId> {
        van(&self.spelers.genomen.borrow(), wie.oin)
    }

    /// It took these, each once, and of each lane in order.
    fn nam_alles(&self, wie: &Organisatie, acuut: &[BerichtId], normaal: &[BerichtId]) {
        let genomen = self.genomen(wie);
        assert_eq!(genomen.len(), acuut.len() + normaal.len(), "{}", wie.naam);
        for baan in [acuut, normaal] {
            let van_baan: Vec<_> = genomen.iter().copied().filter(|id| baan.contains(id)).collect();
            assert_eq!(van_baan, baan, "{}", wie.naam);
        }
    }

    /// Waits until it was brought this much.
    async fn kwam(&self, wie: &Organisatie, aantal: usize) {
        let mut gekomen = self.spelers.gekomen.subscribe();
        drop(gekomen.wait_for(|g| van(g, wie.oin).len() == aantal).await.unwrap());
    }
}

fn van(alles: &[(Oin, BerichtId)], oin: Oin) -> Vec<BerichtId> {
    alles.iter().filter(|(wie, _)| *wie == oin).map(|(_, id)| *id).collect()
}

/// Brings on until nothing is due any more, beside what else is done; gives the line back.
fn apart(mut lijn: Bezorglijn) -> tokio::task::JoinHandle<Bezorglijn> {
    tokio::spawn(async move {
        lijn.leegmaken().await.unwrap();
        lijn
    })
}

#[tokio::test]
async fn who_is_down_for_a_day_costs_the_others_nothing() {
    let t = Toneel::nieuw(&Bezorgschema::default(), Ruimte { per_ontvanger: 1, gezond: 1, haperend: 1, mebibytes: 1 }).await;
    let weg = &t.w.om;
    t.doet(weg, Doet::Weg);
    let mut kapot = t.lijn(weg);
    let mut anderen = [&t.w.vt, &t.w.ggz, &t.w.politie].map(|wie| (wie, t.lijn(wie)));
    let mut verstuurd = Vec::new();
    for kwartier in 0..24 * 4 {
        // Every other hour one, in turn in either lane.
        if kwartier % 8 == 0 {
            verstuurd.push(t.signaal(if kwartier % 16 == 0 { Urgentie::Acuut } else { Urgentie::Normaal }).await);
        }
        kapot.leegmaken().await.unwrap();
        for (wie, lijn) in &mut anderen {
            lijn.leegmaken().await.unwrap();
            assert_eq!(t.genomen(wie), verstuurd, "{}: each at once, and once", wie.naam);
        }
        t.w.clock.advance(Duration::minutes(15));
    }
    assert!(t.gekomen(weg).len() >= verstuurd.len() && t.genomen(weg).is_empty(), "it was tried all day");
    t.doet(weg, Doet::Neemt);
    for _ in 0..8 {
        kapot.leegmaken().await.unwrap();
        t.w.clock.advance(Duration::minutes(15));
    }
    let mut genomen = t.genomen(weg);
    genomen.sort_unstable();
    verstuurd.sort_unstable();
    assert_eq!(genomen, verstuurd, "each once");
    assert!(t.w.hub.dode_letters(weg.oin, None).await.unwrap().dode_letters.is_empty());
}

/// Whom nobody knows yet, as after a hub starts, and who hangs: that it does shows only when its time is over. Until then it takes
/// nothing of who answered before.
#[tokio::test]
async fn who_never_answered_have_one_room_and_take_nothing_of_the_others() {
    let schema = Bezorgschema::new(vec![10], 60, 100, 259_200).unwrap();
    let t = Toneel::nieuw(&schema, Ruimte { per_ontvanger: 4, gezond: 4, haperend: 1, mebibytes: 1 }).await;
    let [om, vt, ggz, politie] = t.allen();
    let mut bekend = [(ggz, t.lijn(ggz)), (politie, t.lijn(politie))];
    let (mut acuut, mut normaal) = (Vec::new(), vec![t.signaal(Urgentie::Normaal).await]);
    for (_, lijn) in &mut bekend {
        lijn.leegmaken().await.unwrap();
    }
    t.doet(om, Doet::Hangt);
    t.doet(vt, Doet::Hangt);
    let bij_om = apart(t.lijn(om));
    t.kwam(om, 1).await;
    let mut bij_vt = t.lijn(vt);
    assert_eq!(bij_vt.leegmaken().await.unwrap(), 0, "a quarter of four is one, and that hangs");
    for _ in 0..4 {
        acuut.push(t.signaal(Urgentie::Acuut).await);
        normaal.push(t.signaal(Urgentie::Normaal).await);
        for (wie, lijn) in &mut bekend {
            lijn.leegmaken().await.unwrap();
            t.nam_alles(wie, &acuut, &normaal);
        }
    }
    assert_eq!((t.gekomen(om).len(), t.gekomen(vt).len()), (1, 0), "still");
    // Its time is over: it failed, and leaves that room to the next that nobody knows.
    t.doet(vt, Doet::Neemt);
    t.doet(om, Doet::Neemt);
    let mut bij_om = bij_om.await.unwrap();
    for _ in 0..4 {
        bij_vt.leegmaken().await.unwrap();
        t.w.clock.advance(Duration::minutes(1));
        bij_om.leegmaken().await.unwrap();
    }
    for wie in [om, vt] {
        t.nam_alles(wie, &acuut, &normaal);
    }
}

#[tokio::test]
async fn who_hang_together_have_one_room_and_take_nothing_of_the_others() {
    let schema = Bezorgschema::new(vec![10], 60, 100, 259_200).unwrap();
    let t = Toneel::nieuw(&schema, Ruimte { per_ontvanger: 1, gezond: 1, haperend: 1, mebibytes: 1 }).await;
    let [om, vt, ggz, politie] = t.allen();
    let (mut bij_om, mut bij_vt) = (t.lijn(om), t.lijn(vt));
    let mut gezond = [(ggz, t.lijn(ggz)), (politie, t.lijn(politie))];
    let mut normaal = vec![t.signaal(Urgentie::Normaal).await];
    for (wie, lijn) in [(om, &mut bij_om), (vt, &mut bij_vt)] {
        t.doet(wie, Doet::Weg);
        assert_eq!(lijn.leegmaken().await.unwrap(), 1);
        t.doet(wie, Doet::Hangt);
    }
    t.w.clock.advance(Duration::seconds(10));

    // One of the two hangs in the normal lane, the other in the acute one: there is no more room for who failed last.
    let bij_om = apart(bij_om);
    t.kwam(om, 2).await;
    assert_eq!(bij_vt.leegmaken().await.unwrap(), 0, "no room in the normal lane");
    let mut acuut = vec![t.signaal(Urgentie::Acuut).await];
    let bij_vt = apart(bij_vt);
    t.kwam(vt, 2).await;
    assert_eq!(t.gekomen(vt)[1..], acuut);

    // Whoever does not hang has all of its own room, in both lanes.
    for _ in 0..4 {
        for (wie, lijn) in &mut gezond {
            lijn.leegmaken().await.unwrap();
            t.nam_alles(wie, &acuut, &normaal);
        }
        acuut.push(t.signaal(Urgentie::Acuut).await);
        normaal.push(t.signaal(Urgentie::Normaal).await);
    }
    assert_eq!((t.gekomen(om).len(), t.gekomen(vt).len()), (2, 2), "they hang still");

    // Back again, they get everything, of each lane in order.
    t.doet(om, Doet::Neemt);
    t.doet(vt, Doet::Neemt);
    let (mut bij_om, mut bij_vt) = (bij_om.await.unwrap(), bij_vt.await.unwrap());
    for _ in 0..4 {
        t.w.clock.advance(Duration::minutes(1));
        bij_om.leegmaken().await.unwrap();
        bij_vt.leegmaken().await.unwrap();
    }
    for wie in [om, vt] {
        t.nam_alles(wie, &acuut, &normaal);
    }
}
