import Vocabulary

/// The map from server names to certificates, by their subjectAltName (RFC 6125 §6.4).
struct ServerNames: Sendable {
  /// The most names of one certificate that are looked at.
  static let maximumNameCount = 1000

  private var exact: [UTF8Name: [Int]] = [:]
  /// The certificates of `*.example.com`, by the name behind the first dot.
  private var wildcards: [UTF8Name: [Int]] = [:]

  /// The names of certificates, in the order of these.
  init(_ names: [[String]]) {
    for (index, names) in names.enumerated() {
      for name in names.prefix(Self.maximumNameCount) {
        let name = Self.normalized(name)
        if name.utf8.starts(with: "*.".utf8) {
          let rest = String(Substring(name.utf8.dropFirst(2)))
          Self.add(index, to: &wildcards[UTF8Name(rest), default: []])
        } else {
          Self.add(index, to: &exact[UTF8Name(name), default: []])
        }
      }
    }
  }

  /// The certificates for a name, the first ones first; none if no certificate has it.
  ///
  /// A name that stands in a certificate goes before a wildcard, which takes one label.
  func certificates(for name: String) -> [Int] {
    let name = Self.normalized(name)
    if let found = exact[UTF8Name(name)] { return found }
    let bytes = name.utf8
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), dot != bytes.startIndex else {
      return []
    }
    let rest = String(Substring(bytes[bytes.index(after: dot)...]))
    return wildcards[UTF8Name(rest)] ?? []
  }

  private static func add(_ index: Int, to list: inout [Int]) {
    if list.last != index { list.append(index) }
  }

  /// The name in lower case, without the dot of the root.
  private static func normalized(_ name: String) -> String {
    let bytes = name.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    let isAbsolute = bytes.last == UInt8(ascii: ".")
    return String(decoding: isAbsolute ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }
}
