import subprocess
import sys

from eval.memory import peak_megabytes


def test_a_new_process_begins_without_what_its_parent_held() -> None:
    held = bytearray(200_000_000)
    mine = peak_megabytes()
    told = subprocess.run(
        [sys.executable, "-c", "from eval.memory import peak_megabytes; print(peak_megabytes())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert mine > len(held) / 1e6
    if sys.platform == "linux":
        assert float(told.stdout) < 100
