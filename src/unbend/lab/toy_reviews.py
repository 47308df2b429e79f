"""`toy_reviews`: made-up reviews in which *not* turns the word of praise or blame near it."""

from __future__ import annotations

import numpy as np

ROWS = 1500
NEGATED = 0.35  # of the texts
NOISE = 0.05  # of the labels are wrong
_PRAISE = {"en": ("good", "great", "funny", "clever"), "ko": ("좋은", "재미있는", "뛰어난", "훌륭한")}
_BLAME = {"en": ("bad", "dull", "weak", "silly"), "ko": ("나쁜", "지루한", "엉성한", "뻔한")}
_THINGS = {
    "en": ("film", "story", "plot", "script", "ending", "cast"),
    "ko": ("영화", "이야기", "줄거리", "각본", "결말", "연기"),
}
_OPENINGS = {
    "en": ("well,", "honestly,", "for me", "in the end", "I think", "to be fair,"),
    "ko": ("글쎄", "솔직히", "내게는", "끝까지 보니", "내 생각엔", "굳이 말하면"),
}
_CLOSINGS = {
    "en": ("this time", "as before", "on the whole", "once again", "for a rainy day", "after all"),
    "ko": ("이번에도", "전처럼", "대체로", "다시 봐도", "비 오는 날에는", "역시"),
}


def toy_reviews(language: str, seed: int = 0) -> tuple[list[str], list[str]]:
    """(texts, labels "good" or "bad"), in English or Korean; the same seed gives the same ones.

    *Not* stands before the word in English, 아니에요 after it in Korean, with a word or two between.
    """
    rng = np.random.default_rng([seed, 9])
    texts, labels = [], []
    for _ in range(ROWS):
        praise, negated = rng.random() < 0.5, rng.random() < NEGATED
        word = str(rng.choice((_PRAISE if praise else _BLAME)[language]))
        thing = str(rng.choice(_THINGS[language]))
        if language == "ko":
            very = str(rng.choice(["", "참 ", "꽤 "]))
            text = f"{very}{word} {thing}{' 아니에요' if negated else ''}"
        else:
            very = str(rng.choice(["", "very ", "really "]))
            text = f"{'not ' if negated else ''}a {very}{word} {thing}"
        opening, closing = (str(rng.choice(some[language])) for some in (_OPENINGS, _CLOSINGS))
        parts = [opening if rng.random() < 0.6 else "", text, closing if rng.random() < 0.6 else ""]
        texts.append(" ".join(part for part in parts if part))
        labels.append("good" if (praise ^ negated) ^ (rng.random() < NOISE) else "bad")
    return texts, labels
