"""Shared code of compare and footprint: a description of the machine, tables, and the page that contains them."""

import os
import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUSY = 0.25  # processors that other programs keep busy; above it, a time is not reliable


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def machine():
    cpu = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", cpu)
    vectors = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in cpu), "no AVX")
    compiler = output_of(os.environ.get("CXX", "c++"), "--version").splitlines()[0]
    commit = output_of("git", "describe", "--always", "--dirty").strip()
    name = model.group(1) if model else os.uname().machine
    return (f"{name} ({vectors}), {len(os.sched_getaffinity(0))} processors; {compiler};\n"
            f"xeras at {commit}; {time.strftime('%Y-%m-%d')}")


def build(folder, *targets):
    subprocess.run(["cmake", "--preset", "release", "-B", folder, "-DXERAS_BUILD_BENCHMARKS=ON"], check=True,
                   cwd=ROOT, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--target", *targets], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def milliseconds(ms):
    for least, factor, unit in ((1000, 1e-3, "s"), (0.1, 1, "ms"), (0, 1000, "us")):
        if ms >= least:
            value = ms * factor
            return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def verdict(goal, is_met, others):
    return goal + (", not judged: busy" if others > BUSY else "" if is_met else ", missed")


def put(page, name, text):
    """Replaces the lines of the page between <!-- begin NAME --> and <!-- end NAME -->."""
    path = Path(page)
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->\n"
    head, found, rest = path.read_text().partition(begin)
    _, found_end, tail = rest.partition(end)
    if not (found and found_end):
        raise SystemExit(f"{page}: no lines \"{begin.strip()}\" and \"{end.strip()}\"; expected them around the table")
    path.write_text(head + begin + "\n" + text.strip() + "\n\n" + end + tail)
