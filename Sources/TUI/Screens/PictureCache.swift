internal import Synchronization

/// The pictures drawn last, so that scrolling back costs nothing.
final class PictureCache<View: Hashable & Sendable>: Sendable {
  private struct Contents {
    var wanted: View?
    var pictures: [View: ScreenPicture] = [:]
    /// Oldest first.
    var order: [View] = []
  }

  private let capacity: Int
  private let contents = Mutex(Contents())

  /// Makes a cache for so many pictures.
  init(capacity: Int = 24) { self.capacity = capacity }

  /// Notes which picture is wanted now.
  func want(_ view: View) { contents.withLock { $0.wanted = view } }

  /// Whether a picture is still the one wanted.
  func isWanted(_ view: View) -> Bool { contents.withLock { $0.wanted == view } }

  /// The picture of a view, drawn if it is not there.
  func picture(_ view: View, draw: () -> ScreenPicture) -> ScreenPicture {
    if let known = contents.withLock({ $0.pictures[view] }) { return known }
    let picture = draw()
    contents.withLock {
      $0.pictures[view] = picture
      $0.order.append(view)
      if $0.order.count > capacity { $0.pictures[$0.order.removeFirst()] = nil }
    }
    return picture
  }
}
