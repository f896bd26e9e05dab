#!/usr/bin/env python3
"""Makes a screenshot of the running program: an SVG that shows what a terminal shows.

It runs `wstop demo` in a terminal of tmux that nobody sees, waits a moment, presses keys, reads
the screen with its colours, and draws it. Nothing but Python's standard library, tmux and the
built program is needed:

    swift build -c release --product wstop
    assets/screenshot.py --all assets
    assets/screenshot.py sessions.svg
    assets/screenshot.py --size 100x30 --keys 2 traffic.svg
    assets/screenshot.py --keys Down,Down,Enter details.svg

With `--all` it makes one of each screen and dialog in a directory, all from one run of the demo; the
table `SCREENS` says how to get to each. The keys are tmux's names of them, separated by commas:
`Enter`, `Escape`, `Space`, `F6`, `C-u`, or a letter. The demo ends with the script. Letters are
placed by their columns, so that they line up in any font. Lines, blocks, braille and marks are drawn
as shapes: they meet, and stand in their columns whatever fonts a renderer has.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import unicodedata
from html import escape
from pathlib import Path

CELL_WIDTH = 8.4
CELL_HEIGHT = 18
FONT_SIZE = 14
BASELINE = 13.5
PADDING = 14

FOREGROUND = "#d6dbe3"
BACKGROUND = "#10141b"
# The same for a terminal with a light background.
LIGHT = ("#1d232b", "#fbfbf8")
LIGHT_COLOURS = [
    "#1d232b", "#b3261e", "#1d7a34", "#8a6100", "#1f5fbf", "#8a3aa8", "#0b7285", "#fbfbf8",
]
COLOURS = [
    "#000000", "#ac2f28", "#7fd17f", "#e5c06a", "#6fa8f5", "#cf8ef0", "#5fcad6", "#d6dbe3",
    "#6b7484", "#ff8f88", "#9be39b", "#f5d68a", "#93c0ff", "#e0aeff", "#86e0ea", "#ffffff",
]
FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"

# Each screen: its file, its size, the keys that lead to it from the sessions, and those back.
SCREENS = [
    ("sessions", "120x32", "", ""),
    ("past", "120x32", "[,[,[", "Escape"),
    ("rates", "150x32", "r,-,-", "r,r"),
    ("columns", "120x36", "F2", "Escape"),
    ("filter", "100x24", "/,r,o,u,Tab,Tab", "Escape"),
    ("filter-error", "100x24", "/,i,d,l,e,>,5", "Escape"),
    ("details", "100x40", "j,j,Enter", "q,g"),
    ("send", "100x24", "m,h,e,l,l,o", "Escape"),
    ("close", "100x24", "X", "Escape"),
    ("close-filter", "100x30", "/,p,a,t,h,=,/,w,s,/,c,h,a,t,*,Enter,X,C-t", "Escape,Escape"),
    ("command", "100x24", ":,l,i,m,i,t,s,Space,s,e,t,Space,m,Tab,Tab", "Escape,Escape"),
    ("traffic", "120x32", "2", "1"),
    ("closes", "140x24", "3", "1"),
    ("limits", "120x36", "4", "1"),
    ("limit-change", "100x30", "4,Enter,C-u,6,4,K,i,B,Tab", "Escape,1"),
    ("rooms", "120x24", "5", "1"),
    ("routes", "120x24", "5,v", "v,1"),
    ("log", "120x24", "6", "1"),
    ("history", "120x24", "7", "1"),
    ("overview", "120x36", "0", "1"),
    ("groups", "120x24", "b,r", "b,b"),
    ("copy", "100x24", "y", "Escape"),
    ("tap", "120x32", "t", "q"),
    ("help", "100x40", "?", "q"),
    ("narrow", "80x24", "", ""),
    ("tiny", "20x5", "", ""),
    ("light", "120x32", "C-t", "C-t,C-t,C-t"),
    ("contrast", "120x32", "C-t,C-t,C-t", "C-t"),
]

# What each line-drawing character connects: left, right, up, down.
LINES = {
    "─": "lr", "│": "ud", "┃": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu",
    "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud",
}
# Heights of blocks in eighths, from the bottom.
BLOCKS = {character: height + 1 for height, character in enumerate("▁▂▃▄▅▆▇█")}
# The dots of braille by their bits: column from the left, row from the top.
BRAILLE = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
# Marks as lines through points of a cell that is one wide and one high: filled ones, and drawn ones.
FILLED = {
    "▸": [[(0.2, 0.3), (0.8, 0.5), (0.2, 0.7)]],
    "▲": [[(0.1, 0.7), (0.5, 0.3), (0.9, 0.7)]],
    "▼": [[(0.1, 0.35), (0.9, 0.35), (0.5, 0.75)]],
}
DRAWN = {
    "✕": [[(0.15, 0.33), (0.85, 0.67)], [(0.85, 0.33), (0.15, 0.67)]],
    "‖": [[(0.33, 0.25), (0.33, 0.75)], [(0.67, 0.25), (0.67, 0.75)]],
    "→": [[(0.05, 0.5), (0.9, 0.5)], [(0.6, 0.36), (0.9, 0.5), (0.6, 0.64)]],
}
# What tmux writes between SO and SI for line drawing.
ALTERNATE = dict(zip("qxlkmjtuwvn", "─│┌┐└┘├┤┬┴┼"))


class Style:
    """Colours and attributes of a cell."""

    def __init__(self):
        self.foreground = None
        self.background = None
        self.bold = self.dim = self.italic = self.underline = self.reverse = False

    def key(self):
        return tuple(vars(self).values())

    def copy(self):
        other = Style()
        vars(other).update(vars(self))
        return other

    def apply(self, parameters):
        """Takes the parameters of one SGR sequence."""
        numbers = [int(text or 0) for text in parameters.replace(":", ";").split(";")]
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                self.__init__()
            elif number in (1, 2, 3, 4, 7):
                name = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse"}[number]
                setattr(self, name, True)
            elif number == 22:
                self.bold = self.dim = False
            elif number in (23, 24, 27):
                setattr(self, {23: "italic", 24: "underline", 27: "reverse"}[number], False)
            elif 30 <= number <= 37:
                self.foreground = COLOURS[number - 30]
            elif 90 <= number <= 97:
                self.foreground = COLOURS[number - 82]
            elif 40 <= number <= 47:
                self.background = COLOURS[number - 40]
            elif 100 <= number <= 107:
                self.background = COLOURS[number - 92]
            elif number == 39:
                self.foreground = None
            elif number == 49:
                self.background = None
            elif number in (38, 48):
                colour, numbers = extended(numbers)
                setattr(self, "foreground" if number == 38 else "background", colour)

    def colours(self):
        """Foreground, and background or None where it is the screen's own."""
        foreground = self.foreground or FOREGROUND
        background = self.background
        if self.reverse:
            foreground, background = background or BACKGROUND, foreground
        if self.dim:
            foreground = mixed(foreground, background or BACKGROUND)
        return foreground, background


def extended(numbers):
    """A colour of 256 or of 16 million, and the parameters behind it."""
    if numbers[0] == 2:
        return "#%02x%02x%02x" % tuple(numbers[1:4]), numbers[4:]
    number = numbers[1]
    if number < 16:
        return COLOURS[number], numbers[2:]
    if number >= 232:
        return "#" + "%02x" % (8 + 10 * (number - 232)) * 3, numbers[2:]
    levels = [0, 95, 135, 175, 215, 255]
    number -= 16
    parts = (levels[number // 36], levels[number // 6 % 6], levels[number % 6])
    return "#%02x%02x%02x" % parts, numbers[2:]


def mixed(colour, other):
    """A colour, more than half of it, on another."""
    pairs = [(int(colour[at:at + 2], 16), int(other[at:at + 2], 16)) for at in (1, 3, 5)]
    return "#%02x%02x%02x" % tuple(round(0.58 * one + 0.42 * two) for one, two in pairs)


def cells(line, style):
    """The cells of a captured line: column, character, width in columns, style.

    Beside them comes the style in which the line ends: tmux tells only what changes, and the next
    line begins with it.
    """
    column = 0
    is_alternate = False
    at = 0
    found = []
    while at < len(line):
        character = line[at]
        at += 1
        if character == "\x1b":
            end = at
            while not line[end].isalpha():
                end += 1
            if line[end] == "m":
                style = style.copy()
                style.apply(line[at + 1:end])
            at = end + 1
        elif character in "\x0e\x0f":
            is_alternate = character == "\x0e"
        elif unicodedata.combining(character) and found:
            last = found[-1]
            found[-1] = (last[0], last[1] + character, last[2], last[3])
        else:
            if is_alternate:
                character = ALTERNATE.get(character, character)
            width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            found.append((column, character, width, style))
            column += width
    return found, style


def shape(character, x, y, colour):
    """A line, block, braille pattern or mark as shapes; nothing for any other character."""
    if "\u2800" <= character <= "\u28ff":
        bits = ord(character) - 0x2800
        return "".join(
            f'<circle cx="{x + CELL_WIDTH * (0.25 + 0.5 * column):.2f}" '
            f'cy="{y + CELL_HEIGHT * (0.125 + 0.25 * line):.2f}" r="1.5" fill="{colour}"/>'
            for bit, (column, line) in enumerate(BRAILLE) if bits >> bit & 1)
    if character in "●◌":
        paint = f'fill="{colour}"' if character == "●" else f'fill="none" stroke="{colour}"'
        return (
            f'<circle cx="{x + CELL_WIDTH / 2:.1f}" cy="{y + CELL_HEIGHT / 2:.1f}" r="3" {paint}/>')
    if character in FILLED or character in DRAWN:
        path = "".join(
            "M" + "L".join(
                f"{x + CELL_WIDTH * right:.1f} {y + CELL_HEIGHT * down:.1f}"
                for right, down in points)
            for points in FILLED.get(character) or DRAWN[character])
        if character in FILLED:
            return f'<path d="{path}Z" fill="{colour}"/>'
        return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.3"/>'
    if character in BLOCKS:
        height = CELL_HEIGHT * BLOCKS[character] / 8
        return (
            f'<rect x="{x:.1f}" y="{y + CELL_HEIGHT - height:.2f}" width="{CELL_WIDTH}" '
            f'height="{height:.2f}" fill="{colour}"/>')
    if character not in LINES:
        return ""
    middle_x, middle_y = x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2
    ends = {
        "l": (x, middle_y), "r": (x + CELL_WIDTH, middle_y),
        "u": (middle_x, y), "d": (middle_x, y + CELL_HEIGHT),
    }
    path = "".join(
        f"M{middle_x:.1f} {middle_y:.1f}L{ends[way][0]:.1f} {ends[way][1]:.1f}"
        for way in LINES[character])
    width = 2.4 if character == "┃" else 1.2
    return f'<path d="{path}" stroke="{colour}" stroke-width="{width}"/>'


def row(line, number, style):
    """The SVG elements of one line of the screen, and the style in which it ends."""
    backgrounds, shapes, texts = [], [], []
    y = PADDING + number * CELL_HEIGHT
    runs = []
    found, end = cells(line, style)
    for column, character, width, style in found:
        x = PADDING + column * CELL_WIDTH
        foreground, background = style.colours()
        if background:
            last = backgrounds[-1] if backgrounds else None
            if last and last[2] == background and last[0] + last[1] == column:
                last[1] += width
            else:
                backgrounds.append([column, width, background])
        drawn = shape(character, x, y, foreground)
        if drawn:
            shapes.append(drawn)
        if drawn or character == " ":
            continue
        last = runs[-1] if runs else None
        gap = column - last["end"] if last else 0
        # One blank between words stays in the run; more begin another, so that columns line up.
        if last and last["key"] == style.key() and gap <= 1:
            last["text"] += " " * gap + character
            last["end"] = column + width
        else:
            runs.append({
                "key": style.key(), "style": style, "start": column, "end": column + width,
                "text": character,
            })
    for run in runs:
        style = run["style"]
        x = PADDING + run["start"] * CELL_WIDTH
        length = (run["end"] - run["start"]) * CELL_WIDTH
        attributes = f'fill="{style.colours()[0]}"'
        if style.bold:
            attributes += ' font-weight="bold"'
        if style.italic:
            attributes += ' font-style="italic"'
        if style.underline:
            attributes += ' text-decoration="underline"'
        texts.append(
            f'<text x="{x:.1f}" y="{y + BASELINE:.1f}" textLength="{length:.1f}" '
            f'lengthAdjust="spacingAndGlyphs" {attributes}>{escape(run["text"])}</text>')
    rectangles = [
        f'<rect x="{PADDING + column * CELL_WIDTH:.1f}" y="{y}" '
        f'width="{width * CELL_WIDTH:.1f}" height="{CELL_HEIGHT}" fill="{colour}"/>'
        for column, width, colour in backgrounds]
    return rectangles + shapes + texts, end


def drawing(screen, columns, rows):
    """The whole SVG."""
    width = columns * CELL_WIDTH + 2 * PADDING
    height = rows * CELL_HEIGHT + 2 * PADDING
    lines = screen.split("\n")[:rows]
    elements = []
    style = Style()
    for number, line in enumerate(lines):
        found, style = row(line, number, style)
        elements += found
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONTS}" '
        f'font-size="{FONT_SIZE}" xml:space="preserve">',
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="8" fill="{BACKGROUND}"/>',
        *elements, "</svg>", ""])


class Terminal:
    """A terminal of tmux, with a server of its own."""

    def __init__(self, directory, columns, rows, command):
        self.socket = str(Path(directory) / "tmux")
        configuration = Path(directory) / "tmux.conf"
        configuration.write_text(
            "set -g default-terminal tmux-256color\nset -g status off\nset -s escape-time 0\n")
        self.environment = dict(
            os.environ, XDG_RUNTIME_DIR=directory, XDG_CONFIG_HOME=directory,
            LANG="C.UTF-8", LC_ALL="C.UTF-8", TZ="UTC")
        self.environment.pop("NO_COLOR", None)
        self.environment.pop("TMUX", None)
        self.tmux(
            "-f", str(configuration), "new-session", "-d", "-x", str(columns), "-y", str(rows),
            *command)

    def tmux(self, *arguments):
        return subprocess.run(
            ["tmux", "-u", "-S", self.socket, *arguments], env=self.environment, check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8").stdout

    def press(self, key):
        self.tmux("send-keys", key)
        time.sleep(0.6)

    def press_all(self, keys):
        for key in filter(None, keys.split(",")):
            self.press(key)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        time.sleep(0.6)

    def screen(self):
        return self.tmux("capture-pane", "-e", "-p", "-N")

    def leave(self):
        """Leaves the demo, which then ends its engine, and waits until it has."""
        try:
            # The first is answered by a question, which the second answers.
            self.tmux("send-keys", "C-c", "C-c")
            for _ in range(100):
                self.tmux("has-session")
                time.sleep(0.1)
            self.tmux("kill-server")
        except subprocess.CalledProcessError:
            pass  # The server has gone with its only session.


def drawing_of(name, terminal, columns, rows):
    """The SVG of what a terminal shows, on the background that its theme is for."""
    global FOREGROUND, BACKGROUND, COLOURS
    dark = FOREGROUND, BACKGROUND, COLOURS
    if name == "light":
        FOREGROUND, BACKGROUND = LIGHT
        COLOURS = LIGHT_COLOURS + COLOURS[8:]
    try:
        return drawing(terminal.screen(), columns, rows)
    finally:
        FOREGROUND, BACKGROUND, COLOURS = dark


def program():
    """The program as it was built, the release build first."""
    build = Path(__file__).resolve().parent.parent / ".build"
    for configuration in ("release", "debug"):
        path = build / configuration / "wstop"
        if path.exists():
            return str(path)
    sys.exit("screenshot.py: no program in .build; build it, or name it with --program")


def size(text):
    """Columns and rows of `120x32`."""
    columns, rows = text.split("x")
    return int(columns), int(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", help="the SVG to write, or the directory with --all")
    parser.add_argument("--all", action="store_true", help="every screen")
    parser.add_argument("--size", type=size, default=(120, 32), help="such as 120x32")
    parser.add_argument("--wait", type=float, default=30, help="seconds before the keys")
    parser.add_argument("--keys", default="", help="keys to press, separated by commas")
    parser.add_argument("--program", help="the program, instead of the one in .build")
    options = parser.parse_args()
    columns, rows = options.size
    with tempfile.TemporaryDirectory(prefix="wstop-") as directory:
        terminal = Terminal(directory, columns, rows, [options.program or program(), "demo"])
        try:
            time.sleep(options.wait)
            if options.all:
                for name, extent, forth, back in SCREENS:
                    extent = size(extent)
                    terminal.resize(*extent)
                    terminal.press_all(forth)
                    # What was pressed last shows what the engine answers.
                    time.sleep(1.5)
                    Path(options.output, name + ".svg").write_text(
                        drawing_of(name, terminal, *extent), encoding="utf-8")
                    terminal.press_all(back)
            else:
                terminal.press_all(options.keys)
                Path(options.output).write_text(
                    drawing_of("", terminal, columns, rows), encoding="utf-8")
        finally:
            terminal.leave()


if __name__ == "__main__":
    main()
