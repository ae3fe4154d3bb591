/// Why a teaching session cannot be made or used; every case says what to do.
public enum TeachingError: Error, Equatable, Sendable {
  /// The name cannot be a session's, and why.
  case badName(String, String)
  /// There is no session of this name; the names of those there are.
  case noSession(String, known: [String])
  /// There is one already.
  case exists(String)
  /// No study can be a case, and why.
  case noCases(String)
  /// Fewer studies can be cases than were asked for, and what was left out.
  case tooFew(found: Int, of: Int, leftOut: [String])
  /// A line of the list of studies.
  case list(path: String, line: Int, String)
  /// A case's study is not in the library any more.
  case caseMissing(Int, session: String)
  /// The person may not do this, and why.
  case notAllowed(String)
  /// Somebody presents the session: its name, and who.
  case presented(String, String)
  /// A case cannot be used, in words that do not name its study.
  case unusable(Int, String)
}

extension TeachingError: CustomStringConvertible {
  /// A sentence for the user.
  public var description: String {
    switch self {
    case .badName(let name, let why): "\"\(name)\" cannot be a session's name: \(why)"
    case .noSession(let name, let known):
      "there is no teaching session \"\(name)\"; "
        + (known.isEmpty
          ? "cordscope teach LIB --as NAME makes one"
          : "the library has \(known.joined(separator: ", "))")
    case .exists(let name):
      "the teaching session \(name) is there already: --as \(name) alone goes on with it"
    case .noCases(let why): "no teaching session was made: \(why)"
    case .tooFew(let found, let wanted, let leftOut):
      "no teaching session was made: \(CountText.of(wanted, "case was", "cases were")) asked for, and the library has \(found) with "
        + "truth"
        + (leftOut.isEmpty ? "" : "; left out: \(leftOut.joined(separator: "; "))")
        + "; --cases \(found) takes what there is, --list FILE also studies without truth"
    case .list(let path, let line, let why): "\(path), line \(line): \(why)"
    case .caseMissing(let number, let session):
      "case \(number) of \(session) is not in the library any more: put its study back, or make a new "
        + "session"
    case .notAllowed(let why): why
    case .presented(let session, let owner):
      "\(session) is presented by \(owner): --follow \(session) shows what is presented, --take-over "
        + "presents it in that place"
    case .unusable(let number, let why): "case \(number) cannot be used: \(why)"
    }
  }
}
