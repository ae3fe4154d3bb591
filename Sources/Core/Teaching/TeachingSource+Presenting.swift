internal import Imaging
internal import Synchronization

/// Presenting a session: by one at a time, with a sign of life, and at the place of who fell silent.
extension TeachingSource {
  /// Begins to present; where the former presenter fell silent, or is replaced, at the place shown last.
  ///
  /// - Parameter takesOver: whether the session is taken from somebody who presents it now.
  /// - Throws: `TeachingError.presented` where another does, `LibraryError`, `JournalError`.
  public func beginPresenting(_ reader: String, takesOver: Bool = false) throws {
    let reader = ReaderIdentity.sanitised(reader)
    let hold = try presence.begin(reader, force: takesOver)
    if let owner = hold.owner {
      throw TeachingError.presented(session.name, Self.words(of: owner))
    }
    guard case .mine(recovered: _?) = hold, let last = try presented(after: 0),
      last.view.hasLeft != true
    else { return }
    lastPlace.withLock { $0 = last }
  }

  /// Gives the session back, so that another may present it.
  public func endPresenting() { presence.end() }

  /// The view at which this presenter goes on.
  public var takenOver: PresentedView? { lastPlace.withLock { $0 } }

  /// Renews the presenter's sign of life; who presents in this one's place by now.
  public func renewPresence(reader: String) throws -> String? {
    guard role == .presenter else { return nil }
    return try presence.renew(ReaderIdentity.sanitised(reader)).map(Self.words)
  }

  private static func words(of owner: StudyOwner) -> String {
    owner.isKnown ? owner.words.cleaned : "somebody whose sign of life cannot be read"
  }

  /// Whether the presenter is there; a presenter asks who was replaced by another.
  public func presenterSign() throws -> PresenterSign {
    switch role {
    case .follower, .presenter: presence.sign()
    case .learner, .replay: .unknown
    }
  }

  /// Writes the presenter's view; the one with which he leaves ends his sign of life.
  ///
  /// - Throws: `TeachingError`, `JournalError`, `LibraryError`.
  public func present(_ view: TeachingView, reader: String) throws -> Int {
    guard role == .presenter else {
      throw TeachingError.notAllowed("only the presenter shows views")
    }
    let reader = ReaderIdentity.sanitised(reader)
    if let owner = try presence.renew(reader) {
      throw TeachingError.notAllowed("presented by \(Self.words(of: owner)) now")
    }
    let record = try log.append(.view, reader: reader) { record, _ in
      record.view = view
      record.showing = presence.showing
      return true
    }
    if view.hasLeft == true { presence.end() }
    return record?.seq ?? 0
  }

  /// The presenter's latest view after a line; one of a case that is not there is not taken.
  ///
  /// What was there when a follower came is stale until its presenter is seen to be at it: times of the file
  /// do not tell, for clocks differ.
  public func presented(after seq: Int) throws -> PresentedView? {
    let latest = try log.read().view
    let joined = joinedAt.withLock { joined -> Int in
      let line = joined ?? latest?.seq ?? 0
      joined = line
      return line
    }
    guard var view = latest, view.seq > seq, 1...caseCount ~= view.view.caseNumber else {
      return nil
    }
    view.isOld = view.seq <= joined
    if role == .follower, view.isOld {
      let isLive = view.showing.map { presence.isSeenAlive($0) } ?? false
      view.isStale = view.view.hasLeft == true || !isLive
    }
    return view
  }
}
