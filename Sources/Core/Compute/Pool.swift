internal import Synchronization

/// Things that are free to use; as many are made as are ever in use at once.
final class Pool<Element: Sendable>: Sendable {
  private let make: @Sendable () -> Element
  private let free = Mutex<[Element]>([])

  init(_ make: @escaping @Sendable () -> Element) { self.make = make }

  /// One that is free, or a new one; the caller is its only user until it gives it back.
  func take() -> Element { free.withLock { $0.popLast() } ?? make() }

  /// Takes one back.
  func give(_ element: Element) { free.withLock { $0.append(element) } }
}
