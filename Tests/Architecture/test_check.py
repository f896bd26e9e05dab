"""The rules of check.py against small packages that keep and that break them.

Run it as `python3 -m unittest discover Tests/Architecture`.
"""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check
import swift_source


class Rules(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def package(self, files: dict[str, str], declared: dict[str, list[str]]) -> check.Package:
        """A package of files by path, whose targets declare modules by name."""
        for path, text in files.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        targets = [
            {
                "name": name,
                "type": "test" if name.endswith("Tests") else "regular",
                "dependencies": [{"byName": [module, None]} for module in modules],
            }
            for name, modules in declared.items()
        ]
        return check.Package(self.root, {"targets": targets})

    def test_an_import_must_be_declared_and_a_declaration_used(self):
        package = self.package(
            {
                "Sources/A/One.swift": "public import B\n@testable import C\nimport Glibc\n",
                "Sources/B/Two.swift": "// import C\nlet text = \"import C\"\n",
            },
            {"A": ["B", "D"], "B": []},
        )
        self.assertEqual(
            check.import_faults(package),
            [
                "Package.swift: A imports C and does not declare it",
                "Package.swift: A declares D and does not import it",
            ],
        )

    def test_the_core_imports_no_system(self):
        package = self.package({"Sources/Vocabulary/X.swift": "import Glibc\n"}, {"Vocabulary": []})
        self.assertEqual(len(check.import_faults(package)), 1)

    CIRCLE = {
        "Sources/A/Filter/Filter.swift": "struct Filter { var key: Key }",
        "Sources/A/Keys/Key.swift": "struct Key { func filter() -> Filter? { nil } }",
        "Sources/A/Text/Text.swift": "struct Text { var key: Key }",
    }

    def test_a_circle_of_folders_is_found_and_what_leads_to_it_is_none(self):
        package = self.package(self.CIRCLE, {"A": []})
        self.assertEqual(
            check.circle_faults(package, known=set(), targets=["A"]),
            [
                "circle of folders, A: Filter -> Keys by Key",
                "circle of folders, A: Keys -> Filter by Filter",
            ],
        )

    def test_a_known_circle_may_stay_and_must_be_forgotten_when_it_is_gone(self):
        known = {"A: Filter -> Keys", "A: Keys -> Filter"}
        package = self.package(self.CIRCLE, {"A": []})
        self.assertEqual(check.circle_faults(package, known=known, targets=["A"]), [])
        (self.root / "Sources/A/Keys/Key.swift").write_text("struct Key {}")
        package = self.package({}, {"A": []})
        faults = check.circle_faults(package, known=known, targets=["A"])
        self.assertEqual([fault.split(" is on")[0] for fault in faults], sorted(known))

    def test_comments_strings_and_nested_types_are_no_uses(self):
        package = self.package(
            {
                "Sources/A/One/Key.swift": "struct Key { var other: Other }",
                "Sources/A/Two/Other.swift": (
                    "// Key\n/* Key /* Key */ Key */\n"
                    'struct Other { enum Inner {}; let text = "Key \\"Key\\""\n'
                    'let raw = #"Key "Key" \\(Key)"#; let long = """\n Key "Key"\n """ }'
                ),
                "Sources/A/Three/Third.swift": "struct Third { struct Key {}; var key: Key }",
            },
            {"A": []},
        )
        self.assertEqual(
            check.folder_uses(package.files["A"]), {("One", "Two"): {"Other"}}
        )

    def test_what_is_interpolated_is_a_use(self):
        text = 'let line = "a \\(Key(1, text: "(b)").name) Other \\(Third.self)"'
        words = set(swift_source.WORD.findall(swift_source.code(text)))
        self.assertEqual(words, {"Key", "Third"})

    def test_a_name_stands_in_one_target(self):
        files = {
            "Sources/A/One.swift": "struct Table {}\nprivate struct Own {}\nstruct Apple {}",
            "Sources/B/Two.swift": "public final class Table {}\nfileprivate enum Own {}",
            "Sources/B/Three.swift": "struct Pear { struct Apple {} }\nactor Fig {}\n// struct Apple",
            "Sources/C/Four.swift": "extension Table {}\npackage typealias Fig = Int",
            "Tests/ATests/Five.swift": "struct Apple {}",
        }
        package = self.package(files, {"A": [], "B": [], "C": [], "ATests": []})
        self.assertEqual(
            check.twin_faults(package),
            ["the type Fig stands in B and C", "the type Table stands in A and B"],
        )

    def test_one_target_may_declare_a_name_again(self):
        files = {
            "Sources/A/One.swift": "#if DEBUG\nstruct Table {}\n#else\nstruct Table {}\n#endif",
            "Sources/A/Two.swift": "extension Table { enum Row {} }",
        }
        package = self.package(files, {"A": []})
        self.assertEqual(check.twin_faults(package), [])


if __name__ == "__main__":
    unittest.main()
