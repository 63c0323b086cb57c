"""docker-compose.yml, the Dockerfile and the jobs, checked without a container engine."""

import importlib.util
import re

import pytest
import yaml

from chat.tests.services.environment import ROOT, SITE_VARIABLES
from project.deploy import keys, prepare

SECONDS = re.compile(r"(\d+)s")
OURS = {"keys", "prepare", "web", "tasks"}
JOBS = {"keys", "prepare"}


def resolved(text: str, **variables: str) -> dict:
    """The file with its variables replaced. Only forms that docker-compose 1.29 supports are replaced."""

    def fill(match) -> str:
        name, default = match.groups()
        return variables.get(name) or default

    text = re.sub(r"\$\{([A-Z0-9_]+):-([^}]*)\}", fill, text)
    text = re.sub(r"\$\{([A-Z_]+):\?[^}]*\}", lambda match: variables.get(match[1]) or match[0], text)
    assert "${" not in text, "a form that docker-compose 1.29 does not know"
    return yaml.safe_load(text)


@pytest.fixture
def source() -> str:
    """The text of the compose file."""
    return (ROOT / "docker-compose.yml").read_text()


@pytest.fixture
def services(source) -> dict:
    """The services, with an empty environment."""
    return resolved(source)["services"]


def test_only_the_proxy_publishes_ports(services, source):
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert services["proxy"]["ports"] == ["127.0.0.1:3368:3368"]
    assert all(service.get("network_mode") in (None, "none") for service in services.values())
    assert resolved(source)["networks"]["inside"]["internal"] is True
    assert {name for name, service in services.items() if "outside" in service.get("networks", ())} == {
        "web",
        "tasks",
        "proxy",
    }


def test_ports_for_tls_are_published_by_the_file_for_tls_only(source):
    services = resolved(source, SITE_ADDRESS="chat.example.com", PORT="8080", PUBLISH_ON="0.0.0.0")["services"]
    assert services["web"]["environment"]["SITE_ADDRESS"] == "chat.example.com"
    assert services["proxy"]["ports"] == ["0.0.0.0:8080:3368"]
    assert services["proxy"]["environment"]["SITE_ADDRESS"] == ":3368"
    more = (ROOT / "docker-compose.tls.yml").read_text()
    with pytest.raises(AssertionError):
        resolved(more)
    tls = resolved(more, SITE_ADDRESS="chat.example.com")["services"]["proxy"]
    assert tls["environment"]["SITE_ADDRESS"] == "chat.example.com"
    assert tls["ports"] == ["80:80", "443:443"]


def test_workers_trust_the_network_that_the_proxy_uses(source):
    for subnet in ("10.231.73.0/24", "10.1.2.0/24"):
        whole = resolved(source, INSIDE_SUBNET=subnet, FRONT_PROXIES="192.0.2.1 192.0.2.2")
        web, networks = whole["services"]["web"], whole["networks"]
        assert web["environment"]["TRUSTED_PROXIES"] == f"{subnet} 192.0.2.1 192.0.2.2"
        assert networks["inside"]["ipam"]["config"] == [{"subnet": subnet}]
        (alias,) = web["networks"]["inside"]["aliases"]
        assert whole["services"]["proxy"]["environment"]["UPSTREAM"] == alias
        assert not web["networks"]["outside"]
        assert networks["outside"]["ipam"]["config"] == [{"subnet": "10.231.74.0/24"}]


def test_the_network_with_ipv6_keeps_its_ipv4_addresses(source):
    """Compose replaces a list by that of a later file."""
    outside = resolved((ROOT / "docker-compose.ipv6.yml").read_text())["networks"]["outside"]
    assert outside["enable_ipv6"] is True
    assert outside["ipam"]["config"][0] == resolved(source)["networks"]["outside"]["ipam"]["config"][0]
    assert outside["ipam"]["config"][1] == {"subnet": "fd0a:e749:4a00::/64"}


def test_every_image_has_a_tag_that_does_not_move_to_another_major_version(services):
    assert {name for name, service in services.items() if "build" in service} == OURS
    for name in services.keys() - OURS:
        assert re.search(r":\d+(\.\d+)?(-\w+)?$", services[name]["image"])
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) == ["debian:bookworm-slim"] * 2


def test_containers_have_few_rights_and_limits(services):
    for name, service in services.items():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
        assert 0 < service["pids_limit"] <= 512
        assert not {"privileged", "pid"} & service.keys()
        assert service.get("cap_add") == (["NET_BIND_SERVICE"] if name == "proxy" else None)


def test_our_image_is_not_pulled_from_a_registry(services):
    assert {services[name]["pull_policy"] for name in OURS} == {"never"}


def test_secrets_in_env_are_not_committed():
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_image_ends_with_a_user_and_a_command_without_a_shell():
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert "\nUSER parley\n" in last
    assert last.index("\nUSER ") < last.index("\nCMD ")
    assert last.rstrip().endswith('CMD ["python", "-m", "project.server"]')


def test_each_service_starts_after_those_that_it_needs(services):
    def needs(name: str) -> dict[str, str]:
        return {other: how["condition"] for other, how in services[name].get("depends_on", {}).items()}

    done, healthy = "service_completed_successfully", "service_healthy"
    assert needs("keys") == {}
    assert needs("db") == needs("cache") == {"keys": done}
    assert needs("prepare") == {"keys": done, "db": healthy}
    assert needs("web") == needs("tasks") == {"prepare": done, "db": healthy, "cache": healthy}
    assert needs("proxy") == {"web": healthy}


def test_permanent_services_have_a_health_check_and_restart(services):
    dockerfile = (ROOT / "Dockerfile").read_text()
    for name in services.keys() - JOBS:
        assert services[name]["restart"] == "unless-stopped"
        assert "max-size" in services[name]["logging"]["options"]
    assert "HEALTHCHECK" in dockerfile
    assert all("test" in services[name]["healthcheck"] for name in ("db", "cache", "proxy"))


def test_every_variable_is_one_that_the_settings_read(services):
    for name in ("prepare", "web", "tasks"):
        for variable in services[name]["environment"]:
            assert variable.removesuffix("_FILE") in SITE_VARIABLES


def test_the_grace_period_of_a_worker_is_longer_than_its_drain(services):
    from project import settings

    for name in ("web", "tasks"):
        (grace_s,) = SECONDS.findall(services[name]["stop_grace_period"])
        assert int(grace_s) > settings.DRAIN_S


def test_jobs_run_in_their_own_service_with_the_files_and_secrets_of_the_workers(services):
    web, tasks = services["web"], services["tasks"]
    assert web["environment"]["JOBS_IN_SERVER"] == "false"
    assert web["environment"] == tasks["environment"] | {"JOBS_IN_SERVER": "false"}
    assert tasks["volumes"] == web["volumes"]
    assert "aliases" not in tasks["networks"]["inside"], "the proxy must not send people there"


def test_each_command_is_a_program_of_the_image(services):
    for name in JOBS:
        python, flag, module, folder = services[name]["command"]
        assert any(folder in volume or volume.split(":")[1].startswith(folder) for volume in services[name]["volumes"])
        assert (python, flag) == ("python", "-m")
        assert importlib.util.find_spec(module)


# --- The jobs


def test_secrets_are_generated_once_and_each_service_gets_its_own(tmp_path, services):
    for name in ("web", "db", "cache"):
        (tmp_path / name).mkdir()
    keys.prepare(tmp_path)
    made = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    keys.prepare(tmp_path)
    assert made == {name: (tmp_path / name).read_text() for name in made}
    for path in services["web"]["environment"].values():
        if str(path).startswith("/secrets/"):
            assert path.removeprefix("/secrets/") in made
    assert f":{made['db/password']}@db/" in made["web/database_url"]
    assert f"requirepass {made['web/cache_password']}\n" in made["cache/redis.conf"]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "web").iterdir()} == {0o400}


def test_an_interrupted_generation_of_secrets_is_completed(tmp_path):
    for name in ("web", "db", "cache"):
        (tmp_path / name).mkdir()
    (tmp_path / "web" / ".secret_key").write_text("hal")
    keys.prepare(tmp_path)
    assert len((tmp_path / "web" / "secret_key").read_text()) > 50
    assert not (tmp_path / "web" / ".secret_key").exists()


def test_static_files_of_an_older_version_stay_for_open_pages(tmp_path):
    old, new, served = tmp_path / "old", tmp_path / "new", tmp_path / "served"
    for folder, name in ((old, "app.1.js"), (new, "app.2.js")):
        (folder / "chat").mkdir(parents=True)
        (folder / "chat" / name).write_text(name)
        (folder / "staticfiles.json").write_text(name)
        prepare.publish(folder, served)
    names = {path.relative_to(served).as_posix() for path in served.rglob("*") if path.is_file()}
    assert names == {"chat/app.1.js", "chat/app.2.js", "staticfiles.json"}
    assert (served / "staticfiles.json").read_text() == "app.2.js"
