"""Faults of commands and of fits of tables."""

from __future__ import annotations

import re
import resource
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from first_hour_fault import Fault, attempt, csv, fit, notes, process, real, sentence, unbend, verdict

import unbend as ub
from unbend.report import page
from unbend.report.where import lines

_FORK = """
import multiprocessing as mp, numpy as np, unbend as ub
def job(_):
    x = np.random.default_rng(0).normal(size=200)
    return ub.fit({"x": x, "y": x**2}, "y", budget=2, by_clock=False).verdict
job(0)
with mp.get_context("fork").Pool(1) as pool:
    print(pool.map_async(job, [1]).get(timeout=120))
"""
_LOKY = """
import cloudpickle, joblib, unbend as ub
cloudpickle.loads(cloudpickle.dumps(ub))
print(joblib.Parallel(2)(joblib.delayed(lambda i: str(ub.Formula(f"y = a*x + {i}")))(i) for i in (1, 2)))
"""
MONTH = np.arange(1, 61)


def no_utf8() -> str:
    data = csv("datasets", "mtcars")
    told = []
    for encoding in ("cp949", "cp1252", "ascii"):
        ran = process("fit", data, "-t", "mpg", "--budget", "2", "--lang", "ko" if encoding == "cp949" else "en",
                      PYTHONIOENCODING=encoding)  # fmt: skip
        told.append(f"{encoding}: exit code {ran.code}, traceback {'Traceback' in ran.err}")
    return "; ".join(told)


def titanic() -> str:
    table = real("carData", "TitanicSurvival")
    noisy = table.assign(noise=np.random.default_rng(0).normal(size=len(table)))
    return f"plain: {verdict(fit(table, 'survived'))}; with noise: {verdict(fit(noisy, 'survived'))}"


def months() -> str:
    table = {"month": MONTH, "sales": 100 + 3 * MONTH + np.random.default_rng(0).normal(0, 2, 60)}
    gaps = real("ISLR", "Auto")
    gaps.insert(0, "rownames", np.arange(1, len(gaps) + 1) + (np.arange(len(gaps)) > 32))
    return (
        f"{verdict(fit(table, 'sales'))}; with time: {verdict(fit(table, 'sales', time='month'))}; "
        f"rownames of Auto: {notes(fit(gaps, 'mpg', budget=3), 'rownames')}"
    )


def wide() -> str:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 2000))
    return verdict(fit({**{f"x{i}": x[:, i] for i in range(2000)}, "y": x[:, 7] + rng.normal(size=300)}, "y"))


def cut() -> str:
    told = []
    for package, name, target, budget in (
        ("datasets", "quakes", "stations", 0.02),
        ("datasets", "ChickWeight", "weight", 0.02),
        ("datasets", "iris", "Species", 0.02),
    ):
        result = fit(real(package, name), target, budget=budget)
        told.append(f"{name}, budget {budget:g}: {verdict(result)}")
    return "; ".join(told)


def back() -> str:
    table = real("datasets", "mtcars")
    fit(table, "mpg", budget=2).save("c1/model.safetensors")
    return f"`ub.load('c1').predict(table)[:2]` = {ub.load('c1').predict(table)[:2].round(2)}"


def budgets() -> str:
    result = ub.fit(real("ISLR", "Wage").drop(columns="logwage"), "wage", budget=0.3)
    again = unbend("fit", csv("datasets", "mtcars"), "-t", "mpg", "--budget", "8,960", "--json")
    return (
        f"{sentence(result)} Notes: {notes(result, 'budget', 'minibatches')}. `--budget 8,960`: exit code {again.code}"
    )


def classes_on_many_threads() -> str:
    """Processor time and wall time of a small classification."""
    table = real("carData", "TitanicSurvival")
    fit(table, "survived", budget=1)
    times = []
    for _ in range(2):
        start, cpu = time.monotonic(), time.process_time()
        fit(table, "survived", budget=1)
        times.append((time.process_time() - cpu, time.monotonic() - start))
    cpu_s, wall = min(times)
    return f"Titanic, budget 1: {cpu_s:.1f} s CPU, {wall:.1f} s wall"


def floor_of_time() -> str:
    data = csv("MASS", "Boston")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process("fit", data, "-t", "medv", "--budget", "0.01")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{cpu:.1f} s CPU, {time.monotonic() - start:.1f} s wall, start of Python and drawing of the report included"


def readme() -> str:
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    return text[text.index("## In Python") : text.index("```python", text.index("## In Python"))].strip()


def dust() -> str:
    return unbend("fit", csv("datasets", "mtcars"), "-t", "mpg").find(r"gain of the network.*?\]")


def signs() -> str:
    return sentence(fit(real("datasets", "airquality").dropna(subset=["Ozone"]), "Ozone"))


def formulas() -> str:
    told = []
    for package, name, target in (("ISLR", "Credit", "Balance"), ("datasets", "quakes", "stations")):
        result = fit(real(package, name), target)
        told.append(f"{name}: " + "; ".join(text.strip() for text in lines(result)[1:]))
    return " ".join(told)


def pairs() -> str:
    return lines(fit(real("MASS", "Boston"), "medv", budget=20))[0]


def money() -> str:
    rng = np.random.default_rng(0)
    size = rng.uniform(20, 120, 120)
    table = {"size": size, "rate": [f"{v:.1f}%" for v in rng.uniform(20, 80, 120)],
             "fee": [f"{v:,.0f}원" for v in rng.uniform(1e4, 9e4, 120)],
             "price": [f"${v:,.0f}" for v in 40_000 + 1_000 * size]}  # fmt: skip
    result = fit(table, "price", budget=2)
    kinds = {c.name: c.kind for c in result.problem.columns}
    return f"task {result.task}; columns {kinds}; {notes(result, 'fee', 'rate', 'price')}"


def dates() -> str:
    days = pd.date_range("2020-01-01", periods=400)
    weekend = (days.day_of_week >= 5).astype(float)
    rng = np.random.default_rng(0)
    told = []
    for form in ("%d-%b-%Y", "%B %d, %Y", "%Y%m%d", "%Y년 %m월 %d일", "%Y-%m"):
        table = {"date": days.strftime(form), "x": rng.normal(size=400), "y": 5 * weekend + rng.normal(size=400)}
        result = fit(table, "y", budget=2)
        told.append(f"{table['date'][0]}: {result.problem.columns[0].kind}")
    table = {"date": days, "y": 5 * weekend + rng.normal(size=400)}
    result = fit(table, "y")
    return f"{'; '.join(told)}. Weekends in a date alone: {verdict(result)}; {notes(result, 'weekday')}"


def thousands() -> str:
    return unbend("fit", csv("AER", "HousePrices"), "-t", "price", "--budget", "5").find(r"RMSE [^ ]+")


def explained() -> str:
    unbend("fit", csv("datasets", "iris"), "-t", "Species", "--budget", "3", "-o", "iris")
    return unbend("explain", "iris", "--row", "1").text[:330]


def small_export() -> str:
    fit("concrete", "strength", budget=20).save("c/model.safetensors")
    model = ub.load("c")
    sizes = []
    for name in ("big.c", "big.onnx"):
        ub.export(model, name)
        sizes.append(f"{name.partition('.')[2]} {Path(name).stat().st_size / 1e6:.2f} MB")
    small = unbend("export", "c", "--to", "c", "--small", "--data", "concrete", "-o", "small.c")
    size = Path("small.c").stat().st_size / 1e3 if Path("small.c").exists() else float("nan")
    return f"{', '.join(sizes)}; with --small: {size:.0f} kB of C; {small.last}"


def chicks() -> str:
    table = real("datasets", "ChickWeight")
    alone, grouped = fit(table, "weight"), fit(table, "weight", group="Chick")
    return f"{verdict(alone)}; {notes(alone, 'Chick')}. With --group Chick: {verdict(grouped)}"


def odd_frames() -> str:
    x = np.linspace(0, 1, 60)
    frame = pd.DataFrame({"s": pd.arrays.SparseArray(np.where(x > 0.5, x, 0)), "y": 2 * x})
    mixed = pd.DataFrame({1: x, "y": 2 * x})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        told = [attempt(lambda: fit(frame, "y", budget=1)), attempt(lambda: fit(pd.Series(x), "y", budget=1)),
                attempt(lambda: fit({"x": x, "b": 1e300 * x, "y": 2 * x}, "y", budget=1)),
                attempt(lambda: fit(mixed, "y", budget=1))]  # fmt: skip
    return "; ".join(told) + f"; warnings: {len(caught)}"


def printed() -> str:
    return f"`{fit(real('datasets', 'quakes'), 'stations', budget=0.02)}`; `progress=True` shows a line"


def views() -> str:
    x = np.array([0.5, -1.0])
    net = ub.Network([ub.Dense(2, 4, "relu"), ub.Dense(4, 1)], seed=0)
    shown = {
        "linearity": ub.Formula("y = a*x + b").linearity,
        "check_axioms": ub.check_axioms(ub.spaces["positive reals"]),
        "explain": ub.explain(net, x),
        "local_map": ub.local_map(net, x),
    }
    return ", ".join(f"{name}: {len(value._repr_html_())} characters of HTML" for name, value in shown.items())


def report_of_a_cut_run() -> str:
    result = ub.fit(real("modeldata", "hpc_data"), "class", budget=0.1)
    html = page(result)
    top = re.sub("<svg.*?</svg>", "", html[: html.index("</section>")], flags=re.S)
    cut_note = "minibatches" in top or "budget" in top
    classes = set(re.findall(r"probability of ([^<.,]{1,12})<", html))
    how = re.search(r"Means over[^<]*", html)
    return (
        f"the top says that it was cut: {cut_note}; panels show: {sorted(classes)[:4]}; {how.group(0) if how else ''}"
    )


def fraud() -> str:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4000, 3))
    fraudulent = rng.uniform(size=4000) < 1 / (1 + np.exp(7 - 2 * x[:, 0]))
    pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "fraud": np.where(fraudulent, "yes", "no")}).to_csv(
        "fraud.csv", index=False
    )
    return unbend("fit", "fraud.csv", "-t", "fraud", "--budget", "4").find(
        r"\S+ \([\d.]+.%.of the rows\).*?(?:right|of them)\."
    )


def plurals() -> str:
    x = np.linspace(0, 1, 60)
    pd.DataFrame({"x": x, "y": 2 * x}).to_csv("a.csv", index=False)
    pd.DataFrame({"x": [0.5]}).to_csv("one.csv", index=False)
    unbend("fit", "a.csv", "-t", "y", "--budget", "1", "-o", "r")
    return unbend("predict", "r", "one.csv", "-o", "p.csv").last


def addresses() -> str:
    url = unbend("fit", "https://example.com/a.csv", "-t", "y").last
    x = np.linspace(0, 1, 60)
    pd.DataFrame({"x": x, "y": 2 * x}).to_csv("a.csv", index=False)
    piped = process(
        code="import subprocess,sys;p=subprocess.run([sys.executable,'-m','unbend','fit','-','-t','y','--budget','1'],"
        "stdin=open('a.csv'));sys.exit(p.returncode)"
    )
    return f"{url}; `-`: exit code {piped.code}"


def headers() -> str:
    rng = np.random.default_rng(0)
    rows = "\n".join(",".join(f"{v:.3f}" for v in row) for row in rng.integers(1, 4, (40, 4)))
    Path("nohead.csv").write_text(rows)
    Path("title.csv").write_text("Sales of 2024\nprinted on Monday\n\na,b,c,y\n" + rows)
    return f"{unbend('fit', 'nohead.csv').last}; titled: {unbend('fit', 'title.csv', '-t', 'y', '--budget', '1').code}"


def bad_cells() -> str:
    days = pd.date_range("2020-01-01", periods=80)
    table = pd.DataFrame({"day": days, "n": np.arange(80) * 1.5 % 7, "y": np.arange(80.0) ** 1.1})
    table.to_csv("d.csv", index=False)
    unbend("fit", "d.csv", "-t", "y", "--budget", "1", "-o", "r")
    Path("bad1.csv").write_text("day,n\nnot a date,1\n")
    Path("bad2.csv").write_text("day,n\n2020-01-01,what\n")
    Path("few.csv").write_text("day,n\n2020-01-01,<5\n2020-01-02,1\n2020-01-03,2\n")
    few = unbend("predict", "r", "few.csv", "--flag")
    told = f"{unbend('predict', 'r', 'bad1.csv').last}; {unbend('predict', 'r', 'bad2.csv').last}"
    return f"{told}; one of three: {few.err.strip().splitlines()[0]} {few.out.splitlines()[:2]}"


def helps() -> str:
    return f"-h: exit code {unbend('-h').code}; help: exit code {unbend('help').code}; {unbend('fti').last}"


def line_ends() -> str:
    ran = process("fit", csv("datasets", "quakes"), "-t", "stations", "--budget", "1", COLUMNS="80")
    torn = re.findall(r"\d\n\s*%|--\n", ran.out + ran.err)
    return f"torn numbers or options in {len((ran.out + ran.err).splitlines())} lines: {len(torn)}"


def slips() -> str:
    return f"{unbend('check', 'y = ax + b').last}; {unbend('check', 'y = a*Sepal.Length').last}"


def unknown_values() -> str:
    given = unbend("axioms", "--field", "complex").last
    return f"{given}; {unbend('bench', '--only', 'nothing').last}"


def targets() -> str:
    shown = unbend("export", "--help").text
    every = ("onnx", "c", "js", "json", "python", "sql", "excel", "torch", "safetensors")
    return f"in the help: {', '.join(t for t in every if t in shown)}"


def unwritable() -> str:
    data, start = csv("modeldata", "concrete"), time.monotonic()
    ran = unbend("fit", data, "-t", "compressive_strength", "-o", "/proc/x")
    return f"{ran.last} after {time.monotonic() - start:.1f} s"


def public() -> str:
    return f"foreign names in dir(ub): {sorted({'Any', 'ModuleType', 'import_module', 'sys'} & set(dir(ub)))}"


def documented() -> str:
    text = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
    return "docs/settings.md names " + ", ".join(w for w in ("UNBEND_THREADS", "UNBEND_CACHE", "by_clock") if w in text)


def left_out() -> str:
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    colour = np.where(rng.uniform(size=200) < 0.1, None, rng.choice(["red", "blue"], 200))
    return notes(fit({"x": x, "colour": colour, "y": x}, "y", budget=1), "colour", "median")


def prefer() -> str:
    result = ub.fit(real("nycflights13", "flights").head(60000).dropna(), "arr_delay", budget=0.5)
    return f"{sentence(result)} ({verdict(result)})"


def keys() -> str:
    told = fit(real("datasets", "mtcars"), "mpg", budget=2).to_json()
    wanted = ("columns_used", "inputs", "coefficients", "folds", "column_list", "losses")
    return f"keys: {', '.join(told)}; of {wanted}: {[k for k in wanted if k in told]}"


TABLES = (
    Fault("F1", "a fit, then a fit in a forked child", "the child hangs for ever", lambda: process(code=_FORK).last),
    Fault("F2", "`cloudpickle.dumps(ub)`; a lambda that uses `ub` through joblib (loky)", "PicklingError",
          lambda: process(code=_LOKY).last),
    Fault("F3", "`PYTHONIOENCODING=cp949` (cp1252, ascii) `unbend fit mtcars.csv -t mpg`",
          "UnicodeEncodeError after the whole fit", no_utf8),
    Fault("F4", "TitanicSurvival; the same with a column of noise",
          "plain: *Straight is enough*, log loss 0.5275, \"875 copies\"; with noise *Cannot tell*, 0.4736", titanic),
    Fault("F5", "months 1 to 60 with a trend; with `--time month`; row names with gaps",
          "*Nothing to learn*, month left out, also with --time; rownames an input", months),
    Fault("F6", "300 rows, 2,000 columns, one of them with r = 0.7", "*Nothing to learn*, R² 0.03", wide),
    Fault("F7", "quakes, ChickWeight and iris with a budget of a few minibatches", "*Straight is enough*, all three",
          cut),
    Fault("F8", "sleepstudy, `--group Subject`", "\"neither … better than a constant\" beside R² 0.27",
          lambda: sentence(fit(real("lme4", "sleepstudy"), "Reaction", group="Subject"))),
    Fault("F9", "`ub.load(folder)` of a fitted table", "\"there is no model file\"", back),
    Fault("F10, F11", "a budget too small; its suggestion pasted back",
          "`--budget 8,960` refused; \"about 40 s would do\" to a budget of 60; \"after 0 epochs\"", budgets),
    Fault("F12", "classes on a machine with several BLAS threads", "twice the CPU time, up to 5 times the wall time",
          classes_on_many_threads),
    Fault("F13", "Boston, `--budget 0.01`", "5 s idle, 20 to 58 s on a busy machine", floor_of_time),
    Fault("F14", "README's first Python block after README's install", "No module named 'sklearn', said nowhere before",
          readme),
    Fault("F15", "mtcars: the printed gain", "2.22e−14 % … [−6.73e−14 %, 1.01e−13 %]", dust),
    Fault("F16", "the sentence of *Cannot tell* (airquality)", "\"change … by anything from −435 % to 100 %\"", signs),
    Fault("F17", "suggested formulas: Credit, quakes",
          "Credit: a formula that gets −98.8 % of the way; quakes: sin(2.62\\*mag − 1.3); no fitted values", formulas),
    Fault("F18", "Boston: pairs", "each pair told twice", pairs),
    Fault("F19", "\"$42,000\", \"42,000원\", \"58.5%\"", "an error about classes; categories", money),
    Fault("F20", "dates in five forms; a weekday's effect", "categories of 413 levels; no calendar", dates),
    Fault("F21", "numbers above 10,000 (HousePrices)", "RMSE 2.71e+04", thousands),
    Fault("F22", "`unbend explain` of three classes", "columns of numbers without headers", explained),
    Fault("F23", "export of concrete", "3.7 MB of C, 3.0 MB of ONNX", small_export),
    Fault("F24", "ChickWeight without `--group`", "*Bends pay*, 77 %, no hint; with --group *Cannot tell*", chicks),
    Fault("F25", "sparse column, Series, 1e300, mixed column names", "TypeError, ArrowInvalid, two kinds of warnings",
          odd_frames),
    Fault("F26", "a cut result, printed", "nothing says that it was cut; no progress in Python", printed),
    Fault("F27", "notebook views", "`<… object at 0x…>`", views),
    Fault("F28", "the report of a cut run (hpc_data)",
          "the top silent; rows never judged counted; panels of different classes", report_of_a_cut_run),
    Fault("F29", "a class of 1 %", "accuracy only", fraud),
    Fault("F30", "one prediction", "\"1 predictions written\"", plurals),
    Fault("F31", "an address; standard input", "\"no file https:/example.com\"; \"no file -\"", addresses),
    Fault("F32", "no header; lines above the header", "\"'1' stands in columns 4, 11\"; refused", headers),
    Fault("F33", "`predict`: bad date, bad number", "\"row 1\" for dates, \"line 5\" for numbers", bad_cells),
    Fault("F34", "`unbend -h`, `unbend help`, `unbend fti`", "unknown", helps),
    Fault("F35", "lines of 80 characters", "\"88.5 / %\", \"-- / time\"", line_ends),
    Fault("F36", "`check \"y = ax + b\"`, `check \"y = a*Sepal.Length\"`", "no hint; \"'.' has no meaning\"", slips),
    Fault("F37", "`axioms --field complex`, `bench --only nothing`", "ignored, exit code 0", unknown_values),
    Fault("F38", "`export --help`", "torch and safetensors missing", targets),
    Fault("F39", "`fit --out /proc/x`", "fails after 40 s of fitting", unwritable),
    Fault("F40", "`dir(ub)`", "Any, ModuleType, import_module, sys", public),
    Fault("F41", "environment variables", "undocumented", documented),
    Fault("F42", "a category with missing cells", "\"Numbers are filled with the median\"", left_out),
    Fault("F43", "flights, cut short", "\"Until then prefer the straight model\" at a gain of 68 % [59, 90]", prefer),
    Fault("F44", "`fit --json`", "no columns, coefficients, scores per fold", keys),
)  # fmt: skip
