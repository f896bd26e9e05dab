import ControlProtocol
import FuzzSupport

/// The grammar of filters: a filter, a zero byte, and a text for it to look at.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let parts = input.parts().map { String(decoding: $0, as: UTF8.self) }
  let text = parts[0]
  let subject = Subject(text: parts.count > 1 ? parts[1] : text)
  do throws(FilterError) {
    let filter = try SessionFilter(text)
    check(filter, on: subject)
  } catch {
    promise(
      (1...(text.unicodeScalars.count + 1)).contains(error.column), "column \(error.column)")
    promise(isFreeOfControls(error.description), "an error says \(error)")
  }
  checkPattern(text, on: subject)
  checkCompletion(text)
  return 0
}

/// What fits where a filter ends stands behind what was typed, and is bounded.
func checkCompletion(_ text: String) {
  let found = FilterCompletion(of: text, knowing: KnownValues(routes: ["/ws/chat/{room}", text]))
  promise((0...text.count).contains(found.start), "it begins at \(found.start)")
  promise(
    found.candidates.count <= FilterCompletion.maximumCandidateCount,
    "there are \(found.candidates.count)")
  for candidate in found.candidates {
    promise(isFreeOfControls(candidate.label), "a label is \(candidate.label)")
  }
}

func check(_ filter: SessionFilter, on subject: Subject) {
  let canonical = filter.description
  let holds = filter.matches(subject, now: 1e9)
  // The canonical form may be the longer one, and then over the limit of what is read.
  guard canonical.utf8.count <= SessionFilter.maximumByteCount else { return }
  guard let again = try? SessionFilter(canonical) else {
    fatalError("the canonical form is no filter: \(canonical)")
  }
  promiseEqual(again, filter, "the canonical form is another filter")
  promiseEqual(again.description, canonical, "the canonical form has another canonical form")
  promiseEqual(again.matches(subject, now: 1e9), holds, "the canonical form matches otherwise")
}

/// Takes the text for a pattern of a path and compares with a plain reading of what `*` means.
func checkPattern(_ pattern: String, on subject: Subject) {
  // The plain reading tries whatever there is to try.
  let bytes = Array(pattern.utf8.prefix(32))
  guard bytes.count(where: { $0 == UInt8(ascii: "*") }) <= 4,
    let pattern = String(validating: bytes, as: UTF8.self)
  else { return }
  // By bytes: a backslash and a combining mark behind it are one Character.
  let quoted = String(
    decoding: bytes.flatMap { "\"\\".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] },
    as: UTF8.self)
  let text = Array(subject.text.utf8)
  for (comparison, lowers) in [("=", false), ("~", true)] {
    guard let filter = try? SessionFilter("path\(comparison)\"\(quoted)\"") else {
      fatalError("no pattern: \(quoted)")
    }
    let wanted = lowers ? lowered([42] + bytes + [42]) : bytes
    let given = lowers ? lowered(text) : text
    promiseEqual(
      filter.matches(subject, now: 0), matches(wanted[...], given[...]),
      "\(comparison) \(pattern) on \(subject.text)")
  }
}

func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
  guard let first = pattern.first else { return text.isEmpty }
  guard first == UInt8(ascii: "*") else {
    return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
  }
  return (0...text.count).contains { matches(pattern.dropFirst(), text.dropFirst($0)) }
}

func lowered(_ bytes: [UInt8]) -> [UInt8] {
  bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
}
