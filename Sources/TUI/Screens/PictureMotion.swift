/// Whether the reader moves through pictures, so that drafts are enough until he rests; on a slow link
/// every change is taken for a movement.
struct PictureMotion {
  /// Two changes of the picture within this time are a movement; after it without one, the picture
  /// rests and is drawn in full. A held key repeats every 30 to 50 ms.
  var rest: Duration = .milliseconds(200)

  /// The pictures on the screen: the sagittal one, and those beside it.
  private struct Pictures: Equatable {
    var view: SliceView?
    var beside: [BesideView]

    var subject: String? { view?.subject ?? beside.first?.subject }

    /// Whether nothing but the map over the slice is another than on other pictures.
    func differInMap(from others: Pictures) -> Bool {
      guard var bare = view, let other = others.view, bare != other else { return false }
      bare.overlay = other.overlay
      return bare == other && beside == others.beside
    }
  }

  private var last: (pictures: Pictures, at: ContinuousClock.Instant)?
  private var isMoving = false
  /// Whether the last change was one of the map alone.
  private var isOfMap = false
  /// Whether the next picture must be in full.
  private var isStopped = false
  /// Whether the first picture after a key is a draft, too (``DraftPolicy``).
  var draftsFirst = false

  /// Tells the time, in tests one of their own.
  let now: () -> ContinuousClock.Instant

  init(
    rest: Duration = .milliseconds(200), now: @escaping () -> ContinuousClock.Instant = { .now }
  ) {
    self.rest = rest
    self.now = now
  }

  /// Notes the pictures that are wanted now, in full: whether they are of a movement.
  ///
  /// A map that comes and goes once on a picture at rest is no movement: two pictures are compared. A key
  /// that is held and changes it again and again is one.
  mutating func isMoving(
    to view: SliceView?, beside: [BesideView] = [], at now: ContinuousClock.Instant
  ) -> Bool {
    let pictures = Pictures(view: view, beside: beside)
    let isRecent = last.map { now - $0.at < rest } ?? false
    if let last, last.pictures == pictures {
      if !isRecent { isMoving = false }
      return isMoving
    }
    let wasOfMap = isOfMap
    isOfMap = last.map { pictures.differInMap(from: $0.pictures) } ?? false
    let isMovement =
      isRecent && last?.pictures.subject == pictures.subject
      && (!isOfMap || wasOfMap || isMoving)
    isMoving = isMovement || (draftsFirst && !isStopped)
    isStopped = false
    last = (pictures, now)
    return isMoving
  }

  /// The next picture is drawn in full, however soon it comes.
  mutating func stop() {
    last = nil
    isMoving = false
    isStopped = true
  }

  /// Milliseconds until a picture that does not move rests.
  func restLeft(at now: ContinuousClock.Instant) -> Int {
    guard let last else { return 0 }
    let left = rest - (now - last.at)
    return max(Int(left / .milliseconds(1)) + 1, 0)
  }
}
