"""The built wheel: page, texts and adapter under names of their own, usable in a clean folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_a_built_wheel_has_everything_under_safe_names(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, timeout=300)
    wheel = next(tmp_path.glob("chatrec-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    for name in ("chatrec_ui/app.py", "chatrec_ui/style.css", "chatrec_data/texts.jsonl", "chatrec_data/scenarios/films.yaml", "chatrec_data/pretrained/ml-100k/adapter/model.safetensors", "chatrec/cli.py"):  # fmt: skip
        assert name in names, name
    assert {name.split("/")[0] for name in names if not name.startswith("chatrec-")} == {
        "chatrec",
        "chatrec_ui",
        "chatrec_data",
    }
    assert not [name for name in names if name.endswith((".pt", ".bin", ".pkl"))], "safetensors only"
    target = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(wheel)],
        check=True,
        timeout=300,
    )
    code = "import chatrec, chatrec_data, chatrec_ui.app; print(chatrec.__file__); print((chatrec_data.ROOT / 'texts.jsonl').stat().st_size)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert str(target) in done.stdout


def test_importing_the_package_is_light():
    code = "import sys, chatrec; assert not {'torch', 'gradio', 'chromadb', 'transformers'} & set(sys.modules), 'heavy'"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
