"""`bundled`: ES modules joined into one script without imports, each in a function of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_IMPORT = re.compile(r'^import (?P<names>\{[^}]*\}|\w+) from "\./(?P<file>[\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function|class|const|let) (?P<name>\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?P<value>.*?);\n", re.MULTILINE)


def bundled(names: Sequence[str], read: Callable[[str], str]) -> str:
    """One script from the modules ``names`` and all that they import; ``read`` gives the text of a module.

    Each becomes ``const NAME_module = (() => { …; return { what it exports }; })();``, those imported first. A name
    imported without braces is the other module's default export. Raises ``ValueError`` for a circle of imports.
    """
    done: dict[str, str] = {}

    def add(name: str, waiting: tuple[str, ...]) -> None:
        if name in waiting:
            raise ValueError(f"modules import each other: {' -> '.join([*waiting, name])}")
        if name in done:
            return
        text = read(name)
        for found in _IMPORT.finditer(text):
            add(found["file"], (*waiting, name))
        done[name] = _as_function(name, text)

    for name in names:
        add(name, ())
    return "".join(done.values())


def _as_function(name: str, text: str) -> str:
    exported = [found["name"] for found in _EXPORT.finditer(text)]
    text = _DEFAULT.sub(lambda found: f"const exportedByDefault = {found['value']};\n", text)
    if "const exportedByDefault" in text:
        exported.append("default: exportedByDefault")
    text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    body = _IMPORT.sub(_as_constant, text)
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"


def _as_constant(found: re.Match[str]) -> str:
    names = found["names"] if found["names"].startswith("{") else f"{{ default: {found['names']} }}"
    return f"const {names.replace(' as ', ': ')} = {_variable(found['file'])};\n"


def _variable(name: str) -> str:
    return f"{name.replace('-', '_')}_module"
