/// How often a test repeats what it does with random or damaged data.
///
/// The optimizer's build does all of it. One without the optimizer or under a sanitizer takes ten times as long for each
/// round, sees nothing in it that a tenth of the rounds would not show, and would keep every core from tests that measure
/// time: it does a tenth.
package func rounds(_ count: Int) -> Int {
  #if DEBUG
  return max(1, count / 10)
  #else
  return Sanitizer.isActive ? max(1, count / 10) : count
  #endif
}
