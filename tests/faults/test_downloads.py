"""Whatever the network does, the cache stays as it was, and one sentence says what to do."""

import contextlib
import hashlib
import json
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from data_host import QuietServer, data_host, send
from fault_tools import FETCHING, Command, Ended, digest
from typer.testing import CliRunner

from dl_lesson.cli import app
from dl_lesson.data import fetch as fetching

from .conftest import fill

NAME = "weather_prediction_dataset_light.csv"
GOOD = b"DATE,MONTH\n" + b"20000101,1\n" * 40_000
CHECKSUMS = {NAME: hashlib.sha256(GOOD).hexdigest()}
FALL_BACK = " The data bundled with the lesson will be used."
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    """No proxy of the machine's plays a part, and no test waits long."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in fetching.BUNDLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    patient = fetching.fetch
    monkeypatch.setattr(fetching, "fetch", lambda remote: patient(remote, timeout=(1, 1)))


@pytest.fixture
def old(cache):
    """A cache with an old weather file, which is to be replaced, and pictures, which are not."""
    for name in (f"weather/{NAME}", "dataset_dollarstreet/train_images.npy"):
        (cache / name).parent.mkdir(parents=True)
        (cache / name).write_bytes(b"before")
    return cache


@pytest.fixture
def fetch(monkeypatch):
    """Run ``dl-lesson data fetch`` against an address."""

    def run(address: str) -> Ended:
        remotes = {"weather": fetching.Remote(address, "weather", CHECKSUMS)}
        monkeypatch.setattr(fetching, "REMOTES", remotes)
        result = CliRunner().invoke(app, ["data", "fetch"])
        assert isinstance(result.exception, SystemExit | None), result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


def works_next_time(fetch, cache):
    with data_host(lambda handler: send(handler, GOOD)) as (address, _):
        fetch(address).is_well()
    assert (cache / "weather" / NAME).read_bytes() == GOOD
    assert [path.name for path in (cache / "weather").iterdir()] == [NAME]


def cut(share):
    return lambda handler: send(handler, GOOD[: int(share * len(GOOD))], length=len(GOOD))


def hang(handler):
    time.sleep(20)


def redirect(handler):
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()


HTML = b"<!DOCTYPE html><html>Please log in</html>"
LATER = "try again later"


@pytest.mark.parametrize(
    ("answer", "words", "status"),
    [
        (cut(0.1), "broke off in the middle: try again", 3),
        (cut(0.5), "broke off in the middle: try again", 3),
        (cut(0.99), "broke off in the middle: try again", 3),
        (lambda h: send(h, GOOD.replace(b"0101", b"0102", 1)), "sent another file than", 1),
        (lambda h: send(h, HTML), "sent another file than", 1),
        (lambda h: send(h, HTML, status=403), "answered 403; this network or proxy may not", 1),
        (lambda h: send(h, HTML, status=404), "answered 404; there is no such file any more", 1),
        (lambda h: send(h, HTML, status=407), "proxy on the way to 127.0.0.1", 1),
        (lambda h: send(h, HTML, status=429), "answered 429; too many downloads", 1),
        (lambda h: send(h, HTML, status=500), f"answered 500; it is out of order: {LATER}", 1),
        (redirect, f"round in circles: {LATER}", 1),
        (hang, f"too slow or does not answer: {LATER}", 3),
    ],
    ids=["10", "50", "99", "sum", "page", "403", "404", "407", "429", "500", "loop", "silent"],
)
def test_bad_host(fetch, old, answer, words, status):
    before = digest(old)
    with data_host(answer) as (address, _):
        fetch(address).says("127.0.0.1", words, FALL_BACK, status=status)
    assert digest(old) == before
    works_next_time(fetch, old)


def test_nobody_listens(fetch, old):
    before = digest(old)
    with data_host(hang) as (address, _):
        pass
    fetch(address).says("127.0.0.1", "cannot be reached: is there a network", FALL_BACK, status=3)
    assert digest(old) == before


def test_name_that_is_not_found(fetch, old, monkeypatch):
    def no_answer(host, *_, **__):
        raise socket.gaierror(socket.EAI_NONAME, f"{host} not known")

    before = digest(old)
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", no_answer)
        fetch("https://host.invalid/").says("name of host.invalid", "is there a network", status=3)
    assert digest(old) == before
    works_next_time(fetch, old)


@contextlib.contextmanager
def proxy(status):
    """A proxy that refuses the way to each host."""

    class Refusing(BaseHTTPRequestHandler):
        def do_CONNECT(self):
            self.send_error(status)

        def log_message(self, *_):
            pass

    with QuietServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (407, "wants a name and a password (407): write them into HTTPS_PROXY"),
        (403, "The proxy refuses the way to host.invalid (for"),
    ],
)
def test_proxy_that_refuses(fetch, old, monkeypatch, status, words):
    before = digest(old)
    with proxy(status) as address:
        monkeypatch.setenv("HTTPS_PROXY", address)
        fetch("https://host.invalid/").says("host.invalid", words, FALL_BACK)
    assert digest(old) == before
    works_next_time(fetch, old)


def test_proxy_that_is_not_there(fetch, old, monkeypatch):
    before = digest(old)
    with proxy(403) as address:
        pass
    monkeypatch.setenv("HTTPS_PROXY", address)
    fetch("https://host.invalid/").says(f"proxy of HTTPS_PROXY={address} cannot", status=3)
    assert digest(old) == before


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://", "http://"),
        ("http://proxy:port", "http://proxy:port"),
        ("localhost:99999", "localhost:99999"),
        ("http://me:p#ss@proxy:80", "http://...@proxy:80"),
    ],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
def test_proxy_without_a_good_address(fetch, old, monkeypatch, name, value, shown):
    before = digest(old)
    with monkeypatch.context() as patch:
        patch.setenv(name, value)
        fetch("https://host.invalid/").says(
            f"{name}={shown} is no address of a proxy: write http://PROXY:PORT there", FALL_BACK
        )
    assert digest(old) == before
    works_next_time(fetch, old)


@pytest.mark.parametrize("name", fetching.BUNDLES)
def test_file_of_certificates_that_is_not_there(fetch, old, monkeypatch, name):
    before = digest(old)
    with monkeypatch.context() as patch:
        patch.setenv(name, "/nowhere/school.pem")
        fetch("https://host.invalid/").says(
            f"There is no such file as {name}=/nowhere/school.pem names: correct", FALL_BACK
        )
    assert digest(old) == before
    works_next_time(fetch, old)


def test_proxy_that_needs_another_package(fetch, old, monkeypatch):
    before = digest(old)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    fetch("https://host.invalid/").says(
        "SOCKS proxy (ALL_PROXY=socks5://", "pip install pysocks", FALL_BACK
    )
    assert digest(old) == before


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_certificate_that_nobody_knows(fetch, old, tmp_path, monkeypatch):
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "certificate.pem"]
    command = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            """The client hangs up when it sees the certificate."""

    before = digest(old)
    with Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"https://127.0.0.1:{server.server_port}/"
        fetch(address).says(
            "certificate of 127.0.0.1", "name that file in REQUESTS_CA_BUNDLE", FALL_BACK
        )
        with monkeypatch.context() as patch:
            patch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "key.pem"))
            fetch(address).says("not trusted, and REQUESTS_CA_BUNDLE=", "key.pem does not help")
        server.shutdown()
    assert digest(old) == before
    works_next_time(fetch, old)


def test_file_where_a_folder_should_be(fetch, cache):
    cache.write_text("mine")
    with data_host(lambda handler: send(handler, GOOD)) as (address, _):
        fetch(address).says("cannot be written", FALL_BACK)
    assert cache.read_text() == "mine"
    cache.unlink()
    works_next_time(fetch, cache)


def command(cache: Path, address: str, **options) -> Command:
    arguments = ("-c", FETCHING, str(cache), address, json.dumps(CHECKSUMS), "data", "fetch")
    return Command(cache.parent, *arguments, NO_PROXY="127.0.0.1", **options)


def test_cache_of_somebody_else(cache, closed):
    (cache / "weather").mkdir(parents=True)
    (cache / "weather" / NAME).write_bytes(b"before")
    before = digest(cache)
    with data_host(lambda handler: send(handler, GOOD)) as (address, _):
        command(cache, address, before=closed(cache)).end().says(
            f"{cache / 'weather'} cannot be written: Permission denied; see to that", FALL_BACK
        )
    assert digest(cache) == before


def test_full_disk(fetch, small_disk, monkeypatch):
    cache = small_disk(800)
    (cache / "weather").mkdir()
    (cache / "weather" / NAME).write_bytes(b"before")
    filler = fill(cache, 100)
    before = digest(cache)
    with data_host(lambda handler: send(handler, GOOD)) as (address, _):
        command(cache, address).end().says("weather cannot be written: No space left", FALL_BACK)
        assert digest(cache) == before
        filler.unlink()
        command(cache, address).end().is_well()
    assert (cache / "weather" / NAME).read_bytes() == GOOD


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_killed_in_the_middle(tmp_path, fetch, cache, number):
    (cache / "weather").mkdir(parents=True)
    (cache / "weather" / NAME).write_bytes(b"before")
    before = digest(cache)
    going = threading.Event()

    def half(handler):
        send(handler, GOOD[:200_000], length=len(GOOD))
        going.set()
        time.sleep(20)

    with data_host(half) as (address, _):
        running = command(cache, address)
        running.wait_for(going.is_set)
        ended = running.end(number)
    if number == signal.SIGKILL:
        assert ended.status == -number
        assert (cache / "weather" / NAME).read_bytes() == b"before"
    else:
        ended.says("Stopped; nothing half-written is left. Repeat", status=128 + number)
        assert digest(cache) == before
    works_next_time(fetch, cache)


def test_two_at_once(cache):
    both = threading.Barrier(2, timeout=60)

    def wait_for_the_other(handler):
        both.wait()
        send(handler, GOOD)

    with data_host(wait_for_the_other) as (address, requests):
        first, second = command(cache, address), command(cache, address)
        first.end().is_well()
        second.end().is_well()
    assert len(requests) == 2
    assert (cache / "weather" / NAME).read_bytes() == GOOD
    assert [path.name for path in (cache / "weather").iterdir()] == [NAME]
