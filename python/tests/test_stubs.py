"""The stubs: they are current, and type checkers accept them in strict mode."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import chirrup
import pytest

PYTHON = Path(__file__).parent.parent
PACKAGE = PYTHON / "chirrup"
SOURCES = [path for path in PACKAGE.glob("*.py") if not path.with_suffix(".pyi").exists()]
FOLDERS = [PACKAGE / name for name in ("_dropins", "tweepy", "twython", "twitter", "pytweet")]
DROP_INS = [
    path
    for folder in FOLDERS
    for path in (*sorted(folder.rglob("*.py")), *sorted(folder.rglob("*.pyi")))
    if path.suffix == ".pyi" or not path.with_suffix(".pyi").exists()
]
PROGRAMS = [PYTHON / "tests" / name for name in ("typed_program.py", "typed_dropins.py")]
CHECKED = [str(path) for path in (*SOURCES, *PACKAGE.glob("*.pyi"), *DROP_INS, *PROGRAMS)]
PYRIGHT = ["--pythonpath", sys.executable, "--project"]


def test_stubs_are_current():
    spec = importlib.util.spec_from_file_location("generate_stubs", PYTHON / "stubs" / "generate.py")
    generate_stubs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate_stubs)
    for name, text in generate_stubs.stubs().items():
        assert (PACKAGE / name).read_text() == text, "run `python python/stubs/generate.py`"


def test_stubs_have_every_public_name():
    stub = (PYTHON / "chirrup" / "_native.pyi").read_text()
    for name in ("Client", "Object", "List", "Response", "Stream", "LineStream", "RawResponse", "Sandbox", "Headers"):
        found = getattr(chirrup, name)
        text = (PYTHON / "chirrup" / "client.pyi").read_text() if name == "Client" else stub
        missing = [each for each in vars(found) if not each.startswith("_") and f"def {each}(" not in text]
        methods = (PYTHON / "chirrup" / "_endpoints.pyi").read_text() if name == "Client" else ""
        assert [each for each in missing if f"    {each}: " not in methods] == [], name


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("mypy", ["--strict", "--no-incremental"]),
        ("pyright", [*PYRIGHT, str(PYTHON / "pyrightconfig.json")]),
        # The responses of the originals have no types.
        ("pyright", [*PYRIGHT, str(PYTHON / "pyright-dropins.json")]),
    ],
)
def test_type_checkers_accept_the_package(module, words):
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    words = words + (CHECKED if module == "mypy" else [])
    checked = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, cwd=PYTHON)
    assert checked.returncode == 0, checked.stdout + checked.stderr
