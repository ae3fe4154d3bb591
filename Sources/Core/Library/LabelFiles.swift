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

    /// Makes a file of a known role; the convention is the role's usual one unless given.
    public init(url: URL, role: LabelRole, convention: LabelConvention? = nil) {
      self.url = url
      self.role = role
      self.convention = convention ?? role.convention(ending: role.ending)
    }
  }

  /// The files, at most one of a role.
  public var files: [LabelRole: File] = [:]

  /// No files.
  public init() {}

  /// The files found for an image's stem in folders; earlier folders win, then the preferred ending.
  public init(stem: String, in folders: [URL]) {
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      let found = Self.matches(names.sorted(), stem: stem)
      for (role, match) in found where files[role] == nil {
        files[role] = File(
          url: folder.appendingPathComponent(match.name), role: role,
          convention: role.convention(ending: match.ending))
      }
    }
  }

  /// The file of a role.
  public subscript(role: LabelRole) -> File? {
    get { files[role] }
    set { files[role] = newValue }
  }

  private static func matches(
    _ names: [String], stem: String
  ) -> [LabelRole: (name: String, ending: String)] {
    var result: [LabelRole: (name: String, ending: String)] = [:]
    for role in LabelRole.allCases {
      search: for ending in role.endings {
        for fileExtension in [".nii.gz", ".nii"] {
          for start in starts(stem) {
            let wanted = (start + ending + fileExtension).lowercased()
            if let name = names.first(where: { $0.lowercased() == wanted }) {
              result[role] = (name, ending)
              break search
            }
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
