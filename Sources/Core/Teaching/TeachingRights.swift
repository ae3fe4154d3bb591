extension ReaderTable {
  /// Whether somebody is named teacher or supervisor.
  public var namesTeacher: Bool { rows.contains { $0.role.teaches } }

  /// Whether a reader presents sessions and sees everybody's scores: a teacher or supervisor; where
  /// nobody is named one, everybody but a guest.
  public func mayTeach(_ reader: String) -> Bool {
    namesTeacher ? role(of: reader).teaches : role(of: reader) != .guest
  }

  /// Throws where a reader may not do what a teacher does.
  ///
  /// - Parameter what: what that is: "makes a session".
  /// - Throws: `TeachingError.notAllowed`.
  public func checkTeaching(_ reader: String, _ what: String) throws {
    guard !mayTeach(reader) else { return }
    throw TeachingError.notAllowed(
      namesTeacher
        ? "only a teacher or supervisor of readers.tsv \(what)"
        : "a guest neither makes nor presents a session")
  }

  /// Whether a reader makes sessions in which signed readings are truth: a named teacher or supervisor,
  /// for readings are hidden from who has not signed.
  public func mayTeachReadings(_ reader: String) -> Bool { role(of: reader).teaches }
}

extension ReaderRole {
  /// Whether the role presents.
  fileprivate var teaches: Bool { self == .teacher || self == .supervisor }
}
