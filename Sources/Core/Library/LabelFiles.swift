public import Foundation
internal import Imaging

/// The label files that lie beside an image or in a derivative, whatever tool made them.
public struct LabelFiles: Equatable, Sendable {
  /// One label file.
  public struct File: Equatable, Sendable {
    /// Where it is.
    public var url: URL
    /// What it holds.
    public var role: LabelRole
    /// How its values are to be read; `nil` for masks.
    public var convention: LabelConvention?

    /// Makes a file of a known role; the convention is told by the file's name unless given, and is the
    /// role's usual one where the name tells nothing.
    public init(url: URL, role: LabelRole, convention: LabelConvention? = nil) {
      self.url = url
      self.role = role
      let name = url.lastPathComponent.lowercased()
      let ending = role.endings.first { ending in
        [".nii.gz", ".nii"].contains { name.hasSuffix(ending.lowercased() + $0) }
      }
      self.convention = convention ?? role.convention(ending: ending ?? role.ending)
    }
  }

  /// The files, at most one of a role.
  public var files: [LabelRole: File] = [:]
  /// What this program found of the spine beside the one that others labelled: vertebrae or discs that
  /// it lacks.
  public internal(set) var spineAddition: File?
  /// Further files found of a role, which are not used, by the order in which they would have been.
  public private(set) var others: [LabelRole: [URL]] = [:]

  /// No files.
  public init() {}

  /// The files found for an image's stem in folders; earlier folders win, then the preferred ending.
  public init(stem: String, in folders: [URL]) {
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for role in LabelRole.allCases {
        for match in Self.matches(names.sorted(), stem: stem, role) {
          let url = folder.appendingPathComponent(match.name)
          if files[role] == nil {
            files[role] = File(
              url: url, role: role, convention: role.convention(ending: match.ending))
          } else {
            others[role, default: []].append(url)
          }
        }
      }
    }
  }

  /// The file of a role; one that is set by hand has no others.
  public subscript(role: LabelRole) -> File? {
    get { files[role] }
    set {
      files[role] = newValue
      others[role] = nil
    }
  }

  /// A line that says which file of a role was taken where several were found.
  func choiceNote(_ role: LabelRole) -> String? {
    guard let file = files[role], let others = others[role], !others.isEmpty else { return nil }
    let names = others.map(\.lastPathComponent).joined(separator: ", ")
    return "the \(role.rawValue) is taken from \(file.url.lastPathComponent), not from \(names)"
  }

  /// The files of a role, the preferred ending first.
  private static func matches(
    _ names: [String], stem: String, _ role: LabelRole
  ) -> [(name: String, ending: String)] {
    var result: [(name: String, ending: String)] = []
    for ending in role.endings {
      for fileExtension in [".nii.gz", ".nii"] {
        for start in starts(stem) {
          let wanted = (start + ending + fileExtension).lowercased()
          if let name = names.first(where: { $0.lowercased() == wanted }),
            !result.contains(where: { $0.name == name })
          {
            result.append((name, ending))
          }
        }
      }
    }
    return result
  }

  /// How names derived from an image begin: its stem, or in SPINEPS' manner "sub-07_mod-T2w".
  private static func starts(_ stem: String) -> [String] {
    guard let cut = stem.lastIndex(of: "_") else { return [stem] }
    return [stem, "\(stem[..<cut])_mod-\(stem[stem.index(after: cut)...])"]
  }
}
