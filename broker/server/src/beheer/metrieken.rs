//! `GET /metrics`: what a collector reads, in the text format of OpenMetrics. Requests come from the partner listener, counts from
//! the store, the rest from the process. Labels come from short fixed lists; nothing says anything about a person, a case, a
//! message or who sent it.

use std::collections::BTreeMap;

use inbreng_api::Knooppunt;
use inbreng_bus::{Busstand, Bustellers};
use inbreng_pipeline::Klokbeeld;
use inbreng_storage::Tellingen;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        info::Info,
    },
    registry::{Registry, Unit},
};

use super::ruimte::Ruimte;

/// Of the answer.
pub(super) const SOORT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Uitkomst {
    uitkomst: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Regel {
    regel: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Onderdeel {
    onderdeel: &'static str,
}

/// Whether the parts of a hub do what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    /// The store answers.
    pub(super) opslag: bool,
    /// Certificates can be judged.
    pub(super) certificaten: bool,
    /// The clock is not before the log.
    pub(super) klok: bool,
}

/// The page; without the counts and the room where the store does not give them.
///
/// # Errors
/// When a number cannot be written as text.
pub(super) fn bladzijde(
    knooppunt: &Knooppunt,
    stand: Stand,
    tellingen: Option<&Tellingen>,
    ruimte: Option<Ruimte>,
) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("inbreng");
    registry.register("programma", "Welke versie draait", Info::new(vec![("versie", env!("CARGO_PKG_VERSION"))]));
    let gereed: Family<Onderdeel, Gauge> = Family::default();
    for (onderdeel, werkt) in [("opslag", stand.opslag), ("certificaten", stand.certificaten), ("klok", stand.klok)] {
        gereed.get_or_create(&Onderdeel { onderdeel }).set(i64::from(werkt));
    }
    registry.register("gereed", "Of dit onderdeel doet wat het moet (1) of niet (0)", gereed);
    tijden(knooppunt, &mut registry);
    klok(knooppunt.hub.klok(), &mut registry);
    let anders = i64::try_from(knooppunt.tokens.anders_gedateerd()).unwrap_or(i64::MAX);
    let uitleg = "Hoeveel organisaties na elkaar een token vroegen met een ander moment dan dat van deze klok";
    registry.register("klok_anders_gedateerd", uitleg, ConstGauge::new(anders));
    if let Some(bus) = knooppunt.hub.bus() {
        busstand(bus, &mut registry);
    }
    knooppunt.metrieken.registreren(&mut registry);
    let onderhanden = i64::try_from(knooppunt.onderhanden.aantal()).unwrap_or(i64::MAX);
    registry.register("verzoeken_onderhanden", "Verzoeken die nu lopen", ConstGauge::new(onderhanden));
    let bezet = i64::try_from(knooppunt.ruimte.bezet()).unwrap_or(i64::MAX);
    let uitleg = "Wat die verzoeken meebrengen en nog niet is verwerkt";
    registry.register_with_unit("verzoeken_onderhanden", uitleg, Unit::Bytes, ConstGauge::new(bezet));
    let onderweg = i64::try_from(knooppunt.antwoorden.bezet()).unwrap_or(i64::MAX);
    let uitleg = "Antwoorden die de vrager nog niet heeft gelezen";
    registry.register_with_unit("antwoorden_onderweg", uitleg, Unit::Bytes, ConstGauge::new(onderweg));
    if let Some(tellingen) = tellingen {
        tellen(tellingen, &mut registry);
    }
    if let Some(ruimte) = ruimte {
        opslagruimte(ruimte, &mut registry);
    }
    let mut uit = String::new();
    text::encode_registry(&mut uit, &registry)?;
    let mut proces = Registry::with_prefix("process");
    proceswaarden(&mut proces);
    text::encode_registry(&mut uit, &proces)?;
    text::encode_eof(&mut uit)?;
    Ok(uit)
}

fn tijden(knooppunt: &Knooppunt, registry: &mut Registry) {
    let seconden = |tijd: inbreng_domain::Tijdstip| ConstGauge::new(tijd.unix_millis().div_euclid(1000));
    let vertrouwen = &knooppunt.vertrouwen;
    registry.register(
        "certificaat_geldig_tot_tijdstip_seconden",
        "Tot wanneer het TLS-certificaat van het knooppunt geldt (Unix-tijd)",
        seconden(vertrouwen.certificaat_tot()),
    );
    registry.register(
        "intrekkingslijsten_geldig_tot_tijdstip_seconden",
        "Tot wanneer de intrekkingslijsten gelden; daarna wordt iedereen geweigerd (Unix-tijd)",
        seconden(vertrouwen.lijsten_tot()),
    );
}

/// How the clock of this machine behaves.
fn klok(beeld: Klokbeeld, registry: &mut Registry) {
    let Klokbeeld { keer, afwijking } = beeld;
    registry.register("klok_verspringingen", "Hoe vaak de klok van deze machine versprong", ConstCounter::new(keer));
    registry.register(
        "klok_afwijking_seconden",
        "Hoe ver de klok vooruit staat (of achter) door verspringen, zolang niemand zei dat zij goed staat",
        ConstGauge::new(afwijking.whole_seconds()),
    );
}

/// How it stands with the other processes.
fn busstand(stand: Busstand, registry: &mut Registry) {
    let Busstand { verbonden, aandelen_hier, onbevestigd, tellers, .. } = stand;
    let Bustellers { bevestigd, teruggekomen, geweigerd, verlopen, verbindingen, onleesbaar } = tellers;
    let mut maat = |naam: &str, uitleg: &str, aantal: u64| {
        registry.register(naam, uitleg, ConstGauge::new(i64::try_from(aantal).unwrap_or(i64::MAX)));
    };
    maat("bus_verbonden", "Of RabbitMQ te bereiken is (1) of niet (0)", verbonden.into());
    maat("bus_aandelen", "Aandelen van het werk die dit proces heeft", aandelen_hier.into());
    maat("bus_onbevestigd", "Tekens van werk die RabbitMQ nog niet heeft bevestigd", onbevestigd);
    registry.register("bus_verbindingen", "Hoe vaak er verbinding met RabbitMQ kwam", ConstCounter::new(verbindingen));
    registry.register("bus_onleesbaar", "Tekens van werk die niemand begreep", ConstCounter::new(onleesbaar));
    let aangeboden: Family<Uitkomst, Counter> = Family::default();
    let uitkomsten = [("bevestigd", bevestigd), ("teruggekomen", teruggekomen), ("geweigerd", geweigerd), ("verlopen", verlopen)];
    for (uitkomst, aantal) in uitkomsten {
        aangeboden.get_or_create(&Uitkomst { uitkomst: uitkomst.to_owned() }).inc_by(aantal);
    }
    registry.register("bus_aangeboden", "Tekens van werk die RabbitMQ zijn aangeboden, per uitkomst", aangeboden);
}

/// How full a store in a file is.
fn opslagruimte(Ruimte { gebruikt, hoogstens }: Ruimte, registry: &mut Registry) {
    let mut maat = |naam: &str, uitleg: &str, bytes: u64| {
        let maat = ConstGauge::new(i64::try_from(bytes).unwrap_or(i64::MAX));
        registry.register_with_unit(naam, uitleg, Unit::Bytes, maat);
    };
    maat("opslag", "Wat er in het bestand van de opslag staat", gebruikt);
    maat("opslag_hoogstens", "Wat erin past: zo veel als het mag zijn en de schijf heeft", hoogstens);
}

/// What the store counts: over all processes on it, since it was made.
fn tellen(tellingen: &Tellingen, registry: &mut Registry) {
    let mut teller = |naam: &str, uitleg: &str, aantal: u64| registry.register(naam, uitleg, ConstCounter::new(aantal));
    teller("berichten", "Aangenomen berichten", tellingen.berichten);
    teller("leveringen", "Leveringen", tellingen.leveringen);
    teller(
        "verantwoordelijkheid_overgedragen",
        "Hoe vaak de verantwoordelijkheid voor een zaak overging",
        tellingen.overgedragen,
    );
    teller("leveringen_verlopen", "Leveringen die niemand ophaalde binnen de bewaartermijn", tellingen.verlopen);
    teller("berichten_gesnoeid", "Berichten waarvan het bewijs aan het einde van zijn termijn is gewist", tellingen.gesnoeid);
    teller("zaken_beeindigd", "Gesloten zaken waarvan de verwijzing is geëindigd", tellingen.zaken_beeindigd);
    teller("logboek_bladen", "Bladen in het logboek", tellingen.bladen);
    let mut maat = |naam: &str, uitleg: &str, aantal: u64| {
        registry.register(naam, uitleg, ConstGauge::new(i64::try_from(aantal).unwrap_or(i64::MAX)));
    };
    maat("leveringen_open", "Leveringen die nog niet zijn ontvangen", tellingen.open);
    maat("dode_letters", "Leveringen die niemand kon bezorgen", tellingen.dode_letters);
    let besluiten = familie(&tellingen.besluiten, |uitkomst| Uitkomst { uitkomst });
    registry.register("besluiten", "Besluiten per deel en ontvanger, per uitkomst", besluiten);
    let weigeringen = familie(&tellingen.weigeringen, |regel| Regel { regel });
    registry.register("weigeringen", "Weigeringen per regel", weigeringen);
}

fn familie<L: Clone + std::hash::Hash + Eq>(geteld: &BTreeMap<String, u64>, label: fn(String) -> L) -> Family<L, Counter> {
    let familie: Family<L, Counter> = Family::default();
    for (waarde, aantal) in geteld {
        familie.get_or_create(&label(waarde.clone())).inc_by(*aantal);
    }
    familie
}

/// What every program shows of itself, under the names that collectors know; nothing where the system does not say.
fn proceswaarden(registry: &mut Registry) {
    if let Some(bytes) = resident() {
        registry.register_with_unit("resident_memory", "Geheugen dat in gebruik is", Unit::Bytes, ConstGauge::new(bytes));
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        let aantal = i64::try_from(open.count()).unwrap_or(i64::MAX);
        registry.register("open_fds", "Open bestanden en verbindingen", ConstGauge::new(aantal));
    }
    if let Some(hoogstens) = hoogstens_open() {
        registry.register("max_fds", "Hoeveel er open mogen zijn", ConstGauge::new(hoogstens));
    }
}

/// `VmRSS` of `/proc/self/status`, in bytes.
fn resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib: i64 = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?.trim().trim_end_matches(" kB").parse().ok()?;
    kib.checked_mul(1024)
}

/// The soft limit of `/proc/self/limits`.
fn hoogstens_open() -> Option<i64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    limits.lines().find_map(|l| l.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}
