"""`KernelCompiler`, `InlinedCompiler`: Numba's compiler without the steps that kernels do not need.

Numba optimizes every function and translates it to machine code by itself before it is linked into its callers, where
it is optimized again. For functions that are only ever inlined into others that is a fifth of a kernel's compile time.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.typed_passes import NopythonRewrites


class KernelCompiler(Compiler):
    """The default compiler without its search for expressions of whole arrays: kernels work on their elements."""

    def define_pipelines(self) -> Any:
        """The passes."""
        pipelines = super().define_pipelines()
        for pipeline in pipelines:
            pipeline.passes = [one for one in pipeline.passes if one[0] is not NopythonRewrites]
            pipeline.finalize()
        return pipelines


class InlinedCompiler(KernelCompiler):
    """For functions that are only inlined into others."""

    def define_pipelines(self) -> Any:
        """The passes, which fill an `InlinedLibrary`."""
        self.state.library = InlinedLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        return super().define_pipelines()


class InlinedLibrary(JITCodeLibrary):
    """A function's LLVM code to be linked into others, without machine code of its own."""

    def _optimize_final_module(self) -> None:
        """Left to the libraries of the callers."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """0: no function has an address."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Any:
        """The object that Numba then tells the function's environment: this one."""
        return self

    def set_env(self, env_name: str, env: Any) -> None:
        """Nothing: without machine code there is no variable to set."""
