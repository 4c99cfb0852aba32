"""Figures of air defence: a module a notebook."""

from importlib import import_module
from pkgutil import iter_modules


def __getattr__(name):  # only while figures move to their notebook's module
    for module in iter_modules(__path__):
        found = vars(import_module(f"{__name__}.{module.name}"))
        if name in found and getattr(found[name], "__module__", "") == f"{__name__}.{module.name}":
            return found[name]
    raise AttributeError(name)
