//! A PostgreSQL of the tests' own: made, started on a socket in a directory of its own, and thrown away.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::nextest;
use crate::run::{Outcome, is_root, output, program, run};

/// Whatever needs a server says so by a name, and is left out of any other run.
const TESTS: &str = "package(inbreng-storage-sql) & test(/^postgres::/) | (test(on_postgres) - test(on_rabbitmq))";

/// Everything that must hold on PostgreSQL.
pub fn test() -> Outcome {
    let server = Server::starten(Durable::No)?;
    nextest::tests(&["--workspace", "-E", TESTS, "--run-ignored", "all"], |command| {
        command.env("INBRENG_POSTGRES", server.url());
    })
}

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durable {
    /// As in production: for figures.
    Yes,
    /// What survives a crash of the server's machine is PostgreSQL's to test.
    No,
}

/// Runs while it lives.
pub struct Server {
    bin: PathBuf,
    map: PathBuf,
}

impl Server {
    /// Starts one.
    pub fn starten(durable: Durable) -> Outcome<Self> {
        let bin = programs()?;
        let map = std::env::temp_dir().join(format!("inbreng-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&map).map_err(|e| format!("cannot make {}: {e}", map.display()))?;
        let server = Self { bin, map };
        if is_root() {
            // It does not run as root, and the package brings a user.
            run(program("chown").arg("postgres").arg(&server.map))?;
        }
        let data = server.map.join("data");
        output(
            server
                .als_eigenaar("initdb")
                .args(["--auth=trust", "--username=postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
                .arg(&data),
        )?;
        let mut opties =
            format!("-c listen_addresses= -c unix_socket_directories={} -c max_connections=300", server.map.display());
        if durable == Durable::No {
            opties.push_str(" -c fsync=off -c full_page_writes=off");
        }
        let log = server.map.join("log");
        run(server.als_eigenaar("pg_ctl").arg("-D").arg(&data).arg("-l").arg(log).args(["-w", "-s", "-o", &opties, "start"]))?;
        Ok(server)
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.map.display())
    }

    fn als_eigenaar(&self, wat: &str) -> Command {
        let programma = self.bin.join(wat);
        if !is_root() {
            return in_map(program(programma), &self.map);
        }
        let mut command = program("runuser");
        command.args(["-u", "postgres", "--"]).arg(programma);
        in_map(command, &self.map)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.map.join("data");
        let _stopped = output(self.als_eigenaar("pg_ctl").arg("-D").arg(data).args(["-s", "-m", "immediate", "stop"]));
        let _gone = std::fs::remove_dir_all(&self.map);
    }
}

/// The user that runs the server may not be allowed to look where we are.
fn in_map(mut command: Command, map: &Path) -> Command {
    command.current_dir(map);
    command
}

/// The programs of the server, of the version that this Debian release has.
pub fn programs() -> Outcome<PathBuf> {
    if let Some(bin) = newest() {
        return Ok(bin);
    }
    run(program("apt-get").args(["update", "-q"]))?;
    run(program("apt-get").args(["install", "-q", "-y", "--no-install-recommends", "postgresql"]))?;
    newest().ok_or_else(|| "no PostgreSQL in /usr/lib/postgresql, although it was installed".to_owned())
}

fn newest() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok).map(|e| e.path().join("bin"));
    versions.filter(|bin| bin.join("initdb").is_file()).max()
}
