/// Which certificates answer to which name: those of their subjectAltName, RFC 6125 §6.4.
struct ServerNames: Sendable {
  /// The most names of one certificate that are looked at.
  static let maximumNameCount = 1000

  private var exact: [String: [Int]] = [:]
  /// By what follows the first dot of `*.example.com`.
  private var wildcards: [String: [Int]] = [:]

  /// The names of certificates, in the order of these.
  init(_ names: [[String]]) {
    for (index, names) in names.enumerated() {
      for name in names.prefix(Self.maximumNameCount) {
        let name = Self.normalized(name)
        if name.hasPrefix("*.") {
          Self.add(index, to: &wildcards[String(name.dropFirst(2)), default: []])
        } else {
          Self.add(index, to: &exact[name, default: []])
        }
      }
    }
  }

  /// The certificates for a name, the first ones first; none if no certificate has it.
  ///
  /// A name that stands in a certificate goes before a wildcard, which takes one label.
  func certificates(for name: String) -> [Int] {
    let name = Self.normalized(name)
    if let found = exact[name] { return found }
    guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return [] }
    return wildcards[String(name[name.index(after: dot)...])] ?? []
  }

  private static func add(_ index: Int, to list: inout [Int]) {
    if list.last != index { list.append(index) }
  }

  /// In lower case, without the dot of the root.
  private static func normalized(_ name: String) -> String {
    let bytes = name.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    let isAbsolute = bytes.last == UInt8(ascii: ".")
    return String(decoding: isAbsolute ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }
}
