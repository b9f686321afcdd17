//! The hub and the bare chain as processes of their own, and what the kernel counts of them.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::region::Region;

/// How long a process may take to say where it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that is killed when it is dropped.
#[derive(Debug)]
pub struct Running(Child);

/// A hub that accepts connections.
#[derive(Debug)]
pub struct Hub {
    /// The process.
    pub process: Running,
    /// `https://localhost:…`.
    pub base: String,
    /// From starting the program until it wrote its address.
    pub ready: Duration,
}

impl Hub {
    /// Starts `inbreng serve` and waits for the address file, which it writes when it serves.
    pub fn start(inbreng: &Path, region: &Region) -> Outcome<Self> {
        Self::start_as(inbreng, region, "hub")
    }

    /// The same under another name: several hubs of one region share a database.
    pub fn start_as(inbreng: &Path, region: &Region, name: &str) -> Outcome<Self> {
        let mut command = Command::new(inbreng);
        command.arg("serve").arg("--config").arg(region.config(name)?);
        let (process, base, ready) = serve(command, region, &format!("{name}.adres"), &format!("{name}.log"))?;
        Ok(Self { process, base, ready })
    }
}

/// The bare chain of this program: process and address.
#[derive(Debug)]
pub struct Floor {
    /// The process.
    pub process: Running,
    /// `https://localhost:…`.
    pub base: String,
}

/// Starts the bare chain over the same certificates, on the same disk.
pub fn floor_process(own: &Path, region: &Region) -> Outcome<Floor> {
    let mut command = Command::new(own);
    command.arg("vloer").arg(region.pki()).arg(region.path("vloer.sqlite")).arg(region.path("vloer.adres"));
    let (process, base, _) = serve(command, region, "vloer.adres", "vloer.log")?;
    Ok(Floor { process, base })
}

fn serve(mut command: Command, region: &Region, address: &str, log: &str) -> Outcome<(Running, String, Duration)> {
    let (address, log) = (region.path(address), region.path(log));
    let _none = fs::remove_file(&address);
    let file = File::options().create(true).append(true).open(&log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let begin = Instant::now();
    let mut process = Running(command.spawn()?);
    loop {
        if let Ok(text) = fs::read_to_string(&address)
            && let Some((_, port)) = text.trim().rsplit_once(':')
        {
            return Ok((process, format!("https://localhost:{port}"), begin.elapsed()));
        }
        if process.0.try_wait()?.is_some() || begin.elapsed() > PATIENCE {
            return Err(format!("a server does not start:\n{}", fs::read_to_string(&log)?).into());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Running {
    /// User and system time so far, in seconds.
    pub fn cpu(&self) -> Outcome<f64> {
        cpu_seconds(&self.0.id().to_string())
    }

    /// Memory now, in MiB (`VmRSS`).
    pub fn memory_mib(&self) -> Outcome<f64> {
        self.status("VmRSS:")
    }

    /// Most memory at any moment, in MiB (`VmHWM`).
    pub fn peak_mib(&self) -> Outcome<f64> {
        self.status("VmHWM:")
    }

    fn status(&self, field: &str) -> Outcome<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = text.lines().find_map(|l| l.strip_prefix(field)).ok_or("the kernel does not say how much memory is in use")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }

    /// Ends it at once, as a machine that fails would (SIGKILL).
    pub fn kill(mut self) -> Outcome {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub fn stop(mut self) -> Outcome {
        Command::new("kill").arg(self.0.id().to_string()).status()?;
        let status = self.0.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the hub ended with {status}").into()) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// User and system time of this process so far, in seconds.
pub fn own_cpu() -> Outcome<f64> {
    cpu_seconds("self")
}

/// From `/proc/<pid>/stat`, in ticks of 10 ms (`USER_HZ` is 100 on every Linux that this runs on).
fn cpu_seconds(pid: &str) -> Outcome<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, between parentheses, may hold spaces; utime and stime are the 12th and 13th field after it.
    let (_, rest) = text.rsplit_once(')').ok_or("/proc/…/stat has another form")?;
    let ticks: Vec<f64> = rest.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}
