"""The numbers that a word processor writes before the paragraphs of a list: 一、 （二） ③ 4. iv."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "十", "百", "千", "万")
_LEGAL_UNITS = ("", "拾", "佰", "仟", "万")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_COUNTED = {
    "chineseCounting",
    "chineseCountingThousand",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "japaneseCounting",
    "koreanCounting",
}
_LEGAL = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}
_BY_DIGIT = {"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital"}
# First sign of a run of signs in Unicode, and how many there are.
_RUNS = {
    "decimalEnclosedCircle": (0x2460, 20),
    "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20),
    "ideographEnclosedCircle": (0x3280, 10),
}
_SILENT = {"bullet", "none"}


def numeral(number: int, form: str) -> str:
    """Return a number in one of the forms of OOXML's ST_NumberFormat, '' for bullets; forms unknown here come out decimal."""
    if form in _SILENT:
        return ""
    if form in _RUNS and 1 <= number <= _RUNS[form][1]:
        return chr(_RUNS[form][0] + number - 1)
    if form in _COUNTED:
        return _counted(number, _DIGITS, _UNITS)
    if form in _LEGAL:
        return _counted(number, _LEGAL_DIGITS, _LEGAL_UNITS, spoken=False)
    if form in _BY_DIGIT:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    return _other(number, form)


def _other(number: int, form: str) -> str:
    if form == "decimalZero":
        return f"{number:02}"
    if form.startswith("decimalFullWidth"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if form in {"ideographTraditional", "ideographZodiac"}:
        signs = _STEMS if form == "ideographTraditional" else _BRANCHES
        return signs[number - 1] if 1 <= number <= len(signs) else str(number)
    if form in {"upperRoman", "lowerRoman"} and 0 < number < 4000:
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    if form in {"upperLetter", "lowerLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(number)


def _counted(number: int, digits: str, units: tuple[str, ...], *, spoken: bool = True) -> str:
    """Return 十二, 一百零五. `spoken`: 十二, not 一十二."""
    if not 0 < number < 100_000:
        return digits[0] if number == 0 else str(number)
    printed, gap = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        gap = gap or (digit == 0 and bool(printed))
        if digit:
            printed += ("零" if gap else "") + digits[digit] + units[place]
            gap = False
    return printed[1:] if spoken and 10 <= number < 20 else printed


def _roman(number: int) -> str:
    printed = ""
    for value, letters in _ROMAN:
        printed += letters * (number // value)
        number %= value
    return printed
