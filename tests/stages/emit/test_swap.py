"""Swap: an output folder is replaced whole or not at all, whatever happens to the run."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import OutputError
from pipeline.stages.emit import swap
from pipeline.stages.emit.swap import lock_folder, swap_in

OLD = {"a.json": b"old", "gone.json": b"old"}
NEW = {"a.json": b"new", "b.json": b"new"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def put(out: Path, files: dict[str, bytes]) -> None:
    with lock_folder(out, "edition"):
        swap_in(out, "edition", files.items())


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of exchanging two folders."""
    if request.param == "two renames":
        monkeypatch.setattr(swap, "_exchange_in_one_step", lambda one, other: False)
    return str(request.param)


def test_folder_holds_exactly_the_new_files(tmp_path: Path, way: str) -> None:
    put(tmp_path, OLD)
    assert contents(tmp_path / "edition") == OLD
    put(tmp_path, NEW)
    assert contents(tmp_path / "edition") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["edition"]


def test_this_system_exchanges_in_one_step(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    (one / "mark").touch()
    if not swap._exchange_in_one_step(one, other):
        pytest.skip("no renameat2 with RENAME_EXCHANGE here")
    assert (other / "mark").exists()
    assert not (one / "mark").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_fault_while_writing_leaves_the_last_good_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    put(tmp_path, OLD)
    sync = swap._sync

    def fail_at_second(path: Path) -> None:
        if path.name == "b.json":
            raise OSError(number, os.strerror(number))
        sync(path)

    monkeypatch.setattr(swap, "_sync", fail_at_second)
    with pytest.raises(OutputError, match=os.strerror(number)) as caught:
        put(tmp_path, NEW)
    assert caught.value.exit_code == 3
    assert contents(tmp_path / "edition") == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["edition"]


def test_a_full_disk_leaves_the_last_good_output(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the system refuses the write itself."""
    put(tmp_path, OLD)
    script = """
        import resource, sys
        from pathlib import Path
        from pipeline.errors import OutputError
        from pipeline.stages.emit.swap import lock_folder, swap_in
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        out = Path(sys.argv[1])
        try:
            with lock_folder(out, "edition"):
                swap_in(out, "edition", {"a.json": b"x" * 4000}.items())
        except OutputError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "can't be written (File too large); the last good output is untouched" in done.stdout
    assert contents(tmp_path / "edition") == OLD


def test_a_file_where_the_folder_should_be_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="can't be written"), lock_folder(tmp_path / "out", "edition"):
        pass


def test_a_read_only_folder_is_an_output_error(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"), lock_folder(tmp_path, "edition"):
        pass


def test_a_second_run_names_the_first(tmp_path: Path) -> None:
    with lock_folder(tmp_path, "edition"):
        with pytest.raises(OutputError, match="another run is writing"), lock_folder(tmp_path, "edition"):
            pass
        with lock_folder(tmp_path, "another"):
            pass
    with lock_folder(tmp_path, "edition"):
        pass


def test_a_refused_run_does_not_take_the_lock_away(tmp_path: Path) -> None:
    with lock_folder(tmp_path, "edition"):
        for _ in range(2):
            with pytest.raises(OutputError), lock_folder(tmp_path, "edition"):
                pass


def test_a_run_killed_between_two_renames_is_mended(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    (tmp_path / "edition").rename(tmp_path / ".edition.old")
    (tmp_path / ".edition.new").mkdir()
    with lock_folder(tmp_path, "edition"):
        assert contents(tmp_path / "edition") == OLD
        assert not (tmp_path / ".edition.new").exists()


def test_a_run_killed_after_two_renames_is_mended(tmp_path: Path) -> None:
    put(tmp_path, NEW)
    (tmp_path / ".edition.old").mkdir()
    with lock_folder(tmp_path, "edition"):
        assert contents(tmp_path / "edition") == NEW
        assert not (tmp_path / ".edition.old").exists()


def test_a_killed_run_leaves_one_whole_output(tmp_path: Path) -> None:
    """Killed with SIGKILL at many moments; afterwards every file of the folder is of one and the same run."""
    script = """
        import sys
        from pathlib import Path
        from pipeline.stages.emit.swap import lock_folder, swap_in
        out = Path(sys.argv[1])
        print("ready", flush=True)
        for number in range(1_000_000):
            with lock_folder(out, "edition"):
                swap_in(out, "edition", {f"{name}.json": str(number).encode() for name in range(8)}.items())
    """
    put(tmp_path, {f"{name}.json": b"-1" for name in range(8)})
    moments = random.Random(2)
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    for _ in range(15):
        child: subprocess.Popen[Any] = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        try:
            child.wait(timeout=moments.uniform(0.0, 0.05))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
        child.stdout.close()
        found = contents(tmp_path / "edition")
        assert len(found) == 8
        assert len(set(found.values())) == 1
    put(tmp_path, NEW)
    assert contents(tmp_path / "edition") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["edition"]
