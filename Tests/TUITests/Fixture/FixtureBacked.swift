import Core

/// A library that differs from the fixture library in what it says itself: studies, journals and PINs
/// are those of its base.
protocol FixtureBacked: ReviewSource {
  var base: FixtureLibrary { get }
}

extension FixtureBacked {
  var title: String { base.title }
  func worklist(reader: String) throws -> [WorklistEntry] { try base.worklist(reader: reader) }
  func loadStudy(_ subject: String) throws -> ReviewStudy { try base.loadStudy(subject) }
  func journal(_ subject: String, reader: String) throws -> JournalContents {
    try base.journal(subject, reader: reader)
  }
  func append(_ draft: ReviewDraft, subject: String, reader: String) throws -> ReviewRecord {
    try base.append(draft, subject: subject, reader: reader)
  }
  func hasPIN(reader: String) throws -> Bool { try base.hasPIN(reader: reader) }
  func setPIN(_ pin: PIN, reader: String) throws { try base.setPIN(pin, reader: reader) }
  func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord {
    try base.sign(draft, pin: pin, subject: subject, reader: reader)
  }
}
