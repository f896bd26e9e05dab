import Testing

/// Gives each test a workspace of its own, and ends whatever the test started, also if it fails.
struct WorkspaceTrait: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let workspace = try Workspace()
    do {
      try await Workspace.$current.withValue(workspace, operation: function)
      await workspace.end()
    } catch {
      await workspace.end()
      throw error
    }
  }
}

extension Trait where Self == WorkspaceTrait {
  /// A fresh directory, and an end to every program that the test starts.
  static var workspace: Self { Self() }
}
