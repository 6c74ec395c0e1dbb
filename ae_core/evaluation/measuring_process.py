"""What a process does that measures for the server: it calls functions, without libraries that they do not need."""

import functools
import gc
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from typing import Any

from ae_core.data.datasets import mnist
from ae_core.system.child_process import ChildProcess
from ae_core.system.memory_and_priority import give_back
from ae_core.system.resources import MIB, memory_left

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

NEEDED = 176 * MIB  # memory that has to be left for a measurement: the largest need 125, and others grow meanwhile
AMPLE = 224 * MIB  # with less left, nothing is kept for the next one
BEHIND = 10  # steps that measuring stands back behind answers to visitors: more than training, which is watched
LIMIT = 600.0  # seconds of the processor's time for one; a study of the largest network takes 16


def measuring_process() -> ChildProcess:
    """A process of its own that measures."""
    return ChildProcess(result_there, BEHIND, "measuring", LIMIT)


def make_room() -> None:
    """Where memory is short, let go of what is kept. Raises MemoryError where that is not enough for a measurement."""
    if is_short():
        clear_caches()
        if memory_left() < NEEDED:
            raise MemoryError("too little memory is left")


def is_short() -> bool:
    """Whether there is so little memory left that nothing should be kept for the next measurement."""
    return memory_left() < AMPLE


def result_of(call: Call) -> Any:
    """What a function gives; what it needed goes back to the system."""
    function, args, kwargs = call
    try:
        return function(*args, **kwargs)
    finally:
        del args, kwargs
        give_back()


def result_there(call: Call) -> Any:
    """As `result_of`, in a process that measures."""
    if not isinstance(sys.meta_path[0], _NoPandas):
        sys.meta_path.insert(0, _NoPandas())
    return result_of(call)


def clear_caches() -> None:
    """Let go of what functions keep for their next call. The digits stay: all processes share them."""
    for function in functions_that_keep():
        if function is not mnist:
            function.cache_clear()
    gc.collect()
    give_back()


def functions_that_keep() -> "list[functools._lru_cache_wrapper[Any]]":
    """Our functions that keep results for their next call. A script may import something at the same time."""
    ours = [module for name, module in list(sys.modules.items()) if name.startswith("ae_core.")]
    named = [value for module in ours for value in list(vars(module).values())]
    return [value for value in named if isinstance(value, functools._lru_cache_wrapper)]


class _NoPandas(MetaPathFinder):
    """Finds no pandas: scikit-learn loads it wherever there is one, 60 MB, and does without where there is none."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not needed here", name=name)
