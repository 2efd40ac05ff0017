import hashlib
import json
import sys
import time

import pooch
import pytest
import requests
from data_host import data_host, send
from sklearn.datasets._california_housing import ARCHIVE

from dl_lesson.data.fetch import REMOTES, FetchError, Remote, UnreachableError, _ProgressBar, fetch
from dl_lesson.data.sources import DATA_SETS, PUBLISHED, read_published

NAME = "table.csv"
GOOD = b"DATE,MONTH\n" + b"20000101,1\n" * 1000
CHECKSUMS = {NAME: hashlib.sha256(GOOD).hexdigest()}
FALL_BACK = "The data bundled with the lesson will be used."


pytestmark = pytest.mark.usefixtures("no_proxy")


def fetch_from(answer, cache, **options):
    options = {"timeout": (0.5, 0.5), "total_timeout": 5, **options}
    with data_host(answer) as (address, requests):
        fetch(Remote(address, "weather", CHECKSUMS), cache, **options)
    return requests


def files_in(cache):
    return [path for path in cache.rglob("*") if path.is_file()]


def test_file_arrives_in_the_layout_that_the_loaders_read(tmp_path):
    requests = fetch_from(lambda handler: send(handler, GOOD), tmp_path)
    assert requests == [f"/files/{NAME}"]
    assert files_in(tmp_path) == [tmp_path / "weather" / NAME]
    assert (tmp_path / "weather" / NAME).read_bytes() == GOOD


def test_good_file_is_not_fetched_again_and_a_damaged_one_is(tmp_path):
    path = tmp_path / "weather" / NAME
    fetch_from(lambda handler: send(handler, GOOD), tmp_path)
    assert fetch_from(lambda handler: send(handler, GOOD), tmp_path) == []
    path.write_bytes(GOOD[:500])
    assert fetch_from(lambda handler: send(handler, GOOD), tmp_path) == [f"/files/{NAME}"]
    assert path.read_bytes() == GOOD


# Longer than any test has patience for; the threads end with the test run.
TOO_LONG = 20


def hang(handler):
    time.sleep(TOO_LONG)


def hang_in_the_middle(handler):
    send(handler, GOOD[:2000], length=len(GOOD))
    time.sleep(TOO_LONG)


def break_off(handler):
    send(handler, GOOD[:2000], length=len(GOOD))


def drip(handler):
    send(handler, b"", length=10 * len(GOOD))
    for _ in range(10 * TOO_LONG):
        handler.wfile.write(GOOD[:100])
        time.sleep(0.1)


HTML = b"<!DOCTYPE html><html>Please log in</html>"
NOT_PUBLISHED = rf"127.0.0.1 sent another file than the published {NAME}; it was not kept"
HOST = rf"127.0.0.1 \(for {NAME}\)"


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (lambda h: send(h, GOOD[:-1]), FetchError, NOT_PUBLISHED),
        (lambda h: send(h, GOOD.replace(b"0101", b"0102", 1)), FetchError, NOT_PUBLISHED),
        (lambda h: send(h, HTML), FetchError, NOT_PUBLISHED),
        (lambda h: send(h, b""), FetchError, NOT_PUBLISHED),
        (
            lambda h: send(h, HTML, status=404),
            FetchError,
            f"{HOST} answered 404; there is no such file",
        ),
        (
            lambda h: send(h, HTML, status=503),
            FetchError,
            f"{HOST} answered 503; it is out of order",
        ),
        (break_off, UnreachableError, f"{HOST} broke off"),
        (hang, UnreachableError, f"{HOST} is too slow"),
        (hang_in_the_middle, UnreachableError, f"{HOST} is too slow"),
        (drip, UnreachableError, f"{HOST} is too slow"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_bad_host_leaves_the_cache_as_it_was(tmp_path, answer, kind, message):
    path = tmp_path / "weather" / NAME
    path.parent.mkdir()
    # A damaged file, because a good one would not be fetched again.
    path.write_bytes(b"before")
    started = time.monotonic()
    with pytest.raises(FetchError, match=message) as caught:
        fetch_from(answer, tmp_path, total_timeout=1)
    assert time.monotonic() - started < 3.5
    assert type(caught.value) is kind
    assert str(caught.value).endswith(FALL_BACK)
    assert files_in(tmp_path) == [path]
    assert path.read_bytes() == b"before"


def test_no_host(tmp_path):
    with data_host(lambda handler: None) as (address, _):
        pass
    with pytest.raises(UnreachableError, match="cannot be reached"):
        fetch(Remote(address, "weather", CHECKSUMS), tmp_path)
    assert files_in(tmp_path) == []


def test_cache_that_cannot_be_written(tmp_path):
    cache = tmp_path / "cache"
    cache.write_text("a file where a folder should be")
    with pytest.raises(FetchError, match=r"cache.weather cannot be written: .*bundled"):
        fetch_from(lambda handler: send(handler, GOOD), cache)
    assert cache.read_text() == "a file where a folder should be"


def test_progress_bar_is_drawn_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with _ProgressBar(NAME, 10) as bar:
        assert bar
        bar.total = 10
        bar.update(10)
    assert NAME in capsys.readouterr().err


def test_no_output_without_a_terminal(monkeypatch, tmp_path, capsys):
    logger = pooch.get_logger()
    logger.setLevel("INFO")
    monkeypatch.setattr(logger.handlers[0], "stream", sys.stderr)
    fetch_from(lambda handler: send(handler, GOOD), tmp_path)
    assert capsys.readouterr() == ("", "")


def test_registry_and_loader_agree_on_place_and_checksum():
    for name, remote in REMOTES.items():
        assert remote.folder == DATA_SETS[name].folder
        assert tuple(remote.checksums) == DATA_SETS[name].forms[0]
        if remote.doi:
            record = remote.doi.removeprefix("10.5281/zenodo.")
            assert remote.base_url == f"https://zenodo.org/records/{record}/files/"
    # Of Fashion-MNIST the loader knows what was compressed, of pictures nothing.
    for name in REMOTES.keys() - {"dollar_street", "fashion"}:
        assert REMOTES[name].checksums == DATA_SETS[name].versions["real"]


def test_addresses_are_those_of_scikit_learn():
    housing = REMOTES["california_housing"]
    assert housing.addresses == {ARCHIVE.filename: ARCHIVE.url}
    assert housing.checksums == {ARCHIVE.filename: ARCHIVE.checksum}


def test_file_that_the_publisher_names_otherwise(tmp_path):
    with data_host(lambda handler: send(handler, GOOD)) as (address, requests):
        addresses = {NAME: f"{address}5976036"}
        fetch(Remote("https://not.asked/", "weather", CHECKSUMS, addresses=addresses), tmp_path)
    assert requests == ["/files/5976036"]
    assert files_in(tmp_path) == [tmp_path / "weather" / NAME]


PICTURES = {"images.npy": b"\x93NUMPY" * 500, "labels.npy": b"\x93NUMPY\r\n" * 20}


class Publisher:
    """A stand-in of the archive behind a DOI, which knows checksums that nobody else does.

    Only the resolving of the DOI itself is left out.
    """

    def __init__(self, monkeypatch, cache):
        self.files = dict(PICTURES)
        self.record = [
            {
                "key": name,
                "checksum": f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}",
            }
            for name, content in {**PICTURES, "readme.txt": b"more"}.items()
        ]
        self.folder = cache / "pictures"
        self.cache = cache
        self.monkeypatch = monkeypatch
        monkeypatch.setattr("pooch.downloaders.doi_to_url", lambda *_, **__: self.resolve())

    def resolve(self):
        return "https://zenodo.org/records/77"

    def answer(self, handler):
        if handler.path == "/files/api/77":
            content = self.record
            if not isinstance(content, bytes):
                content = json.dumps({"files": content}).encode()
        else:
            content = self.files[handler.path.removeprefix("/files/")]
        send(handler, content)

    def fetch(self):
        with data_host(self.answer) as (address, requests):
            api = "pooch.downloaders.ZenodoRepository.base_api_url"
            self.monkeypatch.setattr(api, f"{address}api")
            remote = Remote(address, "pictures", dict.fromkeys(PICTURES, ""), "10.5281/zenodo.77")
            fetch(remote, self.cache, timeout=(0.5, 0.5), total_timeout=5)
        return [path.removeprefix("/files/") for path in requests]


@pytest.fixture
def publisher(monkeypatch, tmp_path):
    return Publisher(monkeypatch, tmp_path)


def test_checksums_come_from_the_publisher_and_stay_beside_the_files(publisher):
    assert publisher.fetch() == ["api/77", *PICTURES]
    names = {path.name: path for path in files_in(publisher.folder)}
    assert set(names) == {*PICTURES, PUBLISHED}
    for name, content in PICTURES.items():
        assert names[name].read_bytes() == content
    known = {file["key"]: file["checksum"] for file in publisher.record if file["key"] in PICTURES}
    assert read_published(publisher.folder) == known


def test_publisher_is_asked_again_only_when_a_file_is_missing_or_damaged(publisher):
    publisher.fetch()
    assert publisher.fetch() == []
    (publisher.folder / "labels.npy").unlink()
    assert publisher.fetch() == ["api/77", "labels.npy"]
    (publisher.folder / "images.npy").write_bytes(b"")
    assert publisher.fetch() == ["api/77", "images.npy"]
    (publisher.folder / PUBLISHED).write_text("images.npy md5:1\n")
    assert publisher.fetch() == ["api/77"]
    assert publisher.fetch() == []


def test_picture_file_that_is_not_the_published_one_is_not_kept(publisher):
    publisher.files["labels.npy"] = HTML
    with pytest.raises(FetchError, match=r"another file than the published labels\.npy"):
        publisher.fetch()
    assert {path.name for path in files_in(publisher.folder)} == {"images.npy", PUBLISHED}


@pytest.mark.parametrize(
    "record",
    [
        [],
        [{"key": "images.npy", "checksum": "md5:1"}],
        [{"name": "images.npy"}],
        b'{"status": 404}',
    ],
    ids=repr,
)
def test_publisher_without_checksums(publisher, record):
    publisher.record = record
    with pytest.raises(FetchError, match=r"zenodo.77 gives no checksums of its files") as caught:
        publisher.fetch()
    assert type(caught.value) is FetchError
    assert str(caught.value).endswith(FALL_BACK)
    assert files_in(publisher.cache) == []


def test_web_page_instead_of_the_record(publisher):
    publisher.record = HTML
    with pytest.raises(FetchError) as caught:
        publisher.fetch()
    assert str(caught.value).endswith(FALL_BACK)
    assert files_in(publisher.cache) == []


def test_doi_that_cannot_be_resolved(publisher, monkeypatch):
    def no_network():
        raise requests.ConnectionError

    monkeypatch.setattr(publisher, "resolve", no_network)
    with pytest.raises(UnreachableError, match=r"publisher of 10.5281/zenodo.77 cannot be reached"):
        publisher.fetch()
    assert files_in(publisher.cache) == []


def test_doi_that_leads_to_a_log_in_page(publisher, monkeypatch):
    monkeypatch.setattr(publisher, "resolve", lambda: "https://log-in.example/welcome")
    monkeypatch.setattr("pooch.downloaders.DataverseRepository.initialize", lambda *_, **__: None)
    with pytest.raises(FetchError, match="gives no checksums"):
        publisher.fetch()


def test_cache_that_cannot_hold_the_checksums(publisher):
    publisher.folder.write_text("a file where a folder should be")
    with pytest.raises(FetchError, match=r"pictures cannot be written: .*bundled"):
        publisher.fetch()
