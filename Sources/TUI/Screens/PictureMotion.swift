/// Whether the reader moves through pictures, so that drafts are enough until he rests; on a slow link
/// every change is taken for a movement.
struct PictureMotion {
  /// Two changes of the picture within this time are a movement; after it without one, the picture
  /// rests and is drawn in full. A held key repeats every 30 to 50 ms.
  var rest: Duration = .milliseconds(200)

  private var last: (view: SliceView, at: ContinuousClock.Instant)?
  private var isMoving = false
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

  /// Notes the picture that is wanted now: whether it is one of a movement.
  ///
  /// A map that comes and goes on one slice is no movement: two pictures are compared.
  mutating func isMoving(to view: SliceView, at now: ContinuousClock.Instant) -> Bool {
    let isRecent = last.map { now - $0.at < rest } ?? false
    if last?.view != view {
      let isMovement =
        isRecent && last?.view.subject == view.subject
        && (last?.view.slice != view.slice || last?.view.overlay == view.overlay)
      isMoving = isMovement || (draftsFirst && !isStopped)
      isStopped = false
      last = (view, now)
    } else if !isRecent {
      isMoving = false
    }
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
