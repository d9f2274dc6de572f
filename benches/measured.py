"""What the scripts here share: where things are, on what was measured, and a table's numbers."""

import datetime
import importlib.util
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CASES = HERE / "cases"
RESULTS = HERE / "results"
RELEASE = ROOT / "target" / "release"
VENV = ROOT / "target" / "others"


def in_own_environment(*packages):
    """Goes on in an environment in target/others that has these packages."""
    python = VENV / "bin" / "python"
    if Path(sys.prefix) != VENV:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        os.execv(python, [python, *sys.argv])
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        subprocess.run([python, "-m", "pip", "install", "--quiet", *missing], check=True)
        importlib.invalidate_caches()


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def machine():
    model = platform.processor() or platform.machine()
    for line in open("/proc/cpuinfo") if os.path.exists("/proc/cpuinfo") else []:
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return f"{model}, {os.cpu_count()} cores"


def commit():
    """The commit; with a + where what is measured is not quite that."""
    changed = said("git", "status", "--porcelain", "--", ".", ":!benches/results")
    return said("git", "rev-parse", "--short", "HEAD") + ("+" if changed else "")


def circumstances():
    return {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "rustc": said("rustc", "--version"),
        "commit": commit(),
    }


def number(value, digits):
    return "–" if value is None else f"{value:.{digits}f}"


def build(*packages):
    words = [word for package in packages for word in ("-p", package)]
    subprocess.run(["cargo", "build", "--release", *words], cwd=ROOT, check=True)
