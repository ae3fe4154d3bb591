internal import Foundation
internal import Imaging

extension ImportSource {
  /// The sources that paths stand for. Where any contrast is taken, of each subject of a folder that which is
  /// nearest to T2: a T1 only where there is no T2.
  ///
  /// A file that is given by itself is wanted, whatever its name says; what lies beside images and is none is
  /// left alone.
  /// - Parameters:
  ///   - followsLinks: whether links are taken for what they lead to.
  ///   - acceptsContrast: whether files of folders are taken whose names say another contrast than T2.
  static func find(
    _ urls: [URL], followsLinks: Bool = true, acceptsContrast: Bool
  ) -> [ImportSource] {
    let found = urls.flatMap {
      find($0, followsLinks: followsLinks, acceptsContrast: acceptsContrast)
    }
    return leavingAlone(acceptsContrast ? nearestToT2(found, given: Set(urls)) : found)
  }

  /// Refuses images of which another one of the same subject is nearer to T2, by what their names say.
  private static func nearestToT2(_ found: [ImportSource], given: Set<URL>) -> [ImportSource] {
    func distance(_ url: URL) -> Int { NameHints.distanceFromT2(stem(url.lastPathComponent)) }
    var nearest: [[String]: URL] = [:]
    for case .nifti(let url) in found {
      let subject = SubjectNaming.common(to: url)
      if let other = nearest[subject], distance(other) <= distance(url) { continue }
      nearest[subject] = url
    }
    return found.map { source in
      guard case .nifti(let url) = source, !given.contains(url),
        let other = nearest[SubjectNaming.common(to: url)], distance(other) < distance(url)
      else { return source }
      let word = NameHints.otherContrast(stem(url.lastPathComponent)) ?? ""
      let name = other.lastPathComponent.cleaned(limit: 200)
      return .unusable(
        url,
        "its name says \(word), and of the same subject there is \(name), which is nearer to T2: give "
          + "the file by itself to take it all the same")
    }
  }
}
