"""Where texts bend: the section of word pairs and switch words."""

from __future__ import annotations

from collections.abc import Sequence

from ..verdict.text.pair_records import SwitchWord, WordPair, WordPairs
from ..words import say
from .contributions import signed
from .html import paragraph, section, table
from .number_text import number, p_value, percent
from .text_contributions import output_name


def text_pairs_section(found: WordPairs, classes: tuple[str, ...]) -> str:
    """The section: what was looked at, the pairs, and the words of which one number says most of it."""
    parts = [paragraph(line) for line in pair_sentences(found)]
    if found.pairs:
        several = len(classes) > 2
        of = say("text_views.speaks_score") if several else output_name(classes, 0)
        head = [
            say("text_views.pair"),
            say("text_views.pair_weight", of=of),
            *(say(f"text_views.pair_{name}") for name in ("rows", "share", "p", "held_out")),
        ]
        parts.append(table(head, [_row(pair, classes, several) for pair in found.pairs], (1, 2, 3, 4, 5)))
    return section(say("text_views.pairs_title"), *parts)


def pair_sentences(found: WordPairs) -> list[str]:
    """What was found in sentences: the pairs in sum, each switch word, and whether time ran out."""
    if found.pairs:
        sentence = say(
            "text_views.pairs_found",
            window=found.pairs[0].window,
            looked=found.looked,
            rows=found.rows,
            held_out=found.held_out_rows,
            gain=percent(found.gain),
        )
    else:
        sentence = say("text_views.pairs_none", looked=found.looked, rows=found.rows)
        if not found.looked:
            sentence = say("text_views.pairs_nothing")
    return [sentence, *map(_switch, found.switches), *([say("text_views.pairs_cut")] if found.cut else [])]


def _switch(switch: SwitchWord) -> str:
    return say(
        "text_views.switch_after" if switch.after else "text_views.switch_before",
        word=f"‘{switch.word}’",
        window=switch.window,
        multiplier=number(round(switch.multiplier, 2)),
        part=percent(min(1.0, switch.share / switch.pairs_share)),
        rows=switch.rows,
    )


def _row(pair: WordPair, classes: Sequence[str], several: bool) -> list[str]:
    name = f"{pair.first} … {pair.second}" + (f" ({classes[pair.output]})" if several else "")
    weight, rows, share = signed(pair.weight), f"{pair.rows:,}", percent(pair.share)
    return [name, weight, rows, share, p_value(pair.p_value), p_value(pair.held_out_p)]
