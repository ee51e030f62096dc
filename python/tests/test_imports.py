"""The package needs nothing but Python itself."""

import subprocess
import sys

IMPORTING = """
import importlib, pkgutil, sys

class OnlyPython:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top != "chirrup" and top not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"{name} is not a module of Python")

sys.meta_path.insert(0, OnlyPython())
import chirrup
names = [each.name for each in pkgutil.walk_packages(chirrup.__path__, "chirrup.")]
for name in names:
    # The first is the command, and the second is imported by pytest.
    if name not in ("chirrup.__main__", "chirrup._pytest_plugin"):
        importlib.import_module(name)
print(len(names))
"""


def test_every_module_is_imported_without_other_packages():
    imported = subprocess.run([sys.executable, "-c", IMPORTING], capture_output=True, text=True)
    assert imported.returncode == 0, imported.stderr
    assert int(imported.stdout) > 50
