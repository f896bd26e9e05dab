import FuzzSupport
import Glibc
import Vocabulary

/// Redaction: a choice of what is redacted, then a text, or what stands before a secret's name and
/// behind the secret, a zero byte between.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  // Longer ones say nothing new, and all ways to read them take long.
  let parts = input.parts().prefix(4).map { String(decoding: $0.prefix(400), as: UTF8.self) }
  let texts = (parts + ["", ""]).prefix(2)
  let place = Place.allCases[Int(choice) % Place.allCases.count]
  check(parts.joined(separator: " "), at: place)
  checkSecret(
    key: Redaction.standardKeys[Int(choice >> 3) % Redaction.standardKeys.count], at: place,
    behind: texts[0], before: texts[1])
  checkFields(parts[0])
  return 0
}

/// Where a text may stand.
enum Place: CaseIterable {
  case query, path, text, header, secretHeader, subprotocols, subprotocol

  func redacted(_ text: String, by redaction: Redaction) -> String {
    switch self {
    case .query: redaction.query(text)
    case .path: redaction.path(text)
    case .text: redaction.text(text)
    case .header: redaction.value(text, ofHeader: "Referer")
    case .secretHeader: redaction.value(text, ofHeader: "X-Session")
    case .subprotocols: redaction.value(text, ofHeader: "sec-websocket-protocol")
    case .subprotocol: redaction.subprotocol(text)
    }
  }
}

let redaction = Redaction(adding: ["x-ray"])

/// Redacted twice is redacted once, and nothing changes but what is redacted.
func check(_ text: String, at place: Place) {
  let once = place.redacted(text, by: redaction)
  promiseEqual(place.redacted(once, by: redaction), once, "redacted again, \(place)")
  promise(isRedaction(once, of: text), "\(place) \(text) became \(once)")
  promiseEqual(place.redacted(text, by: .off), text, "nothing is redacted")
  if place == .path {
    promise(!redaction.leaves(path: text.utf8Span.span) || once == text, "a path is left so")
  }
}

/// Whether one text is the other one with some of its parts replaced by marks that tell their
/// length.
func isRedaction(_ redacted: String, of text: String) -> Bool {
  let bytes = Array(text.utf8)
  let shown = Array(redacted.utf8)
  // A mark may have come with the text, so that there may be more than one way: where each of them
  // is in the text at each place of what is shown.
  var ways: [Int: Set<Int>] = [0: [0]]
  for place in shown.indices {
    guard let here = ways.removeValue(forKey: place) else { continue }
    for index in here where index < bytes.count && bytes[index] == shown[place] {
      ways[place + 1, default: []].insert(index + 1)
    }
    guard let (count, length) = mark(shown[place...]), count <= bytes.count else { continue }
    for index in here { ways[place + length, default: []].insert(index + count) }
  }
  return ways[shown.count]?.contains(bytes.count) == true
}

/// How many bytes a mark says it stands for, and how many it has.
func mark(_ bytes: ArraySlice<UInt8>) -> (count: Int, length: Int)? {
  let begin = Array("‹redacted ".utf8)
  guard bytes.starts(with: begin) else { return nil }
  let digits = bytes.dropFirst(begin.count).prefix { (0x30...0x39).contains($0) }
  let end = Array(" B›".utf8)
  guard let count = Int(String(decoding: digits, as: UTF8.self)),
    bytes.dropFirst(begin.count + digits.count).starts(with: end)
  else { return nil }
  return (count, begin.count + digits.count + end.count)
}

/// The value of a key is not in what is shown, whatever stands around.
func checkSecret(key: String, at place: Place, behind before: String, before behind: String) {
  let secret = "5EcReT-of-somebody"
  guard !has(before, secret), !has(behind, secret) else { return }
  for (separator, equals) in [("", "="), ("%", "%3D")] {
    for name in [key, key.uppercased(), "user[\(key)]", "_\(key)-", encoded(key)] {
      let text: String
      switch place {
      case .query: text = "\(before)&\(name)\(equals)\(secret)\(behind)"
      case .path where separator.isEmpty: text = "\(before);\(name)\(equals)\(secret)\(behind)"
      case .path, .text, .header:
        let mark = separator.isEmpty ? "?" : "%3F"
        text = "\(before)\(mark)\(name)\(equals)‹redacted\(secret)\(behind)"
      case .secretHeader: text = "\(before)\(secret)\(behind)"
      case .subprotocols: text = "\(before),\(secret)-\(secret)\(behind)"
      case .subprotocol: text = "\(before)\(secret)-\(secret)\(behind)"
      }
      let shown = place.redacted(text, by: redaction)
      promise(!has(shown, secret), "\(place) \(text) is shown as \(shown)")
    }
  }
}

/// Whether a text is in another one; by bytes, since by characters it takes most of the time.
func has(_ text: String, _ part: String) -> Bool {
  strstr(text, part) != nil
}

/// A text with each of its bytes percent-encoded.
func encoded(_ text: String) -> String {
  text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Of a query without encoded delimiters: the fields that are redacted are those with a key.
func checkFields(_ query: String) {
  guard !query.contains("%"), !query.contains("‹"), !query.contains("?") else { return }
  let fields = query.split(separator: "&", omittingEmptySubsequences: false)
  let shown = redaction.query(query).split(separator: "&", omittingEmptySubsequences: false)
  promiseEqual(shown.count, fields.count, "the fields of \(query)")
  for (field, shown) in zip(fields, shown) where field != shown {
    let names = field.split { $0 == "=" || $0 == ";" }
    promise(
      names.contains { redaction.query("\($0)=x") != "\($0)=x" },
      "\(field) has no key, and became \(shown)")
  }
}
