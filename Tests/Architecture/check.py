#!/usr/bin/env python3
"""Holds the layout of the sources to its rules; `--figures` prints what was measured.

The rules:
- Package.swift is the map: a target declares each module that it imports, and no other. (SwiftPM's
  --explicit-target-dependency-import-check lets pass whatever a dependency depends on.)
- Some targets do without some modules altogether (FORBIDDEN).
- Folders of the targets in WITHOUT_CIRCLES use each other's types without circles.
- A type's name stands in one target only.

Circles that exist today are listed in known_circles.txt. The list only shrinks: an entry that is no
longer true is an error too.
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import swift_source

SYSTEM_CLOCKS_AND_FILES = {"Glibc", "Foundation", "FoundationEssentials", "Synchronization"}

#: Modules that come with the toolchain, which no manifest declares.
TOOLCHAIN = SYSTEM_CLOCKS_AND_FILES | {"Dispatch", "Testing", "Swift", "RegexBuilder"}

#: What a target must not import, whatever it declares.
FORBIDDEN = {
    "Vocabulary": SYSTEM_CLOCKS_AND_FILES | {"EventLoop"},
    "WebSocketProtocol": SYSTEM_CLOCKS_AND_FILES | {"EventLoop"},
    "Dashboard": {"WebSocketEngine", "EventLoop", "ControlServer", "Glibc"},
}

#: Dependencies that are built for a target and not imported by it.
BUILT_ONLY = {("EndToEndTests", "wstop")}

WITHOUT_CIRCLES = ["ControlProtocol", "Dashboard", "LoadGenerator"]

#: Uses of one folder's types by another that lie on a circle, a line each: "Target: From -> To".
KNOWN_CIRCLES = pathlib.Path(__file__).parent / "known_circles.txt"


class Package:
    """The targets of a package with their files and what they declare."""

    def __init__(self, root: pathlib.Path, manifest: dict):
        self.files: dict[str, list[swift_source.SourceFile]] = {}
        self.declared: dict[str, set[str]] = {}
        self.tests: set[str] = set()
        for target in manifest["targets"]:
            name = target["name"]
            is_test = target["type"] == "test"
            path = target.get("path") or f"{'Tests' if is_test else 'Sources'}/{name}"
            self.files[name] = swift_source.read(root / path)
            self.declared[name] = {
                (one.get("byName") or one.get("product") or one.get("target"))[0]
                for one in target["dependencies"]
            }
            if is_test or path.startswith("Tests/"):
                self.tests.add(name)

    @staticmethod
    def load(root: pathlib.Path) -> "Package":
        dump = subprocess.run(
            ["swift", "package", "dump-package"],
            cwd=root, check=True, stdout=subprocess.PIPE,
        )
        return Package(root, json.loads(dump.stdout))


def import_faults(package: Package) -> list[str]:
    faults = []
    for target, files in package.files.items():
        imported = set()
        for file in files:
            imported |= file.imports
            for module in sorted(file.imports & FORBIDDEN.get(target, set())):
                faults.append(f"{file.path}: {target} must not import {module}")
        if not files:
            continue
        declared = package.declared[target]
        for module in sorted(imported - declared - TOOLCHAIN - {target}):
            faults.append(f"Package.swift: {target} imports {module} and does not declare it")
        for module in sorted(declared - imported):
            if (target, module) not in BUILT_ONLY:
                faults.append(f"Package.swift: {target} declares {module} and does not import it")
    return faults


def folder_uses(files: list[swift_source.SourceFile]) -> dict[tuple[str, str], set[str]]:
    """Which types of which folder each folder uses: (from, to) with the names of the types."""
    home: dict[str, str] = {}
    for file in files:
        for name in file.declared:
            home[name] = file.folder
    uses: dict[tuple[str, str], set[str]] = {}
    for file in files:
        for name in file.words - file.nested:
            if name in home and home[name] != file.folder:
                uses.setdefault((file.folder, home[name]), set()).add(name)
    return uses


def circular(edges) -> set[tuple[str, str]]:
    """The edges that lie on a circle: from their end there is a way back to their beginning."""
    following: dict[str, set[str]] = {}
    for start, end in edges:
        following.setdefault(start, set()).add(end)

    def reachable(start: str) -> set[str]:
        found, waiting = set(), [start]
        while waiting:
            for one in following.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    ways = {start: reachable(start) for start in following}
    return {(start, end) for start, end in edges if start in ways.get(end, ())}


def circle_faults(
    package: Package, known: set[str] | None = None, targets: list[str] | None = None
) -> list[str]:
    if known is None:
        lines = KNOWN_CIRCLES.read_text().splitlines()
        known = {line for line in lines if line and not line.startswith("#")}
    faults, found = [], set()
    for target in WITHOUT_CIRCLES if targets is None else targets:
        uses = folder_uses(package.files[target])
        for start, end in sorted(circular(uses)):
            label = f"{target}: {start or '.'} -> {end or '.'}"
            found.add(label)
            if label not in known:
                faults.append(f"circle of folders, {label} by {', '.join(sorted(uses[start, end]))}")
    for label in sorted(known - found):
        faults.append(f"{label} is on no circle any more: take it out of known_circles.txt")
    return faults


def twin_faults(package: Package) -> list[str]:
    homes: dict[str, set[str]] = {}
    for target, files in package.files.items():
        if target in package.tests:
            continue
        for file in files:
            for name in file.declared:
                homes.setdefault(name, set()).add(target)
    return [
        f"the type {name} stands in {' and '.join(sorted(targets))}"
        for name, targets in sorted(homes.items())
        if len(targets) > 1
    ]


def fan_in(files: list[swift_source.SourceFile]) -> dict[str, int]:
    """How many other files of the target name each of its types."""
    counts = {name: 0 for file in files for name in file.declared}
    for file in files:
        for name in (file.words & counts.keys()) - file.declared - file.nested:
            counts[name] += 1
    return counts


def print_figures(package: Package) -> None:
    for target, files in package.files.items():
        if target in package.tests or not files:
            continue
        uses = folder_uses(files)
        counts = sorted(fan_in(files).items(), key=lambda item: (-item[1], item[0]))
        most = ", ".join(f"{name} {count}" for name, count in counts[:6])
        print(
            f"{target}: {len(files)} files, {len({file.folder for file in files})} folders, "
            f"{len(uses)} uses between folders, {len(circular(uses))} of them on circles; {most}"
        )
        if target in WITHOUT_CIRCLES:
            for start, end in sorted(uses):
                print(f"  {start or '.'} -> {end or '.'}: {', '.join(sorted(uses[start, end]))}")


def main() -> int:
    package = Package.load(pathlib.Path(__file__).resolve().parents[2])
    if "--figures" in sys.argv[1:]:
        print_figures(package)
    faults = import_faults(package) + circle_faults(package) + twin_faults(package)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
