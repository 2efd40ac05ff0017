"""Checks that hold for each page of a website."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup


def read_pages(site: Path) -> dict[Path, BeautifulSoup]:
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
    }


def loads_from_outside(page: BeautifulSoup) -> list[str]:
    """Return what a browser would fetch from elsewhere when it opens the page."""
    tags = [*page.find_all(src=True), *page.find_all("link", href=True)]
    addresses = [tag.get("src") or tag["href"] for tag in tags]
    return [address for address in addresses if urlsplit(address).netloc]


def dead_links(pages: dict[Path, BeautifulSoup]) -> list[str]:
    """Return each link to a file or an anchor that is not there."""
    ids = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    dead = []
    for path, page in pages.items():
        for tag in page.find_all(["a", "img", "script", "link"]):
            address = urlsplit(tag.get("href") or tag.get("src") or "")
            if address.scheme or address.netloc:
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            anchors = {"", *ids.get(target, ())}
            if not target.is_file() or address.fragment not in anchors:
                dead.append(f"{path.name}: {address.geturl()}")
    return dead


def repeated_ids(page: BeautifulSoup) -> set[str]:
    ids = [tag["id"] for tag in page.find_all(id=True)]
    return {name for name in ids if ids.count(name) > 1}


def incomplete_tags(page: BeautifulSoup) -> list[str]:
    """Return pictures without size, headers without scope, and lists that are none."""
    pictures = [i for i in page("img") if not (i.get("width") and i.get("height"))]
    headers = [th for th in page.select("article th") if not th.get("scope")]
    lists = [tag for tag in page.select("[role=list]") if not tag.select("[role=listitem], li")]
    return [str(tag)[:200] for tag in (*pictures, *headers, *lists)]
