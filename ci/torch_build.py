"""Which build of torch: CUDA where there is an NVIDIA GPU, else one without its gigabytes."""

import platform
import shutil
import subprocess
from pathlib import Path

from console import Stop, quiet_environment, say
from pip_install import pip_install, what_pip_would_take


def has_nvidia_gpu() -> bool:
    """Whether the driver lists a GPU."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return False
    listing = subprocess.run([tool, "-L"], capture_output=True, text=True, errors="replace")
    return listing.returncode == 0 and "GPU " in listing.stdout


def install_torch(python: Path, version: str):
    """Install torch `version` in the build that suits this machine, and say which."""
    present = _installed(python)
    gpu = has_nvidia_gpu()
    if present.split("+")[0] == version and not (gpu and present.endswith("+cpu")):
        return say(f"   torch {present} is there")
    if gpu:
        return _install_cuda_build(python, version)
    if platform.system() != "Linux":
        say(f"   torch {version}: the usual build, which has no CUDA on this system")
        return pip_install(python, f"torch=={version}")
    return _install_cpu_build(python, version)


def _install_cuda_build(python: Path, version: str):
    exactly = f"torch==={version}"  # leaves out 2.13.0+cpu, which == would let in
    if what_pip_would_take(python, exactly):
        say(f"   torch {version}: with CUDA, for the NVIDIA GPU (several GB)")
        return pip_install(python, "--upgrade", exactly)
    say(f"   torch {version}: your package sources hold no CUDA build; the GPU will stay unused")
    return pip_install(python, f"torch=={version}")


def _install_cpu_build(python: Path, version: str):
    requirement = f"torch=={version}"
    if "+cpu" in (what_pip_would_take(python, requirement) or ""):
        say(f"   torch {version}: CPU build, from your package sources")
        return pip_install(python, requirement)
    if _install_with_uv(python, requirement):
        return say(f"   torch {version}: CPU build, found by uv")
    say(f"   torch {version}: no CPU build within reach; the usual one brings several GB of CUDA")
    return pip_install(python, requirement)


def _install_with_uv(python: Path, requirement: str) -> bool:
    """uv knows where torch's CPU builds are kept; False where it can't reach them."""
    try:
        pip_install(python, "uv")
    except Stop:
        return False
    command = [str(python), "-m", "uv", "pip", "install", "--python", str(python)]
    command += ["--torch-backend", "cpu", requirement]
    return subprocess.run(command, capture_output=True, env=quiet_environment()).returncode == 0


def _installed(python: Path) -> str:
    """The version of torch that is installed, or an empty text."""
    code = "from importlib.metadata import version; print(version('torch'))"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""
