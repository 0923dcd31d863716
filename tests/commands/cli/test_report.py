"""The report: self-contained, drawn without an error in a real browser, replaced as a whole."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import subprocess
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lossary.commands.report.page import formula
from lossary.commands.report.write import replace_with
from lossary.errors import ArgumentError

if TYPE_CHECKING:
    from commands.cli.conftest import Command

QUICK = ("--folds", 3, "--repeats", 1, "--epochs", 5, "--rows", 90)
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=5000", "--window-size=1240,4000",
)  # fmt: skip
# Counts what goes wrong on the page, and shows it to whoever reads the page's elements.
WATCH = """<script>
const wrong = text => document.documentElement.setAttribute("data-wrong", String(text));
addEventListener("error", event => wrong(event.message || event.target.outerHTML), true);
addEventListener("unhandledrejection", event => wrong(event.reason));
console.error = wrong;
</script>"""


def elements(page: Path, folder: Path) -> str:
    """Return the page's elements after its scripts have run."""
    watched = folder / "watched.html"
    watched.write_text(page.read_text(encoding="utf-8").replace("<head>", f"<head>{WATCH}", 1), encoding="utf-8")
    line = [str(BROWSER), *QUIET, f"--user-data-dir={folder / 'profile'}", "--dump-dom", watched.as_uri()]
    return subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=True, timeout=120).stdout


def wrong(dom: str) -> str:
    """Return the first error on the page, '' if there is none."""
    found = re.search(r'<html[^>]*data-wrong="([^"]*)"', dom)
    return found[1] if found else ""


def plot(name: str, dom: str) -> str:
    """Return the part of the page in which a plot was drawn."""
    start = dom.index(f'id="{name}"')
    following = [dom.find(f'id="{other}"') for other in ("differences", "learning", "curves", "figure")]
    end = min((place for place in following if place > start), default=len(dom))
    return dom[start:end]


def traces(name: str, dom: str) -> int:
    return len(re.findall(r'<g class="trace scatter', plot(name, dom)))


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
@pytest.mark.parametrize(
    ("dataset", "losses", "curves"),
    [("diabetes", "squared_error, huber", 2), ("breast_cancer", "sigmoid_cross_entropy, dice", 3), ("wine", "", 4)],
)
def test_every_plot_is_drawn(dataset: str, losses: str, curves: int, tmp_path: Path, command: Command) -> None:
    page = tmp_path / "report.html"
    assert command("compare", "--dataset", dataset, "--losses", losses, "--report", page, *QUICK).status == 0
    dom = elements(page, tmp_path)
    assert wrong(dom) == ""
    metrics = len(re.findall(r"<th>", dom)) - 1
    assert traces("differences", dom) == metrics
    assert traces("learning", dom) == 2 * 2  # a line and its band
    assert 'class="point"' not in plot("learning", dom)
    assert 'class="point"' in plot("differences", dom)
    assert traces("curves", dom) == 2 * curves  # value and slope
    assert dom.count("<math") >= 2


def test_the_page_says_which_differences_are_marked(tmp_path: Path, command: Command) -> None:
    """A test of significance needs five paired differences."""
    page = tmp_path / "report.html"
    for folds, legend in ((3, "No difference is marked"), (5, "Orange</span> marks a difference")):
        line = ("compare", "--dataset", "wine", "--report", page, "--folds", folds, "--repeats", 1, "--epochs", 1)
        assert command(*line).status == 0
        assert ("No difference is marked" in page.read_text(encoding="utf-8")) == (folds < 5)
        assert legend in page.read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_the_curve_of_a_loss_is_drawn(tmp_path: Path, command: Command) -> None:
    page = tmp_path / "huber.html"
    assert command("explain", "huber", "--plot", page).status == 0
    dom = elements(page, tmp_path)
    assert wrong(dom) == ""
    assert traces("figure", dom) == 2


# Names what is cut at the right end of a page: an element beyond its edge, or a box that scrolls sideways. A formula
# may scroll, with a shadow that says so. Names texts of plots that touch each other, too.
PROBE = """<script>
addEventListener("load", () => setTimeout(() => {
  const cut = [...document.body.querySelectorAll("*")].filter(each => {
    const scrolls = getComputedStyle(each).overflowX === "auto" && each.scrollWidth > each.clientWidth + 1;
    if (each.closest(".formula")) return scrolls && !getComputedStyle(each).backgroundAttachment.includes("local");
    return each.checkVisibility() && (scrolls || each.getBoundingClientRect().right > innerWidth + 1);
  });
  const texts = [...document.querySelectorAll("svg text")].filter(each => each.getBoundingClientRect().width > 0);
  const touching = texts.filter((each, i) => texts.slice(0, i).some(other => {
    const [a, b] = [each.getBoundingClientRect(), other.getBoundingClientRect()];
    return a.left < b.right && b.left < a.right && a.top < b.bottom + 3 && b.top < a.bottom + 3;
  }));
  const of = each => each.tagName + "." + (each.getAttribute("class") || "") + " " + each.textContent.slice(0, 30);
  parent.postMessage([innerWidth, ...cut.concat(touching).map(of)].join("; "), "*");
}, 2000));
</script>"""
HOST = """<!doctype html><html><body style="margin: 0">
<iframe src="inside.html" style="width: WIDTHpx; border: 0; height: 9000px"></iframe><script>
addEventListener("message", event => document.documentElement.setAttribute("data-wrong", event.data));
</script></body></html>"""


def cut(page: Path, folder: Path, width: int = 390) -> str:
    """Return the width and the elements that are cut or touch; the page is in a frame, as no window is that narrow."""
    inside = page.read_text(encoding="utf-8").replace("<head>", f"<head>{PROBE}", 1)
    (folder / "inside.html").write_text(inside, encoding="utf-8")
    host = folder / "host.html"
    host.write_text(HOST.replace("WIDTH", str(width)), encoding="utf-8")
    return wrong(elements(host, folder))


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
@pytest.mark.parametrize("dataset", ["diabetes", "breast_cancer", "wine"])
def test_a_phone_cuts_nothing(dataset: str, tmp_path: Path, command: Command) -> None:
    page = tmp_path / "report.html"
    assert command("compare", "--dataset", dataset, "--report", page, *QUICK).status == 0
    for width in (390, 800, 1000):
        assert cut(page, tmp_path, width) == str(width)


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_what_a_phone_cuts_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "wide.html"
    wide = "<p style='width: 500px'>too wide</p><div style='overflow-x: auto'><b style='width: 900px'>x</b></div>"
    page.write_text(f"<!doctype html><html><head></head><body>{wide}</body></html>")
    assert cut(page, tmp_path).startswith("390; P. too wide")


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_no_button_sends_a_plot_to_a_server(tmp_path: Path, command: Command) -> None:
    page = tmp_path / "huber.html"
    assert command("explain", "huber", "--plot", page).status == 0
    buttons = re.findall(r'data-title="([^"]*)"', elements(page, tmp_path))
    assert "Zoom in" in buttons
    assert not [title for title in buttons if re.search("share|cloud|send|edit", title, re.IGNORECASE)]


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_an_error_on_a_page_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<!doctype html><html><head></head><body><script>nothing.here()</script></body></html>")
    assert "nothing is not defined" in wrong(elements(page, tmp_path))


@pytest.mark.parametrize(
    ("latex", "spaced"),
    [
        (r"y \, \log p", "y log p"),
        (r"\left(1 - y\right) \log \left(1 - p\right)", "(1−y) log(1−p)"),
        (r"-\log p + \log \frac{a}{b}", "−log p+log ab"),
        (r"a + \max\left(a, 0\right)", "a+max(a,0)"),
        (
            r"\log \operatorname{softmax}\left(z\right)_{c}",
            "logsoftmax(z)c",
        ),  # this one is an operator, which has space
    ],
)
def test_functions_in_a_formula_stand_apart(latex: str, spaced: str) -> None:
    shown = formula(latex).replace('<mspace width="0.167em" />', " ")
    assert unescape(re.sub(r"<[^>]*>", "", shown)) == spaced


def test_the_page_of_a_curve_is_styled(tmp_path: Path, command: Command) -> None:
    """The fonts' names contain quotes, which must not end the style."""
    page = tmp_path / "huber.html"
    assert command("explain", "huber(delta=2)", "--plot", page).status == 0
    head, _, body = page.read_text(encoding="utf-8").partition("<body>")
    assert "<title>huber(delta=2)</title>" in head
    assert re.search(r"h1 \{[^}]*font: 600 24px [^}]*'Segoe UI'[^}]*sans-serif; \}", head)
    assert 'name="viewport"' in head
    assert body.startswith("<h1>huber(delta=2)</h1>")


def test_the_page_needs_no_network_and_repeats_itself(tmp_path: Path, command: Command) -> None:
    arguments = ("compare", "--dataset", "diabetes", "--losses", "squared_error, huber", *QUICK)
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    assert command(*arguments, "--report", first).status == command(*arguments, "--report", second).status == 0
    text = first.read_text(encoding="utf-8")
    assert text == second.read_text(encoding="utf-8")
    own = re.sub(
        r"<script>.*?</script>", "", text, flags=re.DOTALL
    )  # Plotly's own text names pages that it never loads
    assert not re.search(r"""(src|href)=["']?(https?:)?//|@import|url\(""", own)
    assert "Recommendation" in text


def test_names_from_the_table_are_text_and_not_code(tmp_path: Path, command: Command) -> None:
    path, page = tmp_path / "table.csv", tmp_path / "report.html"
    name = "<script>alert(1)</script>"
    path.write_text(f"x,{name}\n" + "".join(f"{i % 7},{i}.5\n" for i in range(30)))
    arguments = ("compare", path, "--target", name, "--losses", "huber", "--report", page)
    assert command(*arguments, *QUICK).status == 0
    assert name not in page.read_text(encoding="utf-8")


def test_a_report_that_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("before")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        replace_with(path, fail)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_full_disk_is_an_error_of_ours(tmp_path: Path) -> None:
    def fill(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(ArgumentError, match=r"report\.html cannot be written: No space left"):
        replace_with(tmp_path / "report.html", fill)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="links and permissions are of another kind on Windows")
def test_a_report_is_written_through_a_link_and_stays_as_private_as_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "report.html"
    kept.parent.mkdir()
    kept.write_text("before")
    kept.chmod(0o600)
    link = tmp_path / "link.html"
    link.symlink_to(kept)
    replace_with(link, lambda temporary: temporary.write_text("after"))
    assert link.is_symlink()
    assert kept.read_text() == "after"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_name_may_be_as_long_as_a_name_can_be(tmp_path: Path) -> None:
    path = tmp_path / ("r" * 250 + ".html")
    replace_with(path, lambda temporary: temporary.write_text("after"))
    assert path.read_text() == "after"
