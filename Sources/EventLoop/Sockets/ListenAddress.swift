/// An address to listen on, with its options.
///
/// In text: an address, with `,ipv6only` behind `[::]:PORT` or `,mode=0660` behind `unix:PATH`.
public struct ListenAddress: Hashable, Sendable {
  /// The address.
  ///
  /// The host `*` means all addresses of the machine, and so does `::` unless it is
  /// for IPv6 alone; a name means each of the addresses that it has.
  public var address: SocketAddress
  /// Whether `::` takes no IPv4.
  public var isIPv6Only: Bool
  /// The permissions of a Unix socket's file; nil: those that the umask leaves.
  public var fileMode: UInt32?

  /// An address to listen on.
  public init(_ address: SocketAddress, isIPv6Only: Bool = false, fileMode: UInt32? = nil) {
    self.address = address
    self.isIPv6Only = isIPv6Only
    self.fileMode = fileMode
  }

  /// Whether it means all addresses of IPv4 and IPv6.
  public var takesBothFamilies: Bool {
    guard case .internet(let host, _) = address else { return false }
    return host == "*" || ResolvedAddress.isUnspecifiedIPv6(host) && !isIPv6Only
  }

  /// The fault of a text that names no address to listen on.
  public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no address.
    case address
    /// The text behind the comma is no option.
    case option
    /// `mode=` wants up to 0777 in octal digits.
    case mode
    /// `ipv6only` stands behind a host other than `[::]`.
    case ipv6Only

    /// The form that would be right.
    public var description: String {
      switch self {
      case .address:
        "wants HOST:PORT, [IPV6]:PORT or unix:PATH; HOST is * for all addresses, an IPv4 address or a "
          + "name"
      case .option:
        "what may stand behind the comma is ipv6only for [::]:PORT and mode=0660 for unix:PATH"
      case .mode: "mode= wants octal digits up to 0777, such as mode=0660"
      case .ipv6Only: "ipv6only is for [::]:PORT, which means IPv4 too without it"
      }
    }
  }

  /// Reads the text form.
  ///
  /// A comma is a part of a Unix socket's path, unless `mode=` stands behind the last one.
  public init(parsing text: String) throws(Fault) {
    let isUnix = text.utf8.starts(with: "unix:".utf8)
    guard let comma = text.utf8.lastIndex(of: UInt8(ascii: ",")) else {
      guard let address = SocketAddress(text) else { throw .address }
      self.init(address)
      return
    }
    let option = text[text.utf8.index(after: comma)...]
    if isUnix {
      guard option.utf8.starts(with: "mode=".utf8) else {
        guard let address = SocketAddress(text) else { throw .address }
        self.init(address)
        return
      }
      guard let mode = Self.mode(option.utf8.dropFirst(5)) else { throw .mode }
      guard let address = SocketAddress(String(text[..<comma])) else { throw .address }
      self.init(address, fileMode: mode)
    } else {
      guard let address = SocketAddress(String(text[..<comma])) else { throw .address }
      guard option.utf8.elementsEqual("ipv6only".utf8) else { throw .option }
      guard case .internet(let host, _) = address, ResolvedAddress.isUnspecifiedIPv6(host) else {
        throw .ipv6Only
      }
      self.init(address, isIPv6Only: true)
    }
  }

  private static func mode(_ digits: Substring.UTF8View.SubSequence) -> UInt32? {
    guard (1...4).contains(digits.count),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) })
    else { return nil }
    let mode = digits.reduce(UInt32(0)) { $0 << 3 | UInt32($1 - UInt8(ascii: "0")) }
    return mode <= 0o777 ? mode : nil
  }
}
