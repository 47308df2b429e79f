"""The static page in Firefox: it trains in a worker, draws, answers keys, in both languages and on a phone's width."""

from __future__ import annotations

from pathlib import Path

from .firefox import firefox, needs_firefox


@needs_firefox
def test_trains_and_draws_in_firefox(file: Path, tmp_path: Path) -> None:
    with firefox(tmp_path) as browser:
        browser.open(f"file://{file}#lang=en&data=xor&layers=6relu,4tanh&pieces=1")
        browser.waits("document.querySelector('.ub-network.mapped')")
        losses = "document.querySelector('.scores tr:nth-child(2) td').textContent"
        before = float(browser.value(losses))
        assert browser.value("document.querySelector('button.main').textContent") == "Run"
        browser.value("document.querySelector('button.main').click()")
        browser.waits("Number(document.querySelector('.epoch').textContent) > 20")
        browser.value("document.querySelector('button.main').click()")
        browser.waits("document.querySelector('button.main').textContent === 'Run'")
        assert float(browser.value(losses)) < before
        browser.value("document.querySelector(\"[data-neuron='0 1']\").focus()")
        browser.waits("document.querySelector('.caption').textContent === 'Map of h2'")
        drawn = """(() => {
          const canvas = document.querySelector('.ub-surface .shades canvas');
          return new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size;
        })()"""
        assert browser.value(drawn) > 20  # shades
        browser.open("about:blank")
        browser.open(f"file://{file}#lang=ko&page=network&steps=2", width=390)
        browser.waits("document.querySelector('h1').textContent === '신경망'")
        assert browser.value("document.querySelector('main').scrollWidth") <= 390
        assert not browser.errors
