package import Testing

/// Lets a test run only while it holds one of the few permits of the process, its cases one after
/// another; so its time limits do not depend on how many tests there are.
///
/// It waits around the whole test and not around each case, because a time limit of Swift Testing
/// begins with the case: what a test waits for its permit counts for none.
package struct LimitedTrait: SuiteTrait, TestTrait, TestScoping {
  private let permits: Permits

  package init(permits: Permits) {
    self.permits = permits
  }

  package var isRecursive: Bool { true }

  package func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
    test.isSuite || testCase != nil ? nil : self
  }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await permits.hold {
      // Tests without a permit are many and only compute: at their priority each step of this one
      // would wait behind all of them.
      withUnsafeCurrentTask { $0?.escalatePriority(to: .high) }
      try await ParallelizationTrait.serialized.provideScope(
        for: test, testCase: testCase, performing: function)
    }
  }
}

extension Trait where Self == LimitedTrait {
  /// For tests with sockets, threads, processes or time limits: a few of them run at once.
  package static var limited: Self { Self(permits: .shared) }
}
