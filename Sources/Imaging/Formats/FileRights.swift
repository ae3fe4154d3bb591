public import Foundation

/// Who may use what the program writes.
public enum FileRights: Sendable {
  /// The group that shares a library: files 0660, folders 2770, whatever the umask.
  case group
  /// Who the caller's umask says: files 0666 and folders 0777 without its bits, as any program writes outside of
  /// a library.
  case caller

  /// A file's mode; `nil` where the umask makes it.
  public var fileMode: mode_t? { self == .group ? 0o660 : nil }
}
