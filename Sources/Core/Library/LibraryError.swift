/// Why a library or one of its studies cannot be used; every case says what to do.
public enum LibraryError: Error, Equatable, Sendable {
  /// The folder is not a library.
  case notALibrary(String, String)
  /// The library has no such subject.
  case noSubject(String, library: String)
  /// The study cannot be used, with the reason.
  case unusable(subject: String, String)
  /// A file or folder cannot be written.
  case cannotWrite(String, String)
  /// A file cannot be imported.
  case cannotImport(String, String)
  /// Label files named for a study differ from those that the library has, by role.
  case labelsDiffer(subject: String, kept: String, [String])
  /// No study of the library has a slice that a network can be adapted to, and why the first has not.
  case nothingToAdaptTo(String, String)
  /// No study that may be learned from has a cord mask of a reader or another tool.
  case nothingLabelled(String)
  /// No study of the library has truth that figures could be compared with.
  case noTruth(String)
  /// Another program works on the same.
  case busy(String, String)
}

extension LibraryError: CustomStringConvertible {
  /// A sentence for the user.
  public var description: String {
    switch self {
    case .notALibrary(let path, let why): "\(path) is not a study library: \(why)"
    case .noSubject(let subject, let library): "\(library) has no subject \(subject)"
    case .unusable(let subject, let why): "subject \(subject) cannot be used: \(why)"
    case .cannotWrite(let path, let why): "cannot write \(path): \(why)"
    case .cannotImport(let path, let why): "cannot import \(path): \(why)"
    case .labelsDiffer(let subject, let kept, let roles):
      "it is in the library already, as subject \(subject), with another "
        + "\(roles.joined(separator: ", ")): \(kept) is kept; --replace-labels replaces it"
    case .nothingToAdaptTo(let path, let why):
      "\(path): no study has a slice to adapt to (\(why)); import studies with cord masks first"
    case .nothingLabelled(let path):
      "\(path): no study to learn from has a cord mask (label-SC_seg) of a reader or another tool"
    case .noTruth(let path):
      "\(path): no study has truth (derivatives/truth); cordscope phantom and plant write it"
    case .busy(let path, let why): "\(path): \(why); wait for its end"
    }
  }
}
