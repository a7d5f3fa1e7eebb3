"""Periods: the forms of the booklet, of other hands and of other languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lexicon import load_lexicon
from pipeline.stages.normalise.period import find_period

# Each case: the text, then start, end, interval and whether it still runs.
LATVIAN = [
    ("Aktivitātes tika uzsāktas 2018.gada jūnijā", "2018-06", None, "2018-06/", None),
    ("15/12/2016-14/12/2018 (iespēja to pagarināt)", "2016-12-15", "2018-12-14", "2016-12-15/2018-12-14", None),
    ("15.12.2016. – 14.12.2018.", "2016-12-15", "2018-12-14", "2016-12-15/2018-12-14", None),
    ("15-12-2016 līdz 14-12-2018", "2016-12-15", "2018-12-14", "2016-12-15/2018-12-14", None),
    ("2016-12-15 / 2018-12-14", "2016-12-15", "2018-12-14", "2016-12-15/2018-12-14", None),
    ("Sākums: 01.10.2008.\nJoprojām notiek", "2008-10-01", None, "2008-10-01/..", True),
    ("No 2012. gada līdz šim brīdim", "2012", None, "2012/..", True),
    ("Kopš 2012. gada līdz šodienai", "2012", None, "2012/..", True),
    ("2012. gads – šobrīd", "2012", None, "2012/..", True),
    ("2012 - joprojām", "2012", None, "2012/..", True),
    ("Sākums: 2014", "2014", None, "2014/", None),
    ("Sākums: 1900", "1900", None, "1900/", None),
    ("Sākums: 1899", None, None, None, None),
    ("Sākums: 2199", "2199", None, "2199/", None),
    ("Sākums: 2200", None, None, None, None),
    ("Sākums 2014. gadā, beigas 2016. gadā", "2014", "2016", "2014/2016", None),
    ("Uzsākta 2014. gadā un pabeigta 2016. gadā.", "2014", "2016", "2014/2016", None),
    ("2014. gadā uzsākta un 2016. gadā pabeigta", "2014", "2016", "2014/2016", None),
    ("2014.–2016. gads", "2014", "2016", "2014/2016", None),
    ("2014.-2016.g.", "2014", "2016", "2014/2016", None),
    ("no 2014. līdz 2016. gadam", "2014", "2016", "2014/2016", None),
    ("No 2016. gada marta līdz 2018. gada decembrim", "2016-03", "2018-12", "2016-03/2018-12", None),
    ("no 2017. gada 5. maija līdz 2018. gada 30. aprīlim", "2017-05-05", "2018-04-30", "2017-05-05/2018-04-30", None),
    ("2018. gada marts – jūlijs", "2018-03", "2018-07", "2018-03/2018-07", None),
    ("no marta līdz 2018. gada jūlijam", "2018-03", "2018-07", "2018-03/2018-07", None),
    ("03.2016. - 02.2018.", "2016-03", "2018-02", "2016-03/2018-02", None),
    ("2016. gada aprīļa sākumā tika uzsākts projekts", "2016-04", None, "2016-04/", None),
    ("Sākums:\n2015. gada septembris\nBeigas:\n2017. gada augusts", "2015-09", "2017-08", "2015-09/2017-08", None),
    (
        "Plānotais beigu termiņš bija 2018. gada augusts, taču projekts turpināsies līdz 2018. gada decembrim.",
        None,
        "2018-12",
        None,
        None,
    ),
    (
        "Sākums: 2016. gada marts. Beigas: 2018. gada februāris\nJoprojām notiek Vācijā",
        "2016-03",
        "2018-02",
        "2016-03/2018-02",
        True,
    ),
    ("Sākums: 2016. gads (atbalsts tiek sniegts kopš 2004. gada)\nJoprojām notiek", "2016", None, "2016/..", True),
    ("Iniciatīvu īsteno kopš 2013. gada, un tā joprojām turpinās.", "2013", None, "2013/..", True),
    ("Darbojas kopš 2010. gada 1. janvāra", "2010-01-01", None, "2010-01-01/..", True),
    ("Projekts ir noslēdzies 2017. gada beigās; sākās 2015. gadā", "2015", "2017", "2015/2017", False),
    ("Joprojām notiek", None, None, None, True),
    ("Vairs nenotiek", None, None, None, False),
    ("2018. gads", "2018", "2018", "2018/2018", None),
    ("Prasību jaunākā versija publicēta 2013. gadā.", None, None, None, None),
    ("Apmācīti 2015 dalībnieki", None, None, None, None),
    ("Sākums: 31.02.2016.", None, None, None, None),
    ("2016/17", "2016", "2017", "2016/2017", None),
    ("2016.–18. gads", "2016", "2018", "2016/2018", None),
    ("2016-08 – 2018-05", "2016-08", "2018-05", "2016-08/2018-05", None),
    ("Projekts sākās 2014. gada rudenī un vēl nav noslēdzies", "2014", None, "2014/..", True),
    ("Projekts joprojām tiek īstenots", None, None, None, True),
    ("Sākums: 2016. gada septembris – beigas: 2018. gada marts", "2016-09", "2018-03", "2016-09/2018-03", None),
    ("Projekts norisinājās 2016. gadā", "2016", "2016", "2016/2016", None),
    ("Sākums: 2013. gads; beigas: nav noteiktas, joprojām notiek", "2013", None, "2013/..", True),
    ("Projekta pirmais posms: 2014–2016, otrais posms: 2016–2018", "2014", "2018", "2014/2018", None),
    ("2014. gada oktobrī uzsākta iniciatīva, kas noslēgsies 2019. gadā", "2014-10", "2019", "2014-10/2019", None),
    ("Posmi:\n- 2014. gads\n- 2016. gads", None, None, None, None),
    ("Trīs gadi", None, None, None, None),
]

ENGLISH = [
    ("June 2018", "2018-06", "2018-06", "2018-06/2018-06", None),
    ("since 2012", "2012", None, "2012/..", None),
    ("Since June 2012, still ongoing", "2012-06", None, "2012-06/..", True),
    ("Start: 5 May 2016; end: April 30, 2018", "2016-05-05", "2018-04-30", "2016-05-05/2018-04-30", None),
    ("From 1st October 2008 to present", "2008-10-01", None, "2008-10-01/..", True),
    ("2014 – 2016", "2014", "2016", "2014/2016", None),
    ("From March to July 2018", "2018-03", "2018-07", "2018-03/2018-07", None),
    ("It was launched in September 2016 and is still running.", "2016-09", None, "2016-09/..", True),
    ("Started in 2015, ended in 2017", "2015", "2017", "2015/2017", None),
    ("It took place in May 2016.", "2016-05", "2016-05", "2016-05/2016-05", None),
    ("People may join at any time", None, None, None, None),
]


def check(cases: list[tuple[str, str | None, str | None, str | None, bool | None]], language: str) -> None:
    lexicon = load_lexicon(language)
    failed = []
    for text, *expected in cases:
        period = find_period(text, lexicon)
        got = [period.start, period.end, period.edtf, period.ongoing]
        if got != expected:
            failed.append((text, expected, got))
    assert not failed


@pytest.mark.parametrize("case", LATVIAN, ids=lambda case: case[0][:40])
def test_latvian_period(case: tuple[str, str | None, str | None, str | None, bool | None]) -> None:
    check([case], "lv")


@pytest.mark.parametrize("case", ENGLISH, ids=lambda case: case[0][:40])
def test_english_period(case: tuple[str, str | None, str | None, str | None, bool | None]) -> None:
    check([case], "en")


MONTHS = {number: load_lexicon("lv").cldr.months[number] for number in range(1, 13)}
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31))


@settings(deadline=None)  # the first text compiles the words
@given(
    st.tuples(DAYS, DAYS).map(sorted), st.sampled_from(["{:%d.%m.%Y.}", "{:%d/%m/%Y}", "{:%d-%m-%Y}", "{:%Y-%m-%d}"])
)
def test_numeric_dates_of_any_shape(days: list[date], shape: str) -> None:
    first, last = days
    period = find_period(f"Sākums: {shape.format(first)}\nBeigas: {shape.format(last)}", load_lexicon("lv"))
    assert (period.start, period.end) == (first.isoformat(), last.isoformat())
    assert period.edtf == f"{first.isoformat()}/{last.isoformat()}"


@settings(deadline=None)  # the first text compiles the words
@given(st.tuples(DAYS, DAYS).map(sorted))
def test_dates_in_words(days: list[date]) -> None:
    first, last = days
    full = [max(MONTHS[day.month], key=len) for day in (first, last)]
    text = f"{first.year}. gada {first.day}. {full[0]} – {last.year}. gada {last.day}. {full[1]}"
    period = find_period(text, load_lexicon("lv"))
    assert (period.start, period.end) == (first.isoformat(), last.isoformat())


@pytest.mark.parametrize("text", ["0/-", "2007/2013-", "2007/2013-²²", "2007/-2013"])
def test_signs_around_figures_that_are_no_dates_are_survived(text: str) -> None:
    assert find_period(text, load_lexicon("lv")).ongoing is None


@settings(deadline=None)  # the first text compiles the words
@given(st.text(alphabet="0123456789./-– :gadajūnisbeigšākuml\n", max_size=60))
def test_any_text_gives_real_dates_or_none(text: str) -> None:
    period = find_period(text, load_lexicon("lv"))
    for value in (period.start, period.end):
        if value is not None:
            year, month, day = [*map(int, value.split("-")), 1, 1][:3]
            date(year, month, day)
    assert (period.edtf is None) or period.start is not None


@pytest.mark.parametrize(
    ("text", "ongoing"),
    [
        # QUESTION_REACH: words between the statement and its colon.
        ("2014; still ongoing in Riga: no", False),
        ("2014; still ongoing in Riga today: no", True),
        # DOUBT_REACH: words between "not known whether" and the statement.
        ("2014. It is not known whether a b c d e f it is still ongoing", None),
        ("2014. It is not known whether a b c d e f g it is still ongoing", True),
        ("2014. It is not known whether it ended. Still ongoing", True),
    ],
)
def test_how_far_a_question_and_a_doubt_reach(text: str, ongoing: bool | None) -> None:
    assert find_period(text, load_lexicon("en")).ongoing is ongoing


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Call 2016-2017/4", None),
        ("2016-2017/18", "2016"),  # the end of a school year
        ("2016/2017", "2016"),
        ("EU/2016/2017", None),
        ("JUNE/2016", "2016-06"),
        ("516/2014", None),
        ("5/2014", "2014-05"),
        ("Project no. 2014", None),
        ("Project 2014", None),
        ("Project: 2014-2015", "2014"),
        ("No KM 2015/2016", None),
    ],
)
def test_numbers_of_projects_calls_and_laws_are_no_dates(text: str, start: str | None) -> None:
    text = text.replace("No KM", "Contract No KM")
    assert find_period(text, load_lexicon("en")).start == start


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("May and June 2015", "2015-05", "2015-06"),
        ("May and July 2015", None, None),
        ("2015 and 2016", "2015", "2016"),
        ("2015 and 2017", None, None),
        ("between 2015 and 2017", "2015", "2017"),
        ("December 2015 and January 2016", None, None),
        ("5 to 20 May 2018", "2018-05-05", "2018-05-20"),
        ("20 to 5 May 2018", None, "2018-05-05"),
        ("01/03/2017", "2017-03-01", "2017-03-01"),
    ],
)
def test_what_and_joins_is_a_range_only_of_neighbours(text: str, start: str | None, end: str | None) -> None:
    period = find_period(text, load_lexicon("en"))
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("Start: 2014. End: 2016. Renewed: 2015.", None),
        ("Start: 2014. End: 2016. The law is of 2011.", "2011"),
        ("Start: 2014. End: 2016 (the law is of 2011).", None),
        ("2014–2016, 2018–2020", "more than one range"),
        ("Start: 2014–2016, 2018–2020", "2018"),
        ("Start: 2014\nStill ongoing: yes/no", "neither yes nor no"),
        ("2014: March 2014 – May 2014", None),
        ("Start: 2014. In 2014 it grew.", None),
        ("Start: 2014. In 2015 it grew.", "2015"),
        ("Start: 31/02/2016. End: 2017", "31/02/2016"),
        ("Start: 29/02/2016. End: 2017", None),
    ],
)
def test_dates_that_the_parts_do_not_hold_are_trouble(text: str, trouble: str | None) -> None:
    found = find_period(text, load_lexicon("en")).trouble
    assert found is None if trouble is None else trouble in str(found)
