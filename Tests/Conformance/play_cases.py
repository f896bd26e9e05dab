"""Plays the cases of the Autobahn test suite against a server that echoes.

usage: play_cases.py CASES URL [--only PREFIX,...] [--skip PREFIX,...] [--lenient]

CASES is the unpacked `autobahntestsuite/case` folder, written for Python 2. Its runner and its
reports are not used: this plays the cases on autobahn's own client protocol and asyncio, so only
the cases need translating, and of Python 2 they use little. A string of Python 2 is a string of
octets; it stays one here, each octet a character below 256, and becomes bytes on its way to
autobahn.

A case passes with OK or INFORMATIONAL and a close that is as it should be; --lenient lets pass what
the suite itself lets pass, a violation noticed late and a close code other than wanted. The last
line is "N passed, M failed"; exit status 0 if none failed, 1 if one did, 2 for what cannot be run.
"""

import argparse
import asyncio
import binascii
import builtins
import collections
import importlib.abc
import importlib.util
import os
import re
import sys
import types

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.util import parse_url

TOO_LONG = 600  # seconds for a case, which none needs


def octets(text):
    return text.encode("latin-1") if isinstance(text, str) else bytes(text)


# Python 2, as far as the cases use it.


class Cases(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules of the suite's folder, translated."""

    EDITS = [
        (r"(?m)^( *)print (.*)$", r"\1print(\2)"),
        (r"\(object, Case, \)", "(Case,)"),
        (r"import binascii\b", "import octet_hex as binascii"),
        (r"hashlib, binascii\b", "hashlib, octet_hex as binascii"),
        (r"len\(self\.payload\) / ", "len(self.payload) // "),
        (r"v\.validate\(vss\[:i\]\)", "v.validate(vss[:i].encode('latin-1'))"),
        (r"replace\('\.', '\\\.'\)", r"replace('.', '\\\\.')"),
        (r"\b(request|accept)NoContextTakeover\b", r"\1_no_context_takeover"),
        (r"\b(request|accept)MaxWindowBits\b", r"\1_max_window_bits"),
        (r"from case9_9_1 import \*", ""),  # not among the cases that are played
        (r"(?m)^#.*coding[:=].*$", ""),
    ]

    def __init__(self, folder):
        self.folder = folder
        hexadecimal = types.ModuleType("octet_hex")
        hexadecimal.b2a_hex = lambda text: binascii.b2a_hex(octets(text)).decode()
        hexadecimal.hexlify = hexadecimal.b2a_hex
        resources = types.ModuleType("pkg_resources")
        resources.resource_filename = lambda _, name: os.path.join(folder, os.pardir, name)
        sys.modules.update(octet_hex=hexadecimal, pkg_resources=resources)
        builtins.xrange, builtins.unichr = range, chr
        sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        file = "__init__" if name == "autobahn_cases" else name
        place = os.path.join(self.folder, file + ".py")
        if name.startswith(("case", "autobahn_cases")) and os.path.exists(place):
            return importlib.util.spec_from_loader(name, self, origin=place)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        with open(module.__spec__.origin, encoding="latin-1") as file:
            text = file.read()
        for pattern, replacement in self.EDITS:
            text = re.sub(pattern, replacement, text)
        exec(compile(text, module.__spec__.origin, "exec"), module.__dict__)


# The client that the cases talk to as `self.p`.


class Client(WebSocketClientProtocol):
    def __init__(self, factory, case_class, finished):
        super().__init__()
        self.factory = factory  # which the cases look at as they are made
        self.finished = finished
        self.connectionWasOpen = False
        self.txFrameStats = collections.Counter()
        self.createWirelog = False
        self.case = case_class(self)
        # Sections 12 and 13 compare digests of bytes.
        self.is_of_octets = not case_class.__name__.startswith(("Case12", "Case13"))

    def onOpen(self):
        self.connectionWasOpen = True
        self.case.onOpen()

    def onMessage(self, payload, isBinary):
        self.case.onMessage(self.received(payload), isBinary)

    def onPong(self, payload):
        self.case.onPong(self.received(payload))

    def onClose(self, wasClean, code, reason):
        if self.connectionWasOpen:
            self.case.onClose(wasClean, code, reason)

    def connection_lost(self, exc):
        super().connection_lost(exc)
        self.case.onConnectionLost(self.failedByMe)
        if not self.finished.done():
            self.finished.set_result(None)

    def received(self, payload):
        return payload.decode("latin-1") if self.is_of_octets else payload

    def logTxFrame(self, frameHeader, *_):
        self.txFrameStats[frameHeader.opcode] += 1

    def logRxFrame(self, frameHeader, payload):
        pass

    def logRxOctets(self, data):
        pass

    def logTxOctets(self, data, sync):
        pass

    # What is sent: octets to bytes.

    def sendFrame(self, opcode, payload=b"", *args, **kwargs):
        super().sendFrame(opcode, octets(payload), *args, **kwargs)

    def sendMessage(self, payload, *args, **kwargs):
        super().sendMessage(octets(payload), *args, **kwargs)

    def sendMessageFrameData(self, payload, *args, **kwargs):
        return super().sendMessageFrameData(octets(payload), *args, **kwargs)

    def sendCloseFrame(self, code=None, reasonUtf8=None, isReply=False):
        reason = None if reasonUtf8 is None else octets(reasonUtf8)
        super().sendCloseFrame(code, reason, isReply)

    # What the suite's runner does for the cases.

    def enableWirelog(self, enable):
        pass

    def continueLater(self, delay, function, tag=None):
        self.later(delay, function)

    def killAfter(self, delay):
        self.later(delay, lambda: self._fail_connection())

    def closeAfter(self, delay):
        self.later(delay, self.sendClose)

    def later(self, delay, function):
        def unless_closed():
            if self.state != self.STATE_CLOSED:
                function()

        asyncio.get_running_loop().call_later(delay, unless_closed)


async def play(case_class, url):
    """One case over one connection."""
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    factory = WebSocketClientFactory(url)
    factory.setProtocolOptions(failByDrop=False)
    factory.logFrames = True
    is_secure, host, port = parse_url(url)[:3]

    factory.protocol = lambda: Client(factory, case_class, finished)
    _, protocol = await loop.create_connection(factory, host, port, ssl=is_secure or None)
    try:
        await asyncio.wait_for(finished, TOO_LONG)
    except asyncio.TimeoutError:
        protocol.case.result = "nothing came of it in %d s" % TOO_LONG
    return protocol.case


def sections(case_id):
    return tuple(int(number) for number in case_id.split("."))


def matches(case_id, prefixes):
    own = sections(case_id)
    return any(own[: len(wanted)] == wanted for wanted in map(sections, prefixes))


async def play_all(cases, url, lenient):
    passing = ["OK", "INFORMATIONAL"] + ["NON-STRICT"] * lenient
    closing = ["OK", "INFORMATIONAL"] + ["WRONG CODE", "FAILED BY CLIENT"] * lenient
    table = collections.defaultdict(collections.Counter)
    failures = []
    for case_id, case_class in cases:
        case = await play(case_class, url)
        table[sections(case_id)[0]][case.behavior] += 1
        if case.behavior not in passing or case.behaviorClose not in closing:
            failures.append(case_id)
            print("%s: %s (%s); close %s (%s)" % (
                case_id, case.behavior, case.result, case.behaviorClose, case.resultClose))
    for section, outcomes in sorted(table.items()):
        counts = ", ".join("%s %d" % outcome for outcome in sorted(outcomes.items()))
        print("section %-2d  %s" % (section, counts))
    print("%d passed, %d failed" % (len(cases) - len(failures), len(failures)))
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases")
    parser.add_argument("url")
    parser.add_argument("--only", default="")
    parser.add_argument("--skip", default="")
    parser.add_argument("--lenient", action="store_true")
    options = parser.parse_args()
    Cases(options.cases)
    import autobahn_cases

    classes = {c.__name__[len("Case"):].replace("_", "."): c for c in autobahn_cases.Cases}
    only = [p for p in options.only.split(",") if p] or None
    skip = [p for p in options.skip.split(",") if p]
    chosen = [
        (case_id, classes[case_id])
        for case_id in sorted(classes, key=sections)
        if (only is None or matches(case_id, only)) and not matches(case_id, skip)
    ]
    if not chosen:
        sys.exit("play_cases.py: no case is chosen")
    try:
        return asyncio.run(play_all(chosen, options.url, options.lenient))
    except OSError as error:
        print("play_cases.py: %s: %s" % (options.url, error), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
