"""Messages: two languages with the same blanks, Korean particles, the locale, one family of errors."""

from __future__ import annotations

import string
import subprocess
from importlib.resources import files

import pytest

import unbend as ub
from unbend import errors
from unbend.errors import BadInput
from unbend.words import _Formatter, catalogue, language, say

NAMESPACES = sorted(f.name.removesuffix(".toml") for f in files("unbend.words").iterdir() if f.name.endswith(".toml"))
MESSAGES = [(namespace, key) for namespace in NAMESPACES for key in catalogue(namespace)]
# what one of the two says in other words
UNEVEN = {("formula", "why_affine"): {"names"}}
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def join(template: str, word: object) -> str:
    return _Formatter().vformat(template, (), {"w": word})


@pytest.mark.parametrize(("namespace", "key"), MESSAGES, ids=[f"{r}.{k}" for r, k in MESSAGES])
def test_languages_have_the_same_placeholders(namespace: str, key: str) -> None:
    message = catalogue(namespace)[key]
    assert set(message) == {"en", "ko"} and all(message.values())
    blanks = {tongue: {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
              for tongue, text in message.items()}  # fmt: skip
    assert blanks["en"] ^ blanks["ko"] <= UNEVEN.get((namespace, key), set()), "a blank is lost in one language"


@pytest.mark.parametrize(
    ("word", "object_", "by", "subject"),
    [("나이", "나이를", "나이로", "나이가"), ("값", "값을", "값으로", "값이"), ("서울", "서울을", "서울로", "서울이"),
     ("열", "열을", "열로", "열이"), ("층", "층을", "층으로", "층이"),
     (0, "0을", "0으로", "0이"), (1, "1을", "1로", "1이"), (2, "2를", "2로", "2가"), (3, "3을", "3으로", "3이"),
     (4, "4를", "4로", "4가"), (5, "5를", "5로", "5가"), (6, "6을", "6으로", "6이"), (7, "7을", "7로", "7이"),
     (8, "8을", "8로", "8이"), (9, "9를", "9로", "9가"), (10, "10을", "10으로", "10이"),
     (2.5, "2.5를", "2.5로", "2.5가"),
     ("model", "model을", "model로", "model이"), ("step", "step을", "step으로", "step이"),
     ("tan", "tan을", "tan으로", "tan이"), ("sigmoid", "sigmoid를", "sigmoid로", "sigmoid가"),
     ("relu", "relu를", "relu로", "relu가"), ("'relu'", "'relu'를", "'relu'로", "'relu'가"),
     ("shop.db", "shop.db를", "shop.db로", "shop.db가"), ("CSV", "CSV를", "CSV로", "CSV가"),
     ("height", "height를", "height로", "height가"), ("block", "block을", "block으로", "block이"),
     ("time", "time을", "time으로", "time이"), ("table", "table을", "table로", "table이"),
     ("html", "html을", "html로", "html이"), ("(2, 3)", "(2, 3)을", "(2, 3)으로", "(2, 3)이"), ("", "를", "로", "가")],
)  # fmt: skip
def test_particles_fit_final_consonants(word: object, object_: str, by: str, subject: str) -> None:
    assert join("{w:을/를}", word) == object_
    assert join("{w:으로/로}", word) == by
    assert join("{w:이/가}", word) == subject


def test_particles_after_quoted_values_and_plain_formats() -> None:
    assert join("{w!r:이라는/라는}", "값") == "'값'이라는"
    assert join("{w!r:이라는/라는}", "나이") == "'나이'라는"
    assert join("{w:.1f}|{w:>6.1f}|{w}", 2.25) == "2.2|   2.2|2.25"
    assert join("{w:,}", 12000) == "12,000"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, "en"), ({"LANG": "ko_KR.UTF-8"}, "ko"), ({"LANG": "ko"}, "ko"), ({"LANG": "KO_KR"}, "ko"),
     ({"LANG": "C.UTF-8"}, "en"), ({"LANG": "en_US.UTF-8"}, "en"), ({"LANG": "de_DE"}, "en"),
     ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"), ({"LANG": "en_US", "LC_MESSAGES": "ko_KR"}, "ko"),
     ({"LANG": "ko_KR", "LC_ALL": ""}, "ko")],
)  # fmt: skip
def test_the_locale_decides(environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    ub.set_language(None)
    assert language() == expected
    ub.set_language("ko" if expected == "en" else "en")  # what was chosen goes before the locale
    assert language() != expected


def test_unknown_languages_raise() -> None:
    with pytest.raises(BadInput, match=r"'fr'.*en, ko"):
        ub.set_language("fr")
    assert language() == "en"
    ub.set_language("ko")
    with pytest.raises(BadInput, match="'fr'이라는"):
        ub.set_language("fr")


def test_messages_use_the_current_language() -> None:
    assert say("verdict.seed", got=-1) == "the seed is a whole number from 0, got -1"
    ub.set_language("ko")
    assert say("verdict.seed", got=-1) == "시드는 0 이상의 정수여야 하는데 -1이 왔습니다"


FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BadInput)]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_bad_input_is_a_value_error(kind: type[BadInput]) -> None:
    assert issubclass(kind, ValueError)
    with pytest.raises(ValueError, match="got -1") as caught:
        raise kind("verdict.seed", got=-1)
    assert isinstance(caught.value, BadInput)
    assert (caught.value.key, caught.value.values) == ("verdict.seed", {"got": -1})
    assert "\n" not in str(caught.value)


def test_error_family_has_its_classes() -> None:
    assert {k.__name__ for k in FAMILY} >= {"BadInput", "ShapeError", "DataError", "FormulaError", "ModelError"}
    assert ub.BadInput is BadInput


def test_message_has_the_language_it_was_raised_in() -> None:
    error = BadInput("verdict.seed", got=-1)
    ub.set_language("ko")
    assert str(error).startswith("the seed")


def test_public_names_are_imported_lazily() -> None:
    assert all(getattr(ub, name) is not None for name in ub.__all__)
    assert set(ub.__all__) <= set(dir(ub))
    with pytest.raises(AttributeError, match="no attribute 'frobnicate'"):
        _ = ub.frobnicate
    import unbend.train  # the package and the function share a name: the public name stays the function

    assert callable(unbend.train) and unbend.train is ub.train


def test_errors_can_be_sent_between_processes() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(errors.ShapeError("network.no_layers")))
    assert type(error) is errors.ShapeError
    assert str(error) == str(errors.ShapeError("network.no_layers"))


@pytest.mark.parametrize("name", ["price", "판매 수량", "a (b)", 'a"b', "$x", "it's"])
def test_names_are_quoted_for_the_shell(name: str) -> None:
    command = join("printf %s {w:shell}", name)
    assert subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout == name
