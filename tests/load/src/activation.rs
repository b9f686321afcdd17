//! Making a new policy version ready, what it holds in memory, and decisions that go on meanwhile.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use inbreng_catalogue::Catalogus;
use inbreng_domain::vocabulary::{Categorie, Doel, Grondslag, Handeling, Ontvangersoort};
use inbreng_policy::{Beleid, Bundel, Effect, Rij, Stap, Verzoek};

use crate::table::{Figure, Table};
use crate::{Extent, Outcome};

/// A policy that is ready, and what that took.
pub struct Ready {
    pub policy: Beleid,
    time: Duration,
    processor: Duration,
}

/// Makes a version ready.
pub fn load(bundle: Bundel, catalogue: &Catalogus) -> Outcome<Ready> {
    let digest = inbreng_proof::digest_of(&bundle)?;
    let (processor, begin) = (processor_time()?, Instant::now());
    let policy = Beleid::laden(bundle, digest, catalogue)?;
    Ok(Ready { policy, time: begin.elapsed(), processor: processor_time()?.saturating_sub(processor) })
}

/// By how much the process grows with each further policy of these rows, beside its document. The first fills the holes that
/// making the documents left.
fn growth(bundle: &Bundel, catalogue: &Catalogus) -> Outcome<f64> {
    const FURTHER: usize = 4;
    let digest = inbreng_proof::digest_of(bundle)?;
    let mut documents = vec![bundle.clone(); FURTHER + 1];
    let mut ready = Vec::with_capacity(documents.len());
    let mut first = 0.0;
    while let Some(document) = documents.pop() {
        ready.push(Beleid::laden(document, digest, catalogue)?);
        if ready.len() == 1 {
            first = resident_mib()?;
        }
    }
    Ok((resident_mib()? - first).max(0.0) / FURTHER as f64)
}

/// Adds the figures of activation, for a version of this many rows.
pub fn measure(
    table: &mut Table,
    ready: &Ready,
    rows: usize,
    extent: Extent,
    request: &Verzoek,
    catalogue: &Catalogus,
) -> Outcome {
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    table.add(Figure::new("activation", format!("building a policy of {rows} rows"), ms(ready.time), "ms").bar("≤ 250 ms"));
    table.add(Figure::new("activation-cpu", "the same, processor time", ms(ready.processor), "ms"));
    let held = ready.policy.bytes() as f64 / (1024.0 * 1024.0);
    table.add(
        Figure::new(
            "memory-policy",
            format!("memory of a policy of {rows} rows, beside its document"),
            growth(ready.policy.bundel(), catalogue)?,
            "MiB",
        )
        .floor("its index alone", held),
    );
    let (quiet, _) = slowest(request, &ready.policy, extent, None)?;
    let (busy, decided) = slowest(request, &ready.policy, extent, Some((ready.policy.bundel(), catalogue)))?;
    let what = format!("99.9 % of {decided} decisions, one at a time, while a version of {rows} rows is built");
    table.add(Figure::new("decision-during", what, busy, "µs").floor("the same, nothing built", quiet));
    Ok(())
}

/// The time under which 99.9 % of decisions stay, in microseconds, and how many there were; while a version is built on
/// another thread, if one is given.
fn slowest(request: &Verzoek, policy: &Beleid, extent: Extent, build: Option<(&Bundel, &Catalogus)>) -> Outcome<(f64, usize)> {
    let done = AtomicBool::new(build.is_none());
    let mut times = Vec::with_capacity(extent.decisions);
    std::thread::scope(|scope| -> Outcome {
        let building = build.map(|(bundle, catalogue)| {
            let (bundle, done) = (bundle.clone(), &done);
            scope.spawn(move || {
                let built = load(bundle, catalogue).map(|ready| drop(ready.policy));
                done.store(true, Ordering::Release);
                built
            })
        });
        while times.len() < extent.decisions || !done.load(Ordering::Acquire) {
            let begin = Instant::now();
            black_box(policy.uitkomst(black_box(request)));
            times.push(begin.elapsed());
        }
        match building.map(std::thread::ScopedJoinHandle::join) {
            Some(Ok(built)) => built,
            Some(Err(_)) => Err("the version was not built".into()),
            None => Ok(()),
        }
    })?;
    times.sort_unstable();
    let slow = times.get(times.len() * 999 / 1000).copied().unwrap_or_default();
    Ok((slow.as_secs_f64() * 1e6, times.len()))
}

/// The model of one enforcer that holds every row of one step.
const FLAT: &str = "
[request_definition]
r = naar, van, categorie, doel, handeling, grond, soort
[policy_definition]
p = naar, van, categorie, doel, handeling, grond, soort, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (p.naar == \"*\" || r.naar == p.naar) && (p.van == \"*\" || r.van == p.van) && \
(p.categorie == \"*\" || r.categorie == p.categorie) && (p.doel == \"*\" || r.doel == p.doel) && \
(p.handeling == \"*\" || r.handeling == p.handeling) && (p.grond == \"*\" || r.grond == p.grond) && \
(p.soort == \"*\" || r.soort == p.soort)
";

/// The floor of plain Casbin: the rows of one step of six in one enforcer, without their conditions, asked at every request.
pub async fn flat(bundle: &Bundel, request: &Verzoek, times: usize) -> Outcome<f64> {
    let mut enforcer = Enforcer::new(DefaultModel::from_str(FLAT).await?, MemoryAdapter::default()).await?;
    let rows: Vec<Vec<String>> = bundle.rijen.iter().filter(|r| r.stap == Stap::Plicht).map(line).collect();
    enforcer.add_policies(rows).await?;
    let ground = request.grondslagen.first().copied().unwrap_or(Grondslag::Geen);
    let begin = Instant::now();
    for _ in 0..times.max(1) {
        let asked = vec![
            request.naar.to_string(),
            request.van.to_string(),
            request.categorie.to_string(),
            request.doel.to_string(),
            request.handeling.to_string(),
            ground.to_string(),
            request.soort.to_string(),
        ];
        black_box(enforcer.enforce(asked)?);
    }
    Ok(begin.elapsed().as_secs_f64() * 1e6 / times.max(1) as f64)
}

/// A row as a line; a list of several becomes its first, which changes nothing about what is measured.
fn line(row: &Rij) -> Vec<String> {
    fn first<T: ToString>(list: &[T]) -> String {
        list.first().map_or_else(|| "*".to_owned(), T::to_string)
    }
    vec![
        first::<Ontvangersoort>(&row.naar),
        first::<Ontvangersoort>(&row.van),
        first::<Categorie>(&row.categorieen),
        first::<Doel>(&row.doelen),
        first::<Handeling>(&row.handelingen),
        first::<Grondslag>(&row.grondslagen),
        first(&row.soorten),
        if row.effect == Effect::Toelaten { "allow" } else { "deny" }.to_owned(),
    ]
}

/// Memory of this process that is in use.
fn resident_mib() -> Outcome<f64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|l| l.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1024.0)
}

/// Processor time of this process so far, in user and kernel; in steps of ten milliseconds.
fn processor_time() -> Outcome<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit_once(')').ok_or("no name in /proc/self/stat")?.1;
    let mut ticks = after_name.split_whitespace().skip(11);
    let mut next = || -> Outcome<u64> { Ok(ticks.next().ok_or("/proc/self/stat is short")?.parse()?) };
    Ok(Duration::from_millis((next()? + next()?) * 10))
}
