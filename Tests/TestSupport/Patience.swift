import Foundation

extension Duration {
  /// How long a test waits for what takes no time on an idle machine: so long that only a hang takes longer.
  package static let patience = Duration.seconds(60 * Sanitizer.slowdown)
}

/// What a sanitizer changes for tests.
package enum Sanitizer {
  /// Whether this process runs under one, and so is several times slower and larger than usual.
  package static let isActive = dlsym(dlopen(nil, RTLD_NOW), "__sanitizer_print_stack_trace") != nil

  /// What times in tests are multiplied by.
  package static var slowdown: Int { isActive ? 10 : 1 }
}
