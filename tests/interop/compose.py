"""compose.yaml against the schema of the Compose Specification (as docker-compose carries it), and against the files that it
mounts: every name in the hubs' configuration, at the broker and at the collector is a service, and every file is there or is made by
voorbereiden.sh."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.parse

import jsonschema
import yaml

COMPOSE = pathlib.Path(sys.argv[1]).resolve() / "compose"
INBRENG, ADAPTER = sys.argv[2:4]
TIJDELIJK = pathlib.Path(sys.argv[4])


def schema():
    # Read as data: the package itself is too old to be imported.
    for plek in map(pathlib.Path, sys.path):
        pad = plek / "compose" / "config" / "compose_spec.json"
        if pad.is_file():
            return json.loads(pad.read_text())
    sys.exit("no compose_spec.json: docker-compose is not installed in this Python")


compose = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
fouten = [f"{'/'.join(map(str, f.path))}: {f.message}" for f in jsonschema.Draft7Validator(schema()).iter_errors(compose)]


def eis(waar, wat):
    if not waar:
        fouten.append(wat)


diensten = compose["services"]
eis({"hub-1", "hub-2", "postgres", "rabbitmq-1", "rabbitmq-2", "rabbitmq-3", "prometheus", "grafana"} <= diensten.keys(), "services")
eis(any(naam.startswith("adapter-") for naam in diensten), "no adapter")

# Every file that is mounted is in the checkout, or is made.
def voorbereiden():
    subprocess.run([COMPOSE / "voorbereiden.sh", TIJDELIJK / "geheim"], check=True, stdout=subprocess.DEVNULL)


voorbereiden()
adapters = sorted(naam for naam in diensten if naam.startswith("adapter-"))
# As docs/operations/compose.md says it: what reads its numbers gets a copy of the secret.
pagina = (COMPOSE.parent / "docs/operations/compose.md").read_text()
staat = re.search(r"^inbreng-adapter init \S+ --staat (\S+) ", pagina, re.M)[1]
for nummer, adapter in enumerate(adapters):
    adaptermap = TIJDELIJK / "geheim/adapters" / adapter.removeprefix("adapter-")
    shutil.rmtree(adaptermap)
    opzet = ["--staat", staat, "--oin", f"000000010000000000{nummer:02}", "--naam", f"Adapter {nummer} (test)", "--partnertype", "politie"]
    subprocess.run([ADAPTER, "init", adaptermap, *opzet], check=True, stdout=subprocess.DEVNULL)
voorbereiden()
binnen = {}
for naam, dienst in diensten.items():
    for volume in dienst.get("volumes", []):
        van, naar, *_ = volume.split(":")
        if van.startswith("./geheim"):
            eis((TIJDELIJK / van[2:]).exists(), f"{naam}: {van} is not made")
            binnen.setdefault(naam, {})[naar] = TIJDELIJK / van[2:]
        elif van.startswith("./"):
            eis((COMPOSE / van).is_file(), f"{naam}: {van} is not there")
            binnen.setdefault(naam, {})[naar] = COMPOSE / van
        else:
            eis(van in compose["volumes"], f"{naam}: no volume {van}")
    for netwerk in dienst.get("networks", []):
        eis(netwerk in compose["networks"], f"{naam}: no network {netwerk}")


def pad(dienst, naar):
    """Where a path inside a container comes from."""
    for onder, van in binnen[dienst].items():
        if naar == onder:
            return van
        if naar.startswith(onder + "/"):
            return van / naar[len(onder) + 1 :]
    return None


# Each adapter: its folder is for reading, and all that it writes is on a volume of its own.
for adapter in adapters:
    dienst = diensten[adapter]
    config = dienst["command"][dienst["command"].index("--config") + 1]
    toml = tomllib.loads(pad(adapter, config).read_text())
    volumes = [v.split(":") for v in dienst["volumes"]]
    eis(dienst["read_only"] is True, f"{adapter}: its image can be written to")
    eis([v[2:] for v in volumes if v[0].startswith("./")] == [["ro"]], f"{adapter}: {volumes}")
    schrijft = [(v[0], v[1]) for v in volumes if v[0] in compose["volumes"] and not v[2:]]
    for schrijven in [toml["opslag"]["pad"], toml["sleutels"]["wisselmap"]]:
        plek = pathlib.PurePosixPath(config).parent / schrijven
        op = [van for van, naar in schrijft if plek.is_relative_to(naar)]
        wie = {naam for naam, d in diensten.items() for v in d.get("volumes", []) if v.split(":")[0] in op}
        eis(len(op) == 1 and wie == {adapter}, f"{adapter}: {plek} is on {op}, which {wie} have")

# Both hubs: the same file, whose names are services on a network they share.
for hub in ["hub-1", "hub-2"]:
    config = pad(hub, diensten[hub]["command"][-1])
    toml = tomllib.loads(config.read_text())
    urls = [toml["opslag"]["url"], *toml["bus"]["urls"]]
    hosts = [urllib.parse.urlsplit(url) for url in urls]
    eis([h.hostname for h in hosts] == ["postgres", "rabbitmq-1", "rabbitmq-2", "rabbitmq-3"], f"{hub}: {urls}")
    for host in hosts:
        gedeeld = set(diensten[hub]["networks"]) & set(diensten[host.hostname]["networks"])
        eis(gedeeld == {"intern"}, f"{hub} reaches {host.hostname} by {gedeeld}")
    for tabel, sleutel in [("opslag", "wachtwoord_bestand"), ("opslag", "tls_wortel"), ("bus", "wachtwoord_bestand"), ("bus", "tls_wortel")]:
        van = pad(hub, toml[tabel][sleutel])
        eis(van is not None and van.is_file(), f"{hub}: {tabel}.{sleutel}")
    # One key store for both: on a volume that they share, where they may write, and nobody else.
    kast = pathlib.PurePosixPath(toml["opslag"]["sleutels"])
    volumes = [v.split(":") for v in diensten[hub]["volumes"]]
    volume = next((v[0] for v in volumes if v[0] in compose["volumes"] and v[1:] == [str(kast.parent)]), None)
    wie = {naam for naam, dienst in diensten.items() for v in dienst.get("volumes", []) if v.split(":")[0] == volume}
    eis(wie == {"hub-1", "hub-2"}, f"{hub}: {kast} is on {volume}, which {wie} have")
    poort = toml["partners"]["adres"].rsplit(":")[-1]
    eis(diensten[hub]["ports"][0].endswith(f":{poort}"), f"{hub}: its port is not {poort}")
    # The operators' port: on its address in the network of those who look, and on no other; published nowhere.
    eis(toml["beheer"]["adres"] == f"{diensten[hub]['networks']['toezicht']['ipv4_address']}:9090", f"{hub}: {toml['beheer']}")
    eis(not any("9090" in p for p in diensten[hub]["ports"]), f"{hub}: operators' port is published")
    zonder = [{**tomllib.loads(c.read_text()), "beheer": None} for c in [config, COMPOSE / "hub/knooppunt.toml"]]
    eis(zonder[0] == zonder[1], f"{hub}: more than its operators' port differs")
    # The program itself reads it: nothing may be unknown, missing or wrong but the files that are not here.
    uit = subprocess.run([INBRENG, "check", "--config", config, "--json"], capture_output=True, text=True)
    for bevinding in json.loads(uit.stdout)["bevindingen"]:
        van_een_bestand = "is niet te lezen" in bevinding["wat"] or bevinding["sleutel"] in ("beheer.adres", "partners.adres")
        eis(van_een_bestand, f"{hub}: {bevinding}")

# The broker: the user and virtual host of the addresses, with the password that the hub shows; nodes that are services.
definities = json.loads((TIJDELIJK / "geheim/rabbitmq/definitions.json").read_text())
gebruiker, vhost = hosts[1].username, hosts[1].path[1:]
eis([u["name"] for u in definities["users"]] == [gebruiker], "one user")
eis([(p["user"], p["vhost"]) for p in definities["permissions"]] == [(gebruiker, vhost)], "its rights")
eis("@" not in definities["users"][0]["password_hash"], "a password")
naam = toml["bus"].get("naam", "inbreng")
for recht in ["configure", "write", "read"]:
    patroon = re.compile(definities["permissions"][0][recht])
    eis(patroon.search(f"{naam}.werk.15") and patroon.search(f"{naam}.wek"), f"{recht} is too narrow")
    eis(not patroon.search("amq.direct") and not patroon.search(f"x{naam}.werk"), f"{recht} is too wide")
cluster = (COMPOSE / "rabbitmq/cluster.conf").read_text()
for n in [1, 2, 3]:
    eis(f"rabbit@{diensten[f'rabbitmq-{n}']['hostname']}\n" in cluster, f"node {n}")
    for sleutel in ["cacertfile", "certfile", "keyfile"]:
        naar = re.search(rf"^ssl_options\.{sleutel} = (.*)$", cluster, re.M)[1]
        eis(pad(f"rabbitmq-{n}", naar).is_file(), f"node {n}: {sleutel}")
eis(f"listeners.ssl.default = {hosts[1].port}\n" in cluster, "the broker's port")

# PostgreSQL: what its command names is there, and its user is the hubs'.
opdracht = " ".join(diensten["postgres"]["command"])
for naar in re.findall(r"(?:_file=)(/\S+)", opdracht):
    eis(pad("postgres", naar).is_file(), f"postgres: {naar}")
eis(diensten["postgres"]["environment"]["POSTGRES_USER"] == hosts[0].username, "the database's user")
eis(diensten["postgres"]["environment"]["POSTGRES_DB"] == hosts[0].path[1:], "the database's name")

# The collector and the dashboard.
prometheus = yaml.safe_load(pad("prometheus", "/etc/prometheus/prometheus.yml").read_text())
doelen = {doel: werk for werk in prometheus["scrape_configs"] for c in werk["static_configs"] for doel in c["targets"]}
poort = toml["beheer"]["adres"].rsplit(":")[-1]
eis(doelen.keys() == {f"hub-1:{poort}", f"hub-2:{poort}", *(f"{a}:8451" for a in adapters)}, f"the collector asks {doelen.keys()}")
# Each adapter: what stands beside it listens where the collector is, hands on its numbers alone, and gets its secret.
luik = (COMPOSE / "haproxy/metingen.cfg").read_text()
eis('bind "${METINGEN}:8451"\n' in luik and "deny unless { method GET } { path /metrics }\n" in luik, "what is shown of an adapter")
for adapter in adapters:
    luistert = tomllib.loads(pad(adapter, "/etc/inbreng/adapter.toml").read_text())["luister"]["adres"]
    eis(luistert == "127.0.0.1:8450" and f"{luistert}\n" in luik, f"{adapter}: it listens at {luistert}")
    naast = [d for d in diensten.values() if d.get("network_mode") == f"service:{adapter}"]
    adres = diensten[adapter]["networks"]["metingen"]["ipv4_address"]
    eis([d["environment"]["METINGEN"] for d in naast] == [adres], f"{adapter}: nothing shows its numbers at {adres}")
    werk = doelen.get(f"{adapter}:8451", {"static_configs": [], "authorization": {"credentials_file": ""}})
    eis([c["labels"]["job"] for c in werk["static_configs"]] == ["inbreng-adapter"], f"{adapter}: the rules ask for another job")
    geheim = pad("prometheus", werk["authorization"]["credentials_file"])
    eigen = pad(adapter, "/etc/inbreng/geheim").read_text()
    eis(geheim is not None and geheim.read_text() == eigen, f"{adapter}: its secret is not the collector's")
# Who looks, and who is looked at, and nobody else: no partner reaches the numbers of a hub, nor of another's adapter by the collector.
leden = {netwerk: {naam for naam, d in diensten.items() if netwerk in d.get("networks", [])} for netwerk in compose["networks"]}
eis(leden["toezicht"] == {"hub-1", "hub-2", "prometheus", "grafana"}, f"toezicht: {leden['toezicht']}")
eis(leden["metingen"] == {"prometheus", *adapters}, f"metingen: {leden['metingen']}")
for netwerk in ["toezicht", "metingen", "intern"]:
    eis(compose["networks"][netwerk]["internal"] is True, f"{netwerk} has a way out")
luistert = f"--web.listen-address={diensten['prometheus']['networks']['toezicht']['ipv4_address']}:9090"
eis(luistert in diensten["prometheus"]["command"], "the collector shows what it has in other networks too")
for regels in prometheus["rule_files"]:
    eis(pad("prometheus", f"/etc/prometheus/{regels}").is_file(), regels)
# The collector of who runs them on the machine itself: a hub and an adapter where they listen when nothing else is said, the adapter's secret where
# its unit and `init` have it, and every rule that there is. Both packages bring it.
los = yaml.safe_load((COMPOSE / "prometheus/prometheus.yml").read_text())
eis(sorted(los["rule_files"]) == sorted(p.name for p in (COMPOSE / "prometheus").glob("meldingen*.yml")), f"its rules: {los['rule_files']}")
werken = {werk["job_name"]: werk for werk in los["scrape_configs"]}
eis(werken.keys() == {"inbreng", "inbreng-adapter"}, f"the rules ask for other jobs than {werken.keys()}")
waar = {naam: [doel for c in werk["static_configs"] for doel in c["targets"]] for naam, werk in werken.items()}
hub = tomllib.loads((COMPOSE / "hub/knooppunt.toml").read_text())
eis(waar["inbreng"] == [hub["beheer"]["adres"]], f"a hub does not listen at {waar['inbreng']}")
for doel in waar["inbreng-adapter"]:
    eis(f'adres = "{doel}"' in (COMPOSE.parent / "adapters/kit/src/opzetten.rs").read_text(), f"an adapter does not listen at {doel}")
unit = (COMPOSE / "systemd/inbreng-adapter@.service").read_text()
map_ = re.search(r"--config (/\S+)/%i/adapter\.toml$", unit, re.M)[1]
geheim = pathlib.PurePosixPath(werken["inbreng-adapter"]["authorization"]["credentials_file"])
eis((str(geheim.parent.parent), geheim.name) == (map_, "geheim"), f"an adapter's secret is not at {geheim}")
for pakket in ["broker/server", "adapters/kit"]:
    deb = tomllib.loads((COMPOSE.parent / pakket / "Cargo.toml").read_text())["package"]["metadata"]["deb"]
    eis(any(van == "../../compose/prometheus/*" for van, *_ in deb["assets"]), f"{deb['name']}.deb brings no rules")
bron = yaml.safe_load(pad("grafana", "/etc/grafana/provisioning/datasources/inbreng.yaml").read_text())
eis(urllib.parse.urlsplit(bron["datasources"][0]["url"]).hostname in diensten, "the dashboard's source")

if fouten:
    sys.exit("\n".join(fouten))
print(f"compose.yaml: {len(diensten)} services, valid and consistent")
