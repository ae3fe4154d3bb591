import Core
import Foundation
import Synchronization
import TUI

/// Detection beside the workstation: studies without a result, one after the other.
final class BackgroundDetection: Sendable {
  /// Work before detection; posts what it does, and stops when asked.
  typealias Preparation =
    @Sendable (
      _ isCancelled: @escaping @Sendable () -> Bool,
      _ post: @escaping @Sendable (AppMessage) -> Void
    ) throws -> Void

  private let source: GrowingLibrary
  private let reader: String
  private let post: @Sendable (AppMessage) -> Void
  private let cancelled = Atomic(false)
  private let finished = DispatchSemaphore(value: 0)

  init(
    source: GrowingLibrary, reader: String, post: @escaping @Sendable (AppMessage) -> Void
  ) {
    self.source = source
    self.reader = reader
    self.post = post
  }

  /// Asks the work to stop, and waits shortly for a write in progress to end.
  func cancel() {
    cancelled.store(true, ordering: .relaxed)
    _ = finished.wait(timeout: .now() + 2)
  }

  /// Prepares, then detects; whatever goes wrong is said on the status line.
  func run(prepare: Preparation?) {
    defer { finished.signal() }
    let isCancelled: @Sendable () -> Bool = { self.cancelled.load(ordering: .relaxed) }
    do {
      try prepare?(isCancelled, post)
      // The list goes first, and what it has read of detections need not be read again.
      while prepare == nil, !source.wasRead, !isCancelled() { usleep(20_000) }
      guard !isCancelled() else { return }
      let library = try prepare == nil ? source.opened() : source.current()
      Leftovers.remove(from: library.root)
      // Only what preparation added is not yet on the list.
      if prepare != nil { post(.worklist(try source.worklist(reader: reader))) }
      // One core stays with the reader.
      let detection = try LibraryDetection(
        library: library, weights: LibraryModels(library: library.root).weights(),
        choice: DetectionChoice.read(library: library.root), threads: max(1, Machine.cores - 1))
      let studies = detection.pending()
      guard !studies.isEmpty else { return post(.background(nil)) }
      post(.background("detecting \(Output.count(studies.count, "study", "studies"))"))
      let items = detection.run(on: studies, isCancelled: isCancelled) { self.tell($0) }
      post(.background(nil))
      post(.worklist(try source.worklist(reader: reader).map { $0.failed(in: items) }))
    } catch {
      post(.background(nil))
      if isCancelled() { return }
      post(.problem("detection: \(error)"))
    }
  }

  private func tell(_ event: LibraryDetection.Event) {
    switch event {
    case .began(let subject):
      post(
        .entry(
          WorklistEntry(subject: subject, state: .detecting(fraction: 0, secondsLeft: nil))))
    case .finished(let item, let done, let of, let left):
      switch item.outcome {
      case .success:
        if let entry = try? source.entry(item.subject, reader: reader) { post(.entry(entry)) }
      case .failure(let reason):
        post(.entry(WorklistEntry(subject: item.subject, state: .problem("\(reason)"))))
      }
      post(.background("detected \(done) of \(of), \(TimeLeft.words(left)) left"))
    }
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
