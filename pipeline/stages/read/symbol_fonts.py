"""Fonts of symbols: what stands at their codes, whatever a file says of these, and how wide it is."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

PRIVATE: Final = 0xF000
"""What is added to the codes of such fonts: in their own tables (OpenType, `cmap`, platform 3, encoding 0), and for
Unicode's private codes."""
UNKNOWN: Final = "\ufffd"
BULLETS: Final = frozenset("\uf0b7\uf0a7\uf0d8\uf076")
"""Private codes of the bullets that Word sets in Symbol and Wingdings; they are known as bullets everywhere."""
ZAPF_CODES: Final = (*range(0x21, 0x7F), *range(0xA1, 0xF0), *range(0xF1, 0xFF))
"""The codes of Zapf Dingbats (ISO 32000-1, D.6)."""
DINGBATS: Final = {
    code: chr(0x2700 + code - (0x20 if code < 0x80 else 0x40)) for code in ZAPF_CODES if code not in range(0xA8, 0xD8)
} | dict(
    zip(
        (*b"%*+Hlnstuw", *range(0xA8, 0xAC), *range(0xAC, 0xB6), *range(0xB6, 0xD5), *range(0xD5, 0xD8)),
        (
            *"\u260e\u261b\u261e\u2605\u25cf\u25a0\u25b2\u25bc\u25c6\u25d7\u2663\u2666\u2665\u2660",
            *map(chr, (*range(0x2460, 0x246A), *range(0x2776, 0x2795))),
            *"\u2192\u2194\u2195",
        ),
        strict=True,
    )
)
"""The symbols of Zapf Dingbats (Unicode's mapping of the font): Unicode took over all but these in their order."""
SYMBOLS: Final = dict(
    zip(
        (*range(0x20, 0x7F), *range(0xA0, 0xF0), *range(0xF1, 0xFF)),
        bytes.fromhex(
            "0020002122000023220300250026220b002800292217002b002c2212002e002f00300031003200330034003500360037"
            "00380039003a003b003c003d003e003f22450391039203a72206039503a603930397039903d1039a039b039c039d039f"
            "03a0039803a103a303a403a503c203a9039e03a80396005b2234005d22a5005f203e03b103b203c703b403b503c603b3"
            "03b703b903d503ba03bb03bc03bd03bf03c003b803c103c303c403c503d603c903be03c803b6007b007c007d223c20ac"
            "03d2203222642044221e019226632666266526602194219021912192219300b000b12033226500d7221d2202202200f7"
            "226022612248202623d023af21b521352111211c21182297229522052229222a22832287228422822286220822092220"
            "220700ae00a92122220f221a22c500ac2227222821d421d021d121d221d325ca300800ae00a921222211239b239c239d"
            "23a123a223a323a723a823a923aa3009222b232023ae2321239e239f23a023a423a523a623ab23ac23ad"
        ).decode("utf-16-be"),
        strict=True,
    )
)
"""The encoding of Symbol (ISO 32000-1, D.5), with pdfium's characters: UTF-16, in the order of the codes."""
TABLES: Final = {
    name: {chr(PRIVATE + code): symbol for code, symbol in enumerate(bytes.fromhex(symbols).decode("utf-16-be"), 0x21)}
    | {chr(PRIVATE + 0x20): " "}
    for name, symbols in {
        "wingdings": ""
        "d83ddd8927022701d83ddc53d83ddd6dd83ddd6ed83ddd6fd83ddd7f2706d83ddd82d83ddd83d83ddcead83ddcebd83d"
        "dcecd83ddcedd83dddc0d83dddc1d83dddced83dddcfd83dddd0d83dddc4231bd83dddaed83dddb0d83dddb2d83dddb3"
        "d83dddb4d83dddabd83dddac2707270dd83ddd8e270cd83ddd8fd83ddc4dd83ddc4e261c261e261d261fd83ddd90263a"
        "d83dde102639d83ddca3d83ddd71d83cdff3d83cdff12708263cd83cdf222744d83ddd46271ed83ddd4827202721262a"
        "262fd83ddd49263826482649264a264b264c264d264e264f2650265126522653d83dde70d83dde7525cf274d25a025a1"
        "d83ddf9027512752d83ddf9f29eb25c6f0762b2923272bb92318d83cdff5d83cdff6d83dde76d83dde7725afd83cdd0b"
        "2780278127822783278427852786278727882789d83cdd0c278a278b278c278d278e278f2790279127922793d83dde62"
        "d83dde60d83dde61d83dde63d83dde5ed83dde5cd83dde5dd83dde5f221920222b1d2b58d83ddf86d83ddf88d83ddf8a"
        "d83ddf8bd83ddd3ff0a725fbd83ddfc1d83ddfc52605d83ddfcbd83ddfcfd83ddfd3d83ddfd12bd023162bce2bcf2bd1"
        "272a2730f0b7d83ddd51d83ddd52d83ddd53d83ddd54d83ddd55d83ddd56d83ddd57d83ddd58d83ddd59d83ddd5ad83d"
        "dd5b2bb02bb12bb22bb32bb42bb52bb62bb7d83dde6ad83dde6bd83dde55d83dde54d83dde57d83dde56d83dde50d83d"
        "de51d83dde52d83dde53232b23262b98f0d82b992b9b2b882b8a2b892b8bd83edc68d83edc6ad83edc69d83edc6bd83e"
        "dc6cd83edc6dd83edc6fd83edc6ed83edc78d83edc7ad83edc79d83edc7bd83edc7cd83edc7dd83edc7fd83edc7e21e6"
        "21e821e721e92b0421f32b012b002b032b02d83edcacd83edcad2717271426122611",
        "wingdings2": ""
        "d83ddd8ad83ddd8bd83ddd8cd83ddd8d27042700d83ddd7ed83ddd7dd83dddc5d83dddc6d83dddc7d83dddc8d83dddc9"
        "d83dddcad83dddcbd83dddccd83dddcdd83ddccbd83dddd1d83dddd4d83dddb5d83dddb6d83dddb7d83dddb8d83dddad"
        "d83dddafd83dddb1d83ddd92d83ddd93d83ddd98d83ddd99d83ddd9ad83ddd9bd83ddc48d83ddc49d83ddd9cd83ddd9d"
        "d83ddd9ed83ddd9fd83ddda0d83ddda1d83ddc46d83ddc47d83ddda2d83ddda3d83ddd91d83dddf4d83dddf8d83dddf5"
        "26112bbd26122bbe2bbfd83ddec729b8d83dde71d83dde74d83dde72d83dde73203dd83dde79d83dde7ad83dde7bd83d"
        "de66d83dde64d83dde65d83dde67d83dde5ad83dde58d83dde59d83dde5b24ea24602461246224632464246524662467"
        "2468246924ff2776277727782779277a277b277c277d277e277ffffd2609d83cdf15263d263e2e3f271dd83ddd47d83d"
        "dd5cd83ddd5dd83ddd5ed83ddd5fd83ddd60d83ddd61d83ddd62d83ddd63d83ddd64d83ddd65d83ddd66d83ddd67d83d"
        "de68d83dde6922c5d83ddf84298125cf25cbd83ddf85d83ddf87d83ddf89229929bfd83ddf8cd83ddf8d25fe25a025a1"
        "d83ddf91d83ddf92d83ddf93d83ddf9425a3d83ddf95d83ddf96d83ddf97d83ddf982b292b2525c7d83ddf9a25c8d83d"
        "df9bd83ddf9cd83ddf9dd83ddf9e2b2a2b2725cad83ddfa025d625d72bca2bcb2bc02bc12b1f2bc22b232b222bc32bc4"
        "d83ddfa1d83ddfa2d83ddfa3d83ddfa4d83ddfa5d83ddfa6d83ddfa7d83ddfa8d83ddfa9d83ddfaad83ddfabd83ddfac"
        "d83ddfadd83ddfaed83ddfafd83ddfb0d83ddfb1d83ddfb2d83ddfb3d83ddfb4d83ddfb5d83ddfb6d83ddfb7d83ddfb8"
        "d83ddfb9d83ddfbad83ddfbbd83ddfbcd83ddfbdd83ddfbed83ddfbfd83ddfc0d83ddfc2d83ddfc4d83ddfc6d83ddfc9"
        "d83ddfca2736d83ddfccd83ddfced83ddfd0d83ddfd22739d83ddfc3d83ddfc7272fd83ddfcdd83ddfd42bcc2bcd203b"
        "2042",
        "wingdings3": ""
        "2b602b622b612b632b662b672b692b682b702b722b712b732b762b782b7b2b7d2b642b652b6a2b6c2b6b2b6d2b4d2ba0"
        "2ba12ba22ba32ba42ba52ba62ba72b902b912b922b932b802b832b7e2b7f2b842b862b852b872b8f2b8d2b8e2b8c2b6e"
        "2b6f238b2324230323252423237d21ea2bb8d83edca0d83edca1d83edca2d83edca3d83edca4d83edca5d83edca6d83e"
        "dca7d83edca8d83edca9d83edcaad83edcabd83edc50d83edc52d83edc51d83edc53d83edc54d83edc55d83edc57d83e"
        "dc56d83edc58d83edc5925b225bc25b325bd25c025b625c125b725e325e225e425e5d83ddf80d83ddf82d83ddf81fffd"
        "d83ddf832bc52bc62bc72bc82b9c2b9e2b9d2b9fd83edc10d83edc12d83edc11d83edc13d83edc14d83edc16d83edc15"
        "d83edc17d83edc18d83edc1ad83edc19d83edc1bd83edc1cd83edc1ed83edc1dd83edc1fd83edc00d83edc02d83edc01"
        "d83edc03d83edc04d83edc06d83edc05d83edc07d83edc08d83edc0ad83edc09d83edc0bd83edc20d83edc22d83edc24"
        "d83edc26d83edc28d83edc2ad83edc2cd83edc9cd83edc9dd83edc9ed83edc9fd83edc2ed83edc30d83edc32d83edc34"
        "d83edc36d83edc38d83edc3ad83edc39d83edc3bd83edc98d83edc9ad83edc99d83edc9bd83edc3cd83edc3ed83edc3d"
        "d83edc3fd83edc40d83edc42d83edc41d83edc43d83edc44d83edc46d83edc45d83edc472ba82ba92baa2bab2bac2bad"
        "2bae2bafd83edc60d83edc62d83edc61d83edc63d83edc64d83edc65d83edc67d83edc66d83edc70d83edc72d83edc71"
        "d83edc73d83edc74d83edc75d83edc77d83edc76d83edc80d83edc82d83edc81d83edc83d83edc84d83edc85d83edc87"
        "d83edc86d83edc90d83edc92d83edc91d83edc93d83edc94d83edc96d83edc95d83edc97",
        "webdings": ""
        "d83ddd77d83ddd78d83ddd72d83ddd76d83cdfc6d83cdf96d83ddd87d83ddde8d83ddde9d83dddf0d83dddf1d83cdf36"
        "d83cdf97d83dde7ed83dde7cd83dddd5d83dddd6d83dddd723f423f523f623f723ea23e923ee23ed23f823f923fad83d"
        "dddad83dddf3d83ddee0d83cdfd7d83cdfd8d83cdfd9d83cdfdad83cdfdcd83cdfedd83cdfdbd83cdfe0d83cdfd6d83c"
        "dfddd83ddee3d83ddd0dd83cdfd4d83ddc41d83ddc42d83cdfded83cdfd5d83ddee4d83cdfdfd83ddef3d83ddd6cd83d"
        "dd6bd83ddd68d83ddd08d83cdf94d83cdf95d83dddecd83dde7dd83dddedd83dddead83dddeb2b942714d83ddeb22b1c"
        "d83ddee1d83ddce6d83ddef12b1bd83dde91d83ddec8d83ddee9d83ddef0d83ddfc8d83ddd742b24d83ddee5d83dde94"
        "d83dddd8d83dddd92753d83ddef2d83dde87d83dde8d26f329b82296d83ddeadd83dddee23d0d83dddefd83dddf2fffd"
        "d83ddeb9d83ddebad83ddec9d83ddecad83ddebcd83ddc7dd83cdfcb26f7d83cdfc2d83cdfccd83cdfcad83cdfc4d83c"
        "dfcdd83cdfced83dde98d83ddde0d83ddee2d83ddcb0d83cdff7d83ddcb3d83ddc6ad83ddde1d83ddde2d83ddde3272f"
        "d83ddd84d83ddd85d83ddd83d83ddd86d83dddb9d83dddbad83dddbbd83ddd75d83ddd70d83dddbdd83dddbed83ddccb"
        "d83dddd2d83dddd3d83ddd6ed83ddcdad83dddded83ddddfd83dddc3d83dddc2d83dddbcd83cdfadd83cdf9cd83cdf98"
        "d83cdf99d83cdfa7d83ddcbfd83cdf9ed83ddcf7d83cdf9fd83cdfacd83ddcfdd83ddcf9d83ddcfed83ddcfbd83cdf9a"
        "d83cdf9bd83ddcfad83ddcbbd83ddda5d83ddda6d83ddda7d83ddd79d83cdfaed83ddd7bd83ddd7cd83ddcdfd83ddd81"
        "d83ddd80d83ddda8d83ddda9d83dddbfd83dddaad83ddddcd83ddd12d83ddd13d83dddddd83ddce5d83ddce4d83ddd73"
        "d83cdf23d83cdf24d83cdf25d83cdf262601d83cdf28d83cdf27d83cdf29d83cdf2ad83cdf2cd83cdf2bd83cdf1cd83c"
        "df21d83ddecbd83ddecfd83cdf7dd83cdf78d83ddeced83ddecd24c5267fd83ddec6d83ddd88d83cdf93d83ddde4d83d"
        "dde5d83ddde6d83ddde7d83ddeead83ddc3fd83ddc26d83ddc1fd83ddc15d83ddc08d83dde6cd83dde6ed83dde6dd83d"
        "de6fd83dddfad83cdf0dd83cdf0fd83cdf0ed83ddd4a",
    }.items()
} | {"symbol": {chr(PRIVATE + code): symbol for code, symbol in SYMBOLS.items()} | {"\uf0b7": "\uf0b7"}}
"""The symbols of Microsoft's fonts by their private codes (Unicode 7.0 took them over), with the forms of boxes, ticks
and circles that were in Unicode before, and with Word's bullets as they are."""
_NAMES: Final = re.compile("(?:.*[+])?(wingdings[23]?|webdings|symbol)(?:mt|ps|[-,.]?regular|[-,]?(?:bold|italic))*")


@lru_cache(maxsize=256)
def find_table(font: str) -> tuple[str, Mapping[str, str]]:
    """Find the symbols of a font.

    Args:
        font: Its name.

    Returns:
        The name and the symbols of such a font; nothing for others.
    """
    found = _NAMES.fullmatch(font.casefold().replace(" ", "").replace("wingdings-", "wingdings"))
    return (found[1], TABLES[found[1]]) if found else ("", {})


def read_code(text: str, font: str) -> str:
    """Return the private code of a symbol that a file calls a Latin letter: fonts of pictures have none."""
    kind = find_table(font)[0]
    if kind in ("", "symbol") or len(text) != 1 or not 0x20 < ord(text) < 0x100:
        return text
    return chr(PRIVATE + ord(text))
