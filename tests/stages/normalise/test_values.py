"""Choices, judgements, languages, money, places and access in other wordings than the booklet's."""

from __future__ import annotations

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.stages.normalise.access import find_access
from pipeline.stages.normalise.choices import (
    find_codes,
    find_unread_items,
    find_verdict,
    is_enumeration,
    is_unavailable,
)
from pipeline.stages.normalise.languages import find_languages
from pipeline.stages.normalise.money import find_amounts, find_money, find_shares
from pipeline.stages.normalise.places import find_places

LV = load_lexicon("lv")


@pytest.mark.parametrize(
    ("field", "text", "codes"),
    [
        ("implementation_level", "Vietējais", ["local"]),
        ("implementation_level", "Pašvaldības līmenī", ["local"]),
        ("implementation_level", "Reģionāls projekts", ["regional"]),
        ("implementation_level", "Īstenots reģiona mērogā", ["regional"]),
        ("implementation_level", "Nacionālā līmenī", ["national"]),
        ("implementation_level", "Visas valsts mērogā", ["national"]),
        ("implementation_level", "Starptautiskā līmenī", ["international"]),
        ("implementation_level", "ES līmenī", ["international"]),
        ("implementation_level", "Vietējā un valsts līmenī", ["local", "national"]),
        ("implementation_level", "Nav zināms", []),
        ("initiative_scope", "Patstāvīga iniciatīva", ["standalone"]),
        ("initiative_scope", "Daļa no lielāka projekta", ["part_of_other"]),
        ("initiative_scope", "Tā ir plašākas programmas sastāvdaļa", ["part_of_other"]),
        ("initiative_scope", "Tā nav daļa no citas iniciatīvas", ["standalone"]),
        (
            "initiative_scope",
            "Sākotnēji atsevišķs projekts, tagad daļa no valsts programmas",
            ["standalone", "part_of_other"],
        ),
        ("initiative_scope", "Daļa no projekta un arī atsevišķa iniciatīva", ["standalone", "part_of_other"]),
        ("initiative_scope", "Tiek īstenots ESF projekta ietvaros", ["part_of_other"]),
        ("initiative_scope", "Gan atsevišķa, gan daļa no citām iniciatīvām", ["standalone", "part_of_other"]),
        ("implementation_level", "Valsts", ["national"]),
        ("target_groups", "ES un trešo valstu pilsoņi", ["eu_citizens", "third_country_nationals"]),
        ("target_groups", "Pilsoņi un nepilsoņi", ["citizens"]),
        ("target_groups", "Personas, kurām piešķirts bēgļa vai alternatīvais statuss", ["beneficiaries_of_protection"]),
        ("target_groups", "Trešo valstu pilsoņi", ["third_country_nationals"]),
        (
            "target_groups",
            "Eiropas Savienības pilsoņi un trešo valstu piederīgie",
            ["eu_citizens", "third_country_nationals"],
        ),
        ("target_groups", "Patvēruma meklētājiem", ["asylum_seekers"]),
        ("target_groups", "Bēgļi un personas ar alternatīvo statusu", ["beneficiaries_of_protection"]),
        ("target_groups", "Valsts pilsoņi", ["citizens"]),
        ("target_groups", "Starptautiskās aizsardzības saņēmēji", ["beneficiaries_of_protection"]),
        ("target_groups", "Pasākumu rīko bēgļu aģentūra pilsoņu iniciatīvas ietvaros", []),
        ("outreach", "Mutiski un ar plakātiem", ["word_of_mouth", "print"]),
        ("outreach", "Mājaslapā un sociālajos tīklos", ["online", "social_media"]),
        ("outreach", "Televīzijā, radio un vietējā presē", ["media"]),
        ("outreach", "Mobilajā lietotnē, ar īsziņām", ["mobile"]),
        ("outreach", "Informatīvos pasākumos un semināros", ["events"]),
        ("outreach", "Tīmekļa vietnē un Facebook lapā", ["online", "social_media"]),
        ("outreach", "Video nav pieejams tiešsaistē; informāciju nodod mutvārdos", ["word_of_mouth"]),
        ("outreach", "Bukleti, kas atrodami tīmekļa vietnē", ["online"]),
        ("participation", "Dalība ir pilnīgi brīvprātīga", ["voluntary"]),
        ("participation", "Institucionāla", ["institutionalised"]),
        ("participation", "Piedalās brīvprātīgie un brīvprātīgo organizācijas", []),
        ("participation", "Dalība nav brīvprātīga, tā ir institucionalizēta.", ["institutionalised"]),
    ],
)
def test_codes(field: str, text: str, codes: list[str]) -> None:
    assert find_codes(field, text, LV) == codes


@pytest.mark.parametrize(
    ("field", "text", "unread"),
    [
        ("outreach", "Plakāti, Instagram, baložu pasts", ["baložu pasts"]),
        ("outreach", "Plakāti un baložu pasts", ["baložu pasts"]),
        ("outreach", "Plakāti; baložu pasts; radio.", ["baložu pasts"]),
        ("outreach", "Plakāti\nRadio\nBaložu pasts", ["Baložu pasts"]),
        ("outreach", "Plakāti, radio, balodis no vienas mājas uz vēl kādu citu māju", []),
        (
            "outreach",
            "Plakāti, radio, balodis no vienas mājas uz kādu citu māju",
            ["balodis no vienas mājas uz kādu citu māju"],
        ),
        ("outreach", "Plakāti. Baložu pasts, radio", []),
        ("outreach", "Plakāti, radio: baložu pasts", []),
        ("outreach", "Plakāti, kas izlikti pieturās", []),  # of two the second may be a clause
        ("outreach", "Plakāti, radio, savā ziņā", []),
        ("outreach", "Plakāti, radio, zvans", ["zvans"]),
        ("outreach", "Plakāti, radio, arābu valodā, Latvijā", []),
        ("outreach", "Plakāti, radio, televīzijas nav", []),
        ("target_groups", "Bēgļi, patvēruma meklētāji, ārvalstu studenti", ["ārvalstu studenti"]),
        ("target_groups", "Bēgļi, patvēruma meklētāji, citu valstu pilsoņi", ["citu valstu pilsoņi"]),
    ],
)
def test_items_of_a_list_that_no_words_know(field: str, text: str, unread: list[str]) -> None:
    assert find_unread_items(field, text, LV) == unread


@pytest.mark.parametrize(
    ("field", "text", "verdict"),
    [
        ("legal_information", "Ir", "yes"),
        ("legal_information", "Ir, bet tikai pusaudžiem", "yes"),
        ("legal_information", "Jā, konsultācijās", "yes"),
        ("legal_information", "Nav", "no"),
        ("legal_information", "Nē.", "no"),
        ("legal_information", "Juridisku palīdzību sniedz partneris.", "yes"),
        ("legal_information", "Informācija par tiesībām netiek sniegta", "no"),
        ("legal_information", "Kursi notiek otrdienās.", None),
        ("impact_assessment", "Daļēji. Novērtējums paredzēts tikai projektam.", "partly"),
        ("impact_assessment", "Nē", "no"),
        ("impact_assessment", "(N)", "no"),
        ("impact_assessment", "Nav paredzēts", "no"),
        ("impact_assessment", "Plānots", "yes"),
        ("impact_assessment", "Tikai daļēji", "partly"),
        ("impact_assessment", "Tiek veikts novērtējums.", "yes"),
        ("legal_information", "Netiek sniegta", "no"),
        ("legal_information", "Ir pieejama", "yes"),
        ("target_group_involved", "Nav iesaistīta", "no"),
        ("impact_assessment", "Novērtējums netiek veikts.", "no"),
        ("impact_assessment", "Ir paredzēts ietekmes novērtējums", "yes"),
        ("impact_assessment", "Reizi gadā tiek veikts izvērtējums.", "yes"),
        ("target_group_involved", "Jā, dalībnieki aizpilda anketas", "yes"),
        ("target_group_involved", "Mērķa grupa netiek iesaistīta.", "no"),
        ("target_group_involved", "Dalībnieki tiek aptaujāti pēc kursiem", "yes"),
        ("indicators", "Tiek izmantoti kvantitatīvi rādītāji", "yes"),
        ("indicators", "Nē, rādītāju nav", "no"),
        ("indicators", "Iniciatīva nebalstās uz rādītājiem.", "no"),
        ("indicators", "Rādītāji netiek izmantoti", "no"),
    ],
)
def test_verdicts(field: str, text: str, verdict: str | None) -> None:
    assert find_verdict(field, text, (), LV) == verdict


def test_answer_of_a_merged_row_belongs_to_its_first_question() -> None:
    shared = ("impact_assessment", "assessment_frequency", "target_group_involved")
    assert find_verdict("impact_assessment", "Jā\nReizi gadā.", shared[1:], LV) == "yes"
    assert find_verdict("target_group_involved", "Jā\nReizi gadā.", shared[:2], LV) is None


@pytest.mark.parametrize(
    ("text", "unavailable"),
    [
        ("n/a", True),
        ("N/A.", True),
        ("Šāda informācija nav pieejama.", True),
        ("Informācija par ietekmes novērtējumu nav pieejama.", True),
        ("Nav informācijas", True),
        ("Dati nav pieejami.", True),
        ("—", True),
        ("Nav informācijas par šo jautājumu.", True),
        ("Nav informācijas par cenām, bet tās ir augstas", False),
        ("", True),
        ("Nav", False),
        ("Nē", False),
        ("Informācija nav pieejama angļu valodā, bet gan latviešu valodā.", False),
        ("Nav pieejams finansējums.", False),
    ],
)
def test_unavailable(text: str, unavailable: bool) -> None:
    assert is_unavailable(text, LV) is unavailable


def test_unavailable_is_told_by_the_longest_phrase_too() -> None:
    """Longer texts are not searched for one; the signs around it do not count."""
    phrases = [phrase.text for phrase in LV.judgements.unavailable if phrase.text.replace(" ", "").isalnum()]
    longest = max(phrases, key=lambda phrase: len(phrase.split()))
    assert len(longest.split()) > 1
    assert is_unavailable(f"({longest}).", LV)
    assert is_unavailable("- " * 300 + longest, LV)
    assert not is_unavailable(f"{longest} {longest} {'un ' * 30}", LV)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Valodas: latviešu, krievu un angļu.", ["lv", "ru", "en"]),
        ("Valodas — latviešu, krievu", ["lv", "ru"]),
        ("Pieejams latviešu, krievu un angļu valodā", ["lv", "ru", "en"]),
        ("Lapa ir angliski un krieviski", ["en", "ru"]),
        ("Bukleti bulgāru valodā, vietne spāņu un katalāņu valodās", ["bg", "es", "ca"]),
        ("Latviešu valodas kursi", []),
        ("Dalībnieki mācās bulgāru valodu", []),
        ("Materiāli nav pieejami angļu valodā", []),
        ("Valodas: angļu (galvenā), valsts valoda un arābu", ["en", "ar"]),
        ("Mutvārdos. Valodas: dari, farsi, puštu, urdu, tigriņu, somāļu", ["prs", "fa", "ps", "ur", "ti", "so"]),
        ("1. Vācu\n2. Angļu, vienkāršā valodā\n3. Arābu", ["de", "en", "ar"]),
        ("- Latviešu valodas kursi\n- Sarunas", []),
        ("Pieejamās valodas: latviešu; krievu; angļu", ["lv", "ru", "en"]),
        ("Valodas: angļu; dalībnieki mācās bulgāru valodu", ["en"]),
        ("Lapas saturs ir latviešu, krievu (daļēji) un angļu valodās", ["lv", "ru", "en"]),
        ("Latviešu un angļu valodā, bet nav pieejama krievu valodā", ["lv", "en"]),
        ("Nodarbības notiek vācu valodā ar arābu tulku", ["de", "ar"]),
        ("Valodas: BKS", ["bs", "hr", "sr"]),
    ],
)
def test_languages(text: str, codes: list[str]) -> None:
    assert find_languages(text, LV).codes == codes


def test_unknown_language_in_a_list_is_named() -> None:
    found = find_languages("Valodas: angļu, klingoniešu (dialekts), dažādas valodas.", LV)
    assert found.codes == ["en"]
    assert found.unknown == ["klingoniešu"]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("40,000 EUR lietotnei", [(40000, "EUR")]),
        ("20 000 EUR apmērā", [(20000, "EUR")]),
        ("2,50 EUR nedēļā", [(2.5, "EUR")]),
        ("€ 5.000", [(5000, "EUR")]),
        ("€5,000.75", [(5000.75, "EUR")]),
        ("1.234.567,89 EUR", [(1234567.89, "EUR")]),
        ("1,2 miljoni eiro", [(1200000, "EUR")]),
        ("1.2 milj. EUR", [(1200000, "EUR")]),
        ("50 tūkst. eiro gadā", [(50000, "EUR")]),
        ("USD 300 un 200 $", [(300, "USD"), (200, "USD")]),
        ("10 000–20 000 EUR", [(10000, "EUR"), (20000, "EUR")]),
        ("no 100 līdz 200 eiro", [(100, "EUR"), (200, "EUR")]),
        ("5 gadu atbalsts, 80 planšetes, 2015. gads", []),
        ("85 % no 300 EUR", [(300, "EUR")]),
    ],
)
def test_amounts(text: str, amounts: list[tuple[float, str]]) -> None:
    assert [tuple(amount) for amount in find_amounts(text, LV)] == amounts


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("ESF (85 %) un valsts budžets (15 %).", [85, 15]),
        ("87,5% un 12,5 procenti", [87.5, 12.5]),
        ("60–70 %", [60, 70]),
        ("85 dalībnieki", []),
    ],
)
def test_shares(text: str, shares: list[float]) -> None:
    assert find_shares(text, LV) == shares


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Tallina, Tartu un Narva", ["Tallina", "Tartu", "Narva"]),
        ("Valonija (īstenošana reģionā)", ["Valonija"]),
        ("Latvija, Rīga", ["Latvija", "Rīga"]),
        ("Latvija/Rīga", ["Latvija", "Rīga"]),
        ("- Rīga\n- Liepāja", ["Rīga", "Liepāja"]),
        ("Norises vietas: Kauņa, Viļņa", ["Kauņa", "Viļņa"]),
        ("Frankfurte pie Mainas", ["Frankfurte pie Mainas"]),
        ("Klužа-Napoka", ["Klužа-Napoka"]),
        ("Rīga; Daugavpils.", ["Rīga", "Daugavpils"]),
        ("Rīgas pilsēta un Cēsu novads", ["Rīgas pilsēta", "Cēsu novads"]),
        ("Projekts tiek īstenots četros bēgļu centros Bulgārijā.", None),
        ("Konkrētas norises vietas: četros centros — „Ovcha Kupel”, „Vrazhdebna”.", None),
        ("visā valstī", None),
        ("Rīga, Viens Divi Trīs Četri Pieci Seši", ["Rīga", "Viens Divi Trīs Četri Pieci Seši"]),
        ("Rīga, Viens Divi Trīs Četri Pieci Seši Septiņi", None),
    ],
)
def test_places(text: str, places: list[str] | None) -> None:
    assert find_places(text, LV) == places


@pytest.mark.parametrize(
    ("text", "free", "mandatory", "cost", "eligibility"),
    [
        ("Izmaksas: nav\nObligāti apmeklējams: (N)", True, False, "nav", None),
        ("Maksa: 5 EUR\nObligāti apmeklējams: jā", False, True, "5 EUR", None),
        ("Izmaksas: 0 EUR", True, None, "0 EUR", None),
        ("Bez maksas. Dalība nav obligāta.", True, False, None, None),
        ("Kursi ir obligāti, dalībniekiem jāmaksā.", False, True, None, None),
        ("Izmaksas: bez maksas, līdz aptuveni 40 EUR", None, None, "bez maksas, līdz aptuveni 40 EUR", None),
        (
            "Izmaksas: bezmaksas; Obligāti apmeklējams: nē; Atbilstības kritēriji: visi\n1) pirmie;\n2) otrie.\nVēl.",
            True,
            False,
            "bezmaksas",
            "visi\n1) pirmie;\n2) otrie.",
        ),
        ("Izmaksas – bez maksas\nObligāti apmeklējams – jā", True, True, "bez maksas", None),
        ("Izmaksas: jā\nObligāti apmeklējams: dalība ir brīvprātīga", False, False, "jā", None),
        ("Obligāti apmeklējams: obligāts", None, True, None, None),
        ("Bezmaksas, neobligāta", True, False, None, None),
        ("Telpas ir plašas.", None, None, None, None),
    ],
)
def test_access(
    text: str, free: bool | None, mandatory: bool | None, cost: str | None, eligibility: str | None
) -> None:
    access = find_access(text, LV)
    assert (access.free, access.mandatory, access.cost, access.eligibility) == (free, mandatory, cost, eligibility)


@pytest.mark.parametrize(
    ("text", "enumeration"),
    [
        ("Attieksme;\nLīmenis;\nAtbalsts.", True),
        ("- Attieksme\n- Līmenis\n- Atbalsts", True),
        ("Ko ieguvāt?\nKas jāmaina?\nKāpēc?", False),
        ("Attieksme;\nLīmenis.", False),
        ("Pirmais teikums.\nOtrais teikums.\nTrešais.", False),
    ],
)
def test_enumeration(text: str, enumeration: bool) -> None:
    assert is_enumeration(text) is enumeration


EN = load_lexicon("en")


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("several thousand euros", ["euros"]),
        ("5 classes a month (euros)", []),
        # UNREAD_REACH: characters between the figure and the currency.
        ("40 for each euro", ["euro"]),
        ("40 for each of the euros", []),
        ("EUR 5,000 (five thousand euros)", []),
        ("10 classes, EUR 500", []),
        ("paid in euros, 2016", []),
        ("euros and cents", []),
    ],
)
def test_a_figure_beside_a_currency_that_is_not_read_is_named(text: str, unread: list[str]) -> None:
    assert find_money(text, EN).unread == unread


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("2 million 500 thousand euros", [2500000]),
        ("2 thousand 500 thousand euros", [500000]),  # no smaller unit: two numbers
        ("40 to 50 thousand euros", [40000, 50000]),
        ("40,000 to 50 thousand euros", [40000, 50000]),
        ("10/20 – 30 euros", [30]),
        ("five hundred and twenty thousand euros", [520000]),
        ("twentyfive euros", [25]),
    ],
)
def test_numbers_add_up(text: str, amounts: list[int]) -> None:
    assert [amount.value for amount in find_amounts(text, EN)] == amounts


@pytest.mark.parametrize(
    ("text", "codes", "unexplained"),
    [
        ("Leaflets of Arabic, Dari and Pashto", [], ["Arabic, Dari and Pashto"]),
        ("Leaflets in Arabic, Dari and Pashto", ["ar", "prs", "ps"], []),
        ("Leaflets: Arabic.", [], ["Arabic"]),
        ("In Arabic, Elvish, Dari and Somali", ["ar"], ["Dari and Somali"]),
        ("They learn Arabic and Dari", [], []),
        ("Arabic food is offered", [], []),
        ("It is not in Arabic and Dari", [], []),
    ],
)
def test_a_language_that_is_named_is_used_left_out_mentioned_or_reported(
    text: str, codes: list[str], unexplained: list[str]
) -> None:
    found = find_languages(text, EN)
    assert (found.codes, found.unexplained) == (codes, unexplained)
