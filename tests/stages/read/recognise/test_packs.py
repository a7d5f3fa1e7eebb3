"""Language codes and the engine's packs."""

from __future__ import annotations

import importlib.util

import pytest

from pipeline.stages.read.recognise.packs import (
    choose_pack,
    language_of,
    pack_of,
    package_of,
    packs_to_try,
)
from tests.programs import require


@pytest.fixture(autouse=True)
def _needs_table() -> None:
    if importlib.util.find_spec("langcodes") is None:
        require("the extra is not installed: pip install .[ocr]")


@pytest.mark.parametrize(
    ("language", "pack"),
    [
        ("lv", "lav"),
        ("en", "eng"),
        ("de", "deu"),
        ("el", "ell"),
        ("bg", "bul"),
        ("nl", "nld"),
        ("sq", "sqi"),
        ("sr-Latn", "srp_latn"),
        ("zh-Hans", "chi_sim"),
        ("zh-Hant", "chi_tra"),
    ],
)
def test_codes_lead_there_and_back(language: str, pack: str) -> None:
    assert pack_of(language) == pack
    assert language_of(pack) == language


def test_a_region_says_nothing_of_the_pack() -> None:
    assert pack_of("en-GB") == "eng"


@pytest.mark.parametrize("pack", ["osd", "equ", "deu_frak_old", "script/Latin"])
def test_packs_of_no_language(pack: str) -> None:
    assert language_of(pack) is None


def test_a_pack_without_a_script_serves_where_there_is_no_other() -> None:
    assert choose_pack("sr-Latn", ["srp", "srp_latn"]) == "srp_latn"
    assert choose_pack("sr-Latn", ["srp"]) == "srp"
    assert choose_pack("lv", ["eng", "osd"]) is None


def test_a_larger_languages_pack_serves_where_there_is_no_other() -> None:
    assert choose_pack("nb", ["eng", "nor"]) == "nor"


def test_known_languages_are_tried_first_and_not_too_many() -> None:
    installed = ["osd", "afr", "bul", "ces", "dan", "deu", "eng", "fra", "lav", "pol"]
    tried = packs_to_try(installed, ("lv", "en"))
    assert tried[:2] == ("lav", "eng")
    assert len(tried) == 6
    assert packs_to_try(["osd"], ("lv",)) == ()


def test_packages_are_debians() -> None:
    assert package_of("lv") == "tesseract-ocr-lav"
    assert package_of("zh-Hans") == "tesseract-ocr-chi-sim"
