//! A RabbitMQ of the tests' own: Debian's package, an instance in a directory of its own with TLS and the user that an
//! installation has, thrown away afterwards. Tests that kill a broker start their own by the same script.

use std::path::PathBuf;

use crate::postgres::Durable;
use crate::run::{Outcome, program, root, run};
use crate::{klok, nextest, postgres, tools};

/// Whatever needs a broker says so by a name, and is left out of any other run.
const TESTS: &str = "package(inbreng-bus) & test(/^amqp::tests::/) | test(on_rabbitmq)";
/// Which names the user of the tests may use: each test has its own.
const NAMEN: &str = "proef[a-z0-9-]*";

/// Everything that must hold on RabbitMQ; hubs share a PostgreSQL beside it.
pub fn test() -> Outcome {
    // Its packages bring `openssl`, with which the broker's certificates are made.
    let database = postgres::Server::starten(Durable::No)?;
    let broker = Broker::starten()?;
    let library = klok::bibliotheek()?;
    nextest::tests(&["--workspace", "-E", TESTS, "--run-ignored", "all"], |command| {
        command.env("INBRENG_RABBITMQ", &broker.map).env("INBRENG_POSTGRES", database.url()).env(klok::NAAM, library);
    })
}

/// Installs it where it is missing.
pub fn aanwezig() -> Outcome {
    tools::debian(&[("rabbitmqctl", "rabbitmq-server")])
}

/// Runs while it lives.
pub struct Broker {
    /// Where `url`, `wachtwoord` and `ca.pem` are.
    pub map: PathBuf,
}

impl Broker {
    /// Starts one.
    pub fn starten() -> Outcome<Self> {
        aanwezig()?;
        let broker = Self { map: std::env::temp_dir().join(format!("inbreng-rabbitmq-{}", std::process::id())) };
        broker.doe("start")?;
        Ok(broker)
    }

    fn doe(&self, wat: &str) -> Outcome {
        let script = root().join("compose/lokaal/rabbitmq.sh");
        run(program(script).arg(&self.map).arg(wat).env("INBRENG_RABBITMQ_NAMEN", NAMEN))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ended = self.doe("end");
        let _gone = std::fs::remove_dir_all(&self.map);
    }
}
