"""Whole runs killed, starved of room and kept out: the last good edition stays; nothing gets out of its folder."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
import pytest

from pipeline.cli.main import main
from pipeline.errors import InputError
from pipeline.run.identity import edition_id
from pipeline.run.options import Options
from pipeline.run.runner import run_edition, run_editions
from pipeline.stages.emit.edition import load_edition
from tests.hostile.reading import read_guarded

REPOSITORY = Path(__file__).parents[2]
KILLS = 200 if os.environ.get("PIPELINE_FUZZ") == "long" else 12


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def command(source: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "pipeline", "run", str(source), "--out", str(out), "--quiet"]


@pytest.fixture(scope="module")
def other_booklet(short_booklet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the same edition id with other pages."""
    path = tmp_path_factory.mktemp("other") / short_booklet.name
    with pikepdf.open(short_booklet) as pdf:
        del pdf.pages[0]
        pdf.save(path)
    return path


@pytest.mark.check
@pytest.mark.serial
def test_a_run_killed_at_any_moment_leaves_a_whole_edition(
    short_booklet: Path, other_booklet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    wholes = []
    for source in (other_booklet, short_booklet):
        run_edition(source, Options(out=out))
        wholes.append(contents(out / "short"))
    assert wholes[0] != wholes[1]
    moments = random.Random(6)
    begun = time.monotonic()
    subprocess.run(command(short_booklet, out), cwd=REPOSITORY, check=True)
    longest = 1.1 * (time.monotonic() - begun)
    for number in range(KILLS):
        run = subprocess.Popen(command((other_booklet, short_booklet)[number % 2], out), cwd=REPOSITORY)
        try:
            run.wait(timeout=moments.uniform(0.05, longest))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
        assert contents(out / "short") in wholes
    run_edition(short_booklet, Options(out=out))
    assert contents(out / "short") == wholes[1]
    assert [path.name for path in out.iterdir()] == ["short"]


@pytest.mark.check
def test_two_runs_at_once_end_in_one_whole_edition(short_booklet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = [
        subprocess.Popen(command(short_booklet, out), cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    messages = [run.communicate()[1] for run in runs]
    assert sorted(run.returncode for run in runs) in ([0, 0], [0, 3])
    for run, message in zip(runs, messages, strict=True):
        assert ("another run is writing" in message) == (run.returncode == 3)
    load_edition(out / "short")
    assert [path.name for path in out.iterdir()] == ["short"]


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system with room for one edition of the short booklet and no more than half of another."""
    if shutil.which("mount") is None:
        pytest.skip("no file system can be mounted here: there is no mount; install Debian's package mount")
    folder = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_leaves_the_last_good_edition(
    short_booklet: Path, small_disk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run_edition(short_booklet, Options(out=small_disk))
    before = contents(small_disk / "short")
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as handle:
        try:
            while True:
                handle.write(bytes(4096))
        except OSError:
            pass  # full: what this test needs
    assert main(["run", str(short_booklet), "--out", str(small_disk), "--quiet"]) == 3
    assert "No space left on device" in capfd.readouterr().err
    assert contents(small_disk / "short") == before
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "short"]


def run_unprivileged(words: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user whom permissions hold back: root gives up what would let it pass them."""
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and there is no setpriv to give that up")
        words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", *words]
    return subprocess.run(words, capture_output=True, text=True, cwd=REPOSITORY, env={**os.environ, **environment})


LOSES_PERMISSION = """
import sys
from pathlib import Path
from pipeline.cli.main import main
from pipeline.stages.segment import pages

segment_edition, out = pages.segment_edition, Path(sys.argv[2])

def change_permission(stored, **prepared):
    out.chmod(0o555)
    return segment_edition(stored, **prepared)

pages.segment_edition = change_permission
sys.exit(main(["run", sys.argv[1], "--out", sys.argv[2], "--quiet", "--no-cache"]))
"""


@pytest.mark.parametrize("moment", ["before the run", "during the run"])
def test_a_read_only_folder_leaves_the_last_good_edition(moment: str, short_booklet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_edition(short_booklet, Options(out=out))
    before = contents(out / "short")
    words = [sys.executable, "-c", LOSES_PERMISSION, str(short_booklet), str(out)]
    if moment == "before the run":
        words = command(short_booklet, out)
        out.chmod(0o555)
    try:
        done = run_unprivileged(words)
    finally:
        out.chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith("pipeline: error: ")
    assert "Permission denied" in done.stderr
    assert done.stderr.count("\n") == 1
    assert contents(out / "short") == before


@pytest.mark.parametrize("closed", ["home", "cache", "cache of the package"])
def test_a_closed_home_or_cache_is_as_good_as_none(closed: str, short_booklet: Path, tmp_path: Path) -> None:
    """Such as another user's home: the run can neither look for what is kept nor keep anything."""
    folder = tmp_path / "closed"
    (folder / "raccombat-pipeline").mkdir(parents=True)
    shut = folder / "raccombat-pipeline" if closed == "cache of the package" else folder
    shut.chmod(0)
    places = {"XDG_CACHE_HOME": "", "HOME": str(folder)} if closed == "home" else {"XDG_CACHE_HOME": str(folder)}
    try:
        done = run_unprivileged(command(short_booklet, tmp_path / "out"), **places)
    finally:
        shut.chmod(0o755)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "short" / "index.json").is_file()


def test_closed_folders_of_ours_keep_no_later_run_from_writing(short_booklet: Path, tmp_path: Path) -> None:
    """One is exchanged for the new one, one is a half of a killed run; both are removed."""
    out = tmp_path / "out"
    for name in ("short", ".short.new"):
        (out / name).mkdir(parents=True)
        (out / name / "index.json").write_text("{}")
        (out / name).chmod(0)
    done = run_unprivileged([*command(short_booklet, out), "--no-cache"])
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in out.iterdir()] == ["short"]
    assert (out / "short" / "report.json").is_file()


def test_what_can_not_be_removed_is_named(short_booklet: Path, tmp_path: Path) -> None:
    stray = tmp_path / "out" / ".short.new"
    (stray / "closed").mkdir(parents=True)
    (stray / "closed" / "file").touch()
    (stray / "closed").chmod(0o500)
    done = run_unprivileged([*command(short_booklet, tmp_path / "out"), "--no-cache"])
    (stray / "closed").chmod(0o700)
    assert done.returncode == 3
    assert f"{stray} can't be removed (Permission denied); remove it" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_in_a_closed_folder_costs_only_itself(short_booklet: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    shutil.copy(short_booklet, closed / "one.pdf")
    closed.chmod(0)
    words = [sys.executable, "-m", "pipeline", "run", str(closed / "one.pdf"), str(short_booklet), "--json"]
    try:
        done = run_unprivileged([*words, "--out", str(tmp_path / "out")], XDG_CACHE_HOME=str(tmp_path / "cache"))
    finally:
        closed.chmod(0o755)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"pipeline: error: one.pdf: {closed}/one.pdf can't be read; check the permissions of its folders\n"
    )
    assert [edition["status"] for edition in json.loads(done.stdout)["editions"]] == ["failed", "good"]


def test_a_run_writes_only_into_its_folder(short_booklet: Path, tmp_path: Path) -> None:
    """Home, temporary and current folder stay as they are, but for the cache: any user may run it, anywhere."""
    places = {name: tmp_path / name for name in ("home", "temporary", "current", "cache", "out")}
    for folder in places.values():
        folder.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(places["home"]),
        "XDG_CACHE_HOME": str(places["cache"]),
        "TMPDIR": str(places["temporary"]),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        command(short_booklet, places["out"]), cwd=places["current"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    written = {name: [path.name for path in folder.iterdir()] for name, folder in places.items() if name != "cache"}
    assert written == {"home": [], "temporary": [], "current": [], "out": ["short"]}


def test_a_user_without_a_home_can_run_it(short_booklet: Path, tmp_path: Path) -> None:
    """Such as a service's user: no variable names a folder for the cache or for words."""
    environment = {"PATH": os.environ["PATH"], "HOME": "", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [*command(short_booklet, tmp_path), "--no-cache"], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "short" / "index.json").is_file()


@pytest.mark.parametrize(("inherited", "limit", "code"), [(1500, 4096, 0), (52, 64, 4)])
def test_a_run_that_inherits_many_open_files(
    inherited: int, limit: int, code: int, short_booklet: Path, tmp_path: Path
) -> None:
    """Numbers above 1,024, which `select` can't take, are no hindrance; too few that are free are one clear line."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most < limit:
        pytest.skip(f"this user may open {most} files only")
    opened = os.open(os.devnull, os.O_RDONLY)
    fill = f"import os, resource\nfor _ in range({inherited - 1}): os.set_inheritable(os.dup({opened}), True)\n"
    fill += f"resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {most}))\nimport sys\n"
    fill += "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    allow = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({max(limit, inherited + 64)}, {most}))\n"
    words = [sys.executable, "-c", allow + fill, *command(short_booklet, tmp_path)[1:], "--no-cache"]
    try:
        done = subprocess.run(words, pass_fds=[opened], capture_output=True, text=True, cwd=REPOSITORY)
    finally:
        os.close(opened)
    assert done.returncode == code, done.stderr
    assert done.stderr == "" if code == 0 else "open files (ulimit)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name", ["..pdf", "...pdf", ".hidden.pdf", "a\nb.pdf", "\x1b[2J.pdf", "x" * 230 + ".pdf", " .pdf"]
)
def test_no_file_name_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(InputError) as caught:
        edition_id(Path("raw") / name)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("name", ["$(touch gone).pdf", "a;b|c.pdf", "=cmd.pdf", "<b>.pdf", "--out.pdf", "%s{}.pdf"])
def test_odd_file_names_are_only_names(name: str, short_booklet: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "raw" / name, tmp_path / "out"
    source.parent.mkdir()
    shutil.copy(short_booklet, source)
    run_edition(source, Options(out=out))
    assert [path.name for path in out.iterdir()] == [source.stem]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "raw"]
    assert load_edition(out / source.stem).edition.id == source.stem


def test_text_that_a_terminal_would_obey_is_shown_as_signs(
    short_booklet: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A font's map turns a letter into the beginning of a control sequence, which the reader takes for no letter."""
    path = tmp_path / "escape.pdf"
    with pikepdf.open(short_booklet) as pdf:
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                known = font.ToUnicode.read_bytes()
                font.ToUnicode = pdf.make_stream(
                    known.replace(b"<0061>\n", b"<001B>\n").replace(b"<0065>\n", b"<009B>\n")
                )
        pdf.save(path)
    read = "".join(glyph.text for page in read_guarded(path).pages for glyph in page.glyphs)
    assert "\ufffd" in read
    assert not {"\x1b", "\x9b"} & set(read)
    main(["rows", str(path), "--quiet"])
    printed = capfd.readouterr()
    assert not {letter for letter in printed.out + printed.err if not letter.isprintable()} - {"\n"}
    assert "\ufffd" in printed.out


@pytest.mark.parametrize("practice", ["../bg-1", "/etc/passwd", "bg-1/../../x", "bg-1\n", "BG-1", ".bg-1", ""])
def test_no_practice_id_leads_out_of_the_folder(practice: str, short_booklet: Path, tmp_path: Path) -> None:
    """The model refuses what is no practice id, and so does reading an index that names one."""
    run_edition(short_booklet, Options(out=tmp_path))
    index = tmp_path / "short" / "index.json"
    content = json.loads(index.read_text())
    content["practices"][0]["id"] = practice
    index.write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"index\.json does not hold what the schema says"):
        load_edition(tmp_path / "short")


@pytest.mark.parametrize("kind", ["file", "link", "dangling link"])
def test_what_is_no_folder_of_ours_is_not_written_over(kind: str, short_booklet: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    for folder in (out, other):
        folder.mkdir()
    (other / "kept").write_text("kept")
    if kind == "file":
        (out / "short").write_text("kept")
    else:
        (out / "short").symlink_to(other if kind == "link" else tmp_path / "nowhere")
    (outcome,) = run_editions([short_booklet], Options(out=out))
    assert outcome.exit_code == 3
    assert "is not written over" in str(outcome.error)
    assert [path.name for path in out.iterdir()] == ["short"]
    assert (out / "short").is_symlink() == (kind != "file")
    assert (other / "kept").read_text() == "kept"


@pytest.mark.parametrize("name", [".short.new", ".short.old"])
@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_a_stray_half_of_a_run_is_removed(name: str, kind: str, short_booklet: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    for folder in (out, other):
        folder.mkdir()
    (other / "kept").write_text("kept")
    if kind == "file":
        (out / name).write_text("half")
    elif kind == "link":
        (out / name).symlink_to(other)
    else:
        (out / name).mkdir()
    if name == ".short.old":
        (out / "short").mkdir()
    (outcome,) = run_editions([short_booklet], Options(out=out))
    assert outcome.error is None
    assert [path.name for path in out.iterdir()] == ["short"]
    assert (other / "kept").read_text() == "kept"


STREAMS = {
    "closed output": (">&-", 0),
    "both outputs closed": (">&- 2>&-", 0),
    "all closed": ("<&- >&- 2>&-", 0),
    "full output": (">/dev/full", 3),
    "full errors": ("2>/dev/full", 0),
}


@pytest.mark.parametrize("name", STREAMS)
def test_standard_streams_of_every_kind(name: str, short_booklet: Path, tmp_path: Path) -> None:
    redirection, code = STREAMS[name]
    words = f"{sys.executable} -m pipeline run {short_booklet} --out {tmp_path / 'out'} --no-cache {redirection}"
    done = subprocess.run(["sh", "-c", words], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "short" / "index.json").is_file()


@pytest.mark.parametrize(("given", "code"), [("<&-", 2), ("</dev/null", 2), ("<<< secret", 0)])
def test_a_password_is_read_without_a_terminal(given: str, code: int, short_booklet: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(short_booklet) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="another", user="secret"))
    words = f"{sys.executable} -m pipeline rows {locked} --json --password - {given}"
    options = {"capture_output": True, "text": True, "cwd": Path(__file__).parents[2], "start_new_session": True}
    done = subprocess.run(["bash", "-c", words], **options)  # type: ignore[call-overload]
    assert done.returncode == code
    assert done.stderr.count("\n") == (code != 0)


def test_a_terminal_that_knows_ascii_only_gets_json_all_the_same(short_booklet: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    words = [sys.executable, "-m", "pipeline", "rows", str(short_booklet)]
    options = {"capture_output": True, "env": environment, "cwd": Path(__file__).parents[2]}
    done = subprocess.run([*words, "--json"], **options)  # type: ignore[call-overload]
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert any(not row["text"].isascii() for row in json.loads(done.stdout)["rows"])
    assert subprocess.run(words, **options).returncode == 0  # type: ignore[call-overload]
