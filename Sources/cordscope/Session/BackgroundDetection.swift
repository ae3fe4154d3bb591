import Core
import Foundation
import Synchronization
import TUI

/// Detection beside the workstation: studies without a result, one after the other.
///
/// Paused, it leaves the studies begun as they were and holds nothing: another session may detect them, and
/// what is left then is looked up anew.
final class BackgroundDetection: Sendable {
  /// Work before detection; posts what it does, waits while it is paused, and stops when asked.
  typealias Preparation =
    @Sendable (
      _ isCancelled: @escaping @Sendable () -> Bool,
      _ post: @escaping @Sendable (AppMessage) -> Void
    ) throws -> Void

  /// What the reader wants of it.
  private struct Wish {
    var isStopped = false
    var isPaused = false
  }

  private let source: GrowingLibrary
  private let reader: String
  private let post: @Sendable (AppMessage) -> Void
  private let wish = Mutex(Wish())
  /// How far it is, as told last.
  private let told = Mutex<BackgroundProgress?>(nil)
  /// Whether the run in progress was asked to end: it is over then even if it is resumed before it ends.
  private let isInterrupted = Atomic(false)
  private let changed = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)

  init(
    source: GrowingLibrary, reader: String, post: @escaping @Sendable (AppMessage) -> Void
  ) {
    self.source = source
    self.reader = reader
    self.post = post
  }

  // MARK: What is asked of it, from any thread

  /// Asks the work to stop, and waits shortly for a write in progress to end.
  func stop() {
    wish.withLock { $0.isStopped = true }
    changed.signal()
    _ = finished.wait(timeout: .now() + 2)
  }

  /// Asks the work to leave what it has begun, and to wait.
  func pause() { wish.withLock { $0.isPaused = true } }

  /// Lets the work go on with what is left.
  func resume() {
    wish.withLock { $0.isPaused = false }
    changed.signal()
  }

  private var isStopped: Bool { wish.withLock { $0.isStopped } }

  private func isAskedToEnd() -> Bool {
    let isAsked = wish.withLock { $0.isStopped || $0.isPaused }
    if isAsked { isInterrupted.store(true, ordering: .relaxed) }
    return isAsked || isInterrupted.load(ordering: .relaxed)
  }

  /// Waits while the work is paused; `false` when it is to stop.
  private func goesOn() -> Bool {
    while true {
      let now = wish.withLock { ($0.isStopped, $0.isPaused) }
      if now.0 { return false }
      if !now.1 { return true }
      // Told at every look: who went on and paused again meanwhile has been told that it is about to pause.
      if var progress = told.withLock({ $0 }) {
        progress.phase = .paused
        post(.background(progress))
      }
      changed.wait()
    }
  }

  // MARK: The work

  /// Prepares, then detects; whatever goes wrong is said on the status line.
  func run(prepare: Preparation?) {
    defer { finished.signal() }
    do {
      try prepare?({ !self.goesOn() }, { self.pass($0) })
      // The list goes first, and what it has read of detections need not be read again.
      while prepare == nil, !source.wasRead, !isStopped { usleep(20_000) }
      guard !isStopped else { return }
      var library = try prepare == nil ? source.opened() : source.current()
      Leftovers.remove(from: library.root)
      // Only what preparation added is not yet on the list.
      if prepare != nil { post(.worklist(try source.worklist(reader: reader))) }
      var done = 0
      while goesOn() {
        isInterrupted.store(false, ordering: .relaxed)
        guard let more = try detect(on: library, after: done) else { return }
        done += more
        guard goesOn() else { return }
        // Meanwhile another session may have detected, and labels may have come.
        library = try source.current()
      }
    } catch {
      tell(nil)
      if isStopped { return }
      post(.problem("detection: \(error)"))
    }
  }

  /// Detects what is left.
  ///
  /// - Returns: how many studies were detected before the work was interrupted; `nil` when it is done.
  private func detect(on library: StudyLibrary, after before: Int) throws -> Int? {
    // One core stays with the reader.
    let detection = try LibraryDetection(
      library: library, weights: LibraryModels(library: library.root).weights(),
      choice: DetectionChoice.read(library: library.root), threads: max(1, Machine.cores - 1))
    let studies = detection.pending()
    guard !studies.isEmpty else {
      tell(nil)
      return nil
    }
    tell(BackgroundProgress(.detecting, done: before, total: before + studies.count))
    let items = detection.run(
      on: studies, skipsDone: true, isCancelled: { self.isAskedToEnd() }
    ) { self.tell($0, after: before) }
    if isInterrupted.load(ordering: .relaxed) {
      return items.count { if case .success = $0.outcome { true } else { false } }
    }
    tell(nil)
    post(.worklist(try source.worklist(reader: reader).map { $0.failed(in: items) }))
    return nil
  }

  private func tell(_ event: LibraryDetection.Event, after before: Int) {
    switch event {
    case .began(let subject):
      post(
        .entry(
          WorklistEntry(subject: subject, state: .detecting(fraction: 0, secondsLeft: nil))))
    case .stopped(let subject):
      let entry = try? source.entry(subject, reader: reader)
      post(.entry(entry ?? WorklistEntry(subject: subject, state: .waiting)))
    case .finished(let item, let done, let total, let left):
      switch item.outcome {
      case .success:
        if let entry = try? source.entry(item.subject, reader: reader) { post(.entry(entry)) }
      case .failure(let reason):
        post(.entry(WorklistEntry(subject: item.subject, state: .problem("\(reason)"))))
      }
      tell(
        BackgroundProgress(
          .detecting, done: before + done, total: before + total, secondsLeft: left))
    }
  }

  /// Passes on what preparation tells.
  private func pass(_ message: AppMessage) {
    if case .background(let progress) = message { tell(progress) } else { post(message) }
  }

  /// Tells how far the work is; while it has been asked to pause that it is about to.
  private func tell(_ progress: BackgroundProgress?) {
    var progress = progress
    if wish.withLock({ $0.isPaused }) { progress?.phase = .pausing }
    let told = progress
    self.told.withLock { $0 = told }
    post(.background(told))
  }
}

extension WorklistEntry {
  /// The line with the reason for which detection failed just now; files do not tell it.
  fileprivate func failed(in items: [LibraryDetection.Item]) -> WorklistEntry {
    guard case .waiting = state, let item = items.first(where: { $0.subject == subject }),
      case .failure(let reason) = item.outcome
    else { return self }
    var entry = self
    entry.state = .problem("\(reason)")
    return entry
  }
}
