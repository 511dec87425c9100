"""What is in the distribution."""

import subprocess
import sys
import zipfile

import pytest

from spec.__main__ import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """Every module and py.typed is there; spec, stubs, tests, docs and examples are not."""
    package = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "cross_auth").rglob("*.py")}
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert package | {"cross_auth/py.typed"} == names


def test_the_wheel_needs_pydantic_alone(wheel: zipfile.ZipFile) -> None:
    """Everything but Pydantic is an extra."""
    (metadata,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
    lines = wheel.read(metadata).decode().splitlines()
    needed = [line for line in lines if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert ["Requires-Dist: pydantic<3,>=2.11"] == needed
    assert "Name: cross-auth-sessions" in lines


def test_the_package_imports_without_an_extra() -> None:
    """Importing the package and its storages loads nothing but the standard library and Pydantic."""
    code = (
        "import sys; before = {name.partition('.')[0] for name in sys.modules}\n"
        "import cross_auth, cross_auth.storage.memory, cross_auth.storage.sqlite\n"
        "after = {name.partition('.')[0] for name in sys.modules} - before - sys.stdlib_module_names\n"
        "print(*sorted(name for name in after if not name.startswith('_')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    known = {"annotated_types", "cross_auth", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"}
    assert set(done.stdout.split()) <= known


def test_the_kit_without_its_extra_says_what_to_install() -> None:
    """Where Hypothesis is missing, importing the kit names the extra."""
    code = "import sys; sys.modules['hypothesis'] = None; import cross_auth.testing"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "cross_auth.testing needs the testing extra: pip install 'cross-auth-sessions[testing]'" in done.stderr
