/// The HTTP methods of the control API.
public enum ControlMethod: String, CaseIterable, Hashable, Sendable {
  case get = "GET"
  case post = "POST"
  case patch = "PATCH"
  case delete = "DELETE"
}
