/// The parameters of one offer of permessage-deflate, or of the answer to it, as they are written.
package struct DeflateTerms: Hashable, Sendable {
  /// The term for a window.
  package enum Window: Hashable, Sendable {
    /// Nothing.
    case absent
    /// The parameter's name alone.
    case withoutValue
    /// The base-2 logarithm of a size, 8–15.
    case bits(Int)
  }

  /// `server_no_context_takeover`, RFC 7692 §7.1.1.1.
  package var serverNoContextTakeover = false
  /// `client_no_context_takeover`, RFC 7692 §7.1.1.2.
  package var clientNoContextTakeover = false
  /// `server_max_window_bits`, RFC 7692 §7.1.2.1.
  package var serverMaxWindowBits: Window = .absent
  /// `client_max_window_bits`, RFC 7692 §7.1.2.2.
  package var clientMaxWindowBits: Window = .absent

  /// Terms without a parameter.
  package init() {}

  /// Reads an extension's parameters; nil if one occurs twice, is unknown, lacks its value, has a
  /// value where it takes none, or a value that is no number from 8 to 15 without a leading zero.
  ///
  /// Whether `client_max_window_bits` may go without a value depends on the side that wrote it, and
  /// is for the caller to decide.
  init?(_ extension: Extension) {
    var names: Set<String> = []
    for parameter in `extension`.parameters {
      guard names.insert(parameter.name).inserted else { return nil }
      switch parameter.name {
      case "server_no_context_takeover":
        guard parameter.value == nil else { return nil }
        serverNoContextTakeover = true
      case "client_no_context_takeover":
        guard parameter.value == nil else { return nil }
        clientNoContextTakeover = true
      case "server_max_window_bits":
        guard let window = Self.window(parameter.value), window != .withoutValue else {
          return nil
        }
        serverMaxWindowBits = window
      case "client_max_window_bits":
        guard let window = Self.window(parameter.value) else { return nil }
        clientMaxWindowBits = window
      default: return nil
      }
    }
  }

  /// The parameters, in the order of the RFC.
  package var parameters: [Extension.Parameter] {
    var parameters: [Extension.Parameter] = []
    func add(_ name: String, if isPresent: Bool) {
      if isPresent { parameters.append(Extension.Parameter(name: name)) }
    }
    func add(_ name: String, _ window: Window) {
      switch window {
      case .absent: break
      case .withoutValue: parameters.append(Extension.Parameter(name: name))
      case .bits(let bits):
        parameters.append(Extension.Parameter(name: name, value: String(bits)))
      }
    }
    add("server_no_context_takeover", if: serverNoContextTakeover)
    add("client_no_context_takeover", if: clientNoContextTakeover)
    add("server_max_window_bits", serverMaxWindowBits)
    add("client_max_window_bits", clientMaxWindowBits)
    return parameters
  }

  /// The extension with these parameters.
  package var `extension`: Extension {
    Extension(name: PermessageDeflate.name, parameters: parameters)
  }

  private static func window(_ value: String?) -> Window? {
    guard let value else { return .withoutValue }
    // A leading zero makes a number of two digits less than 10, so that it never equals its text.
    guard let bits = HTTPGrammar.decimal(value, maximum: 15), bits >= 8, String(bits) == value
    else { return nil }
    return .bits(bits)
  }
}
