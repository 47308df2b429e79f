"""The source of kernel files: valid Python, every slot filled, every name defined once."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from unbend.activations import activation
from unbend.engine.codegen.generate import _KERNELS, KernelSpec, distinct, kernel_text, slots_of
from unbend.network import loss, optimizer

RECORDS = distinct([activation("tanh"), activation("max(x, 0.2*x)"), activation("tanh")])
TYPES = {
    "ReadFloats",
    "ReadFloats2D",
    "ReadInts",
    "ReadInts2D",
    "ReadInts32",
    "Targets",
    "Floats",
    "Floats2D",
    "Doubles",
    "AtomicInts",
}


def definitions(text: str) -> Counter[str]:
    """How often each name is imported, assigned or defined at the top of a file."""
    names: Counter[str] = Counter()
    for node in ast.parse(text).body:
        match node:
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update(alias.asname or alias.name for alias in aliases)
            case ast.FunctionDef(name=name):
                names[name] += 1
            case ast.Assign(targets=targets):
                names.update(n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
    return names


def test_networks_with_the_same_activations_share_a_kernel():
    assert len(RECORDS) == 2 and RECORDS == distinct(RECORDS[::-1])


@pytest.mark.parametrize("kernel", list(_KERNELS))
@pytest.mark.parametrize("loss_name", ["huber", "cross_entropy"])
@pytest.mark.parametrize("optimizer_name", ["sgd", "adam"])
def test_every_slot_is_filled_and_every_name_defined_once(kernel, loss_name, optimizer_name):
    text = kernel_text(kernel, KernelSpec(RECORDS, loss(loss_name), optimizer(optimizer_name), "float32", 16))
    names = definitions(text)
    assert kernel in names and max(names.values()) == 1, names.most_common(1)
    slots = set().union(*(slots_of(module) for module in _KERNELS[kernel].modules))
    unused = {"elementwise_loss"} if loss_name == "cross_entropy" else set()
    assert slots - TYPES - names.keys() <= unused


def test_constants_of_kernel_modules_are_copied():
    text = kernel_text("train_small", KernelSpec(RECORDS, loss("huber"), optimizer("adam"), "float32", 16))
    assert "\nTILE_COUNT = 8" in text and "BETA1, BETA2 = (0.9, 0.999)" in text


@pytest.mark.parametrize(("optimizer_name", "update"), [("sgd", "already_updated"), ("adam", "optimizer_step")])
@pytest.mark.parametrize(("loss_name", "function"), [("huber", "elementwise_loss"), ("cross_entropy", "cross_entropy")])
def test_aliases_follow_loss_and_optimizer(optimizer_name, update, loss_name, function):
    text = kernel_text("train_large", KernelSpec(RECORDS, loss(loss_name), optimizer(optimizer_name), "float32", 16))
    assert f"\nupdate_weights = {update}\n" in text
    assert f"\nloss_and_deltas = {function}_and_deltas\n" in text
