"""Chromium and Chinese letters for the browser tests: found, or brought from Debian where we may."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PLACES = ("/usr/bin", "/snap/bin", "/Applications/Chromium.app/Contents/MacOS", "/Applications/Google Chrome.app/Contents/MacOS")


def find() -> str | None:
    """Path of a Chromium; ZUKE_CHROMIUM names one that lies elsewhere."""
    if named := os.environ.get("ZUKE_CHROMIUM"):
        return shutil.which(named)
    names = (*NAMES, "Chromium", "Google Chrome")
    return next((found for name in names for found in [shutil.which(name, path=_everywhere())] if found), None)


def has_chinese() -> bool:
    """Are there letters to write Chinese with? Without them every screenshot shows boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False).stdout.strip())


def bring() -> str | None:
    """Find a Chromium, installing what is missing where that is possible; None when there is none afterwards."""
    wanted = ([] if find() else ["chromium"]) + ([] if has_chinese() else ["fonts-noto-cjk", "fontconfig"])
    if wanted and (installer := _installer()):
        print(f"Installing {', '.join(wanted)} ...", flush=True)
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *wanted]):
            done = subprocess.run([*installer, *step], env=os.environ | quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"  apt-get {step[0]} failed: {done.stderr.strip()[-500:]}", file=sys.stderr)
    return find()


def _installer() -> list[str] | None:
    apt = shutil.which("apt-get")
    if not apt:
        return None
    if os.geteuid() == 0:
        return [apt]
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "--preserve-env=DEBIAN_FRONTEND", apt]
    return None


def _everywhere() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
