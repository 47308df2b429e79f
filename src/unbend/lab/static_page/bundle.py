"""`bundled`: ES modules joined into one script without imports, each in a function of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_IMPORT = re.compile(r'^import (?P<names>\{[^}]*\}|\w+) from "\./(?P<file>[\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function|class|const|let) (?P<name>\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?P<value>.*?);\n", re.MULTILINE)


def bundled(name: str, read: Callable[[str], str], present: Collection[str] = ()) -> dict[str, str]:
    """The module ``name`` and all that it imports, {module: its script}, those imported first.

    Each becomes ``const NAME_module = (() => { …; return { what it exports }; })();``. ``read`` gives the text of a
    module; those that are ``present`` are left out. A name imported without braces is the other module's default
    export. Raises ``ValueError`` for modules that import each other.
    """
    scripts: dict[str, str] = {}

    def add(name: str, waiting: tuple[str, ...]) -> None:
        if name in waiting:
            raise ValueError(f"modules import each other: {' -> '.join([*waiting, name])}")
        if name in scripts or name in present:
            return
        text = read(name)
        for found in _IMPORT.finditer(text):
            add(found["file"], (*waiting, name))
        scripts[name] = _as_function(name, text)

    add(name, ())
    return scripts


def _as_function(name: str, text: str) -> str:
    exported = [found["name"] for found in _EXPORT.finditer(text)]
    text = _DEFAULT.sub(lambda found: f"const exportedByDefault = {found['value']};\n", text)
    if "const exportedByDefault" in text:
        exported.append("default: exportedByDefault")
    body = _IMPORT.sub(_as_constant, re.sub(r"^export ", "", text, flags=re.MULTILINE))
    return f"const {name}_module = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"


def _as_constant(found: re.Match[str]) -> str:
    names = found["names"] if found["names"].startswith("{") else f"{{ default: {found['names']} }}"
    return f"const {names.replace(' as ', ': ')} = {found['file']}_module;\n"
