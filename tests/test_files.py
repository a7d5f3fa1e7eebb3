"""Files are written whole or not at all, and what the operating system refuses is one line that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ExitCode, OutputError
from pipeline.files import as_output_error, write_whole


def test_a_file_is_written_in_a_folder_that_is_made(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "file"
    write_whole(target, [b"one ", b"two"])
    assert target.read_bytes() == b"one two"
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_a_half_written_file_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def break_off() -> Iterator[bytes]:
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(target, break_off())
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_refusal_names_the_file_and_the_next_step(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(OutputError, match=r"taken can't be written \(Is a directory\); choose another") as caught:
        write_whole(taken, [b"x"], "choose another", edition="lv")
    assert caught.value.exit_code == ExitCode.OUTPUT
    assert caught.value.edition == "lv"
    assert list(tmp_path.iterdir()) == [taken]
    said = r"gone can't be removed \(No such file or directory\); check"
    with pytest.raises(OutputError, match=said), as_output_error(done="removed"):
        (tmp_path / "gone").unlink()
