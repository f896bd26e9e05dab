"""Reads Swift source as far as the rules of the house need it: words, imports, declared types."""

import pathlib
import re

IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|typealias|func|let|var)[ \t]+)?(\w+)",
    re.MULTILINE,
)
DECLARATION = re.compile(r"\b(?:struct|class|enum|protocol|actor|typealias)\s+([A-Z]\w*)")
WORD = re.compile(r"(?<![\w.])[A-Z]\w*|(?<=\.)[A-Z]\w*")


def code(text: str) -> str:
    """The text without comments and without what string literals say.

    What is interpolated into a string stays, since it is code.
    """
    out: list[str] = []
    i, end = 0, len(text)
    # For each literal that is open around the place: its hashes, its quotes and, while one of its
    # interpolations is read, how many parentheses are open in that.
    literals: list[list] = []
    while i < end:
        if literals and literals[-1][2] == 0:
            hashes, quotes, _ = literals[-1]
            if text.startswith(quotes + hashes, i):
                literals.pop()
                i += len(quotes) + len(hashes)
                out.append(" ")
            elif text.startswith("\\" + hashes + "(", i):
                literals[-1][2] = 1
                i += len(hashes) + 2
                out.append(" (")
            elif text[i] == "\\" and not hashes:
                i += 2
            else:
                if text[i] == "\n":
                    out.append("\n")
                i += 1
            continue
        opening = re.compile(r'(#*)("""|")').match(text, i)
        if opening:
            literals.append([opening[1], opening[2], 0])
            i = opening.end()
        elif text.startswith("//", i):
            i = text.find("\n", i)
            i = end if i < 0 else i
        elif text.startswith("/*", i):
            depth, i = 1, i + 2
            while depth and i < end:
                if text.startswith("/*", i):
                    depth, i = depth + 1, i + 2
                elif text.startswith("*/", i):
                    depth, i = depth - 1, i + 2
                else:
                    i += 1
        else:
            if literals and text[i] in "()":
                literals[-1][2] += 1 if text[i] == "(" else -1
            out.append(text[i])
            i += 1
    return "".join(out)


class SourceFile:
    """One file: where it stands, what it imports, what it declares, which types it names."""

    def __init__(self, path: pathlib.Path, root: pathlib.Path):
        self.path = path
        inside = path.relative_to(root)
        #: The folder right below the target's, or "" for a file that stands in the target's own.
        self.folder = inside.parts[0] if len(inside.parts) > 1 else ""
        text = code(path.read_text(encoding="utf-8"))
        self.imports = set(IMPORT.findall(text))
        self.words = set(WORD.findall(text))
        self.declared: set[str] = set()
        self.nested: set[str] = set()
        depth = position = 0
        for mark in re.finditer(r"[{}]", text):
            self._declare(text[position : mark.start()], depth)
            depth += 1 if mark[0] == "{" else -1
            position = mark.end()
        self._declare(text[position:], depth)

    def _declare(self, text: str, depth: int) -> None:
        names = self.declared if depth == 0 else self.nested
        # A private type is the file's own: others may have one of the same name.
        for found in DECLARATION.finditer(text):
            before = text[: found.start()].rsplit("\n", 1)[-1]
            if depth == 0 and re.search(r"\b(private|fileprivate)\b", before):
                self.nested.add(found[1])
            else:
                names.add(found[1])


def read(folder: pathlib.Path) -> list[SourceFile]:
    """All Swift files below a target's folder."""
    return [SourceFile(path, folder) for path in sorted(folder.rglob("*.swift"))]
