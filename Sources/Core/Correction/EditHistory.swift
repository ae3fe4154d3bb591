/// Changes with names that can be taken back and restored, the latest first.
struct EditHistory<Change: Equatable & Sendable>: Equatable, Sendable {
  /// One change.
  struct Step: Equatable, Sendable {
    var name: String
    var change: Change
  }

  private var done: [Step]
  private var undone: [Step]

  /// Begins with changes that were made, oldest first, and such as redo restores, in its order.
  init(done: [Step] = [], toRedo: [Step] = []) {
    self.done = done
    undone = toRedo.reversed()
  }

  /// The changes that stand, the earliest first.
  var standing: [Step] { done }
  /// The changes that redo restores, in its order.
  var stepsToRedo: [Step] { undone.reversed() }
  /// What undo would take back.
  var last: Step? { done.last }
  /// What redo would restore.
  var next: Step? { undone.last }

  /// Adds a change; what was taken back before cannot be restored any more.
  mutating func add(_ name: String, _ change: Change) {
    done.append(Step(name: name, change: change))
    undone.removeAll()
  }

  /// Lets the latest change be another one under the same name: it goes on.
  mutating func replaceLast(_ change: Change) {
    guard !done.isEmpty else { return }
    done[done.count - 1].change = change
    undone.removeAll()
  }

  /// Lets nothing be restored any more.
  mutating func forgetUndone() { undone.removeAll() }

  /// Takes the latest change back.
  mutating func undo() -> Step? {
    guard let step = done.popLast() else { return nil }
    undone.append(step)
    return step
  }

  /// Restores the change taken back last.
  mutating func redo() -> Step? {
    guard let step = undone.popLast() else { return nil }
    done.append(step)
    return step
  }
}

/// Why an edit is not made, in words for the reader.
public struct EditRefusal: Error, Equatable, Sendable, CustomStringConvertible {
  /// The reason, with what to do.
  public var description: String

  /// Makes a refusal.
  public init(_ description: String) { self.description = description }
}
