import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Maps of former detections")
struct FormerMapsTests {
  private static let folder = "derivatives/cordscope/sub-01/anat/"

  /// The kept maps by name with their bytes.
  private func kept(_ folder: TemporaryFolder) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(Self.folder).path)
    return try names.filter { $0.contains("_desc-anomaly_map.") && $0.hasSuffix(".nii.gz") }
      .filter { $0 != "sub-01_T2w_desc-anomaly_map.nii.gz" }
      .reduce(into: [:]) { $0[$1] = try Data(contentsOf: folder(Self.folder + $1)) }
  }

  @Test("the first four stay to the byte under their detection's hash; later ones leave only JSON")
  func first() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let writer = DerivativeWriter(library: folder.url)
    var (hashes, before): ([String], [String: Data]) = ([], [:])
    let current = folder(Self.folder + "sub-01_T2w_desc-anomaly_map.nii.gz")
    for turn in 0..<6 {
      let former = try? Data(contentsOf: current)
      hashes.append(
        try writer.write(
          LibraryFixture.detection(score: 0.041 + Double(turn) / 1000),
          maps: LibraryFixture.maps(), of: library.studies[0]))
      let now = try kept(folder)
      #expect(now.count == min(turn, DerivativeWriter.keptMaps))
      for (name, bytes) in before { #expect(now[name] == bytes) }
      if (1...4).contains(turn) {
        let name = "sub-01_T2w_desc-anomaly_map.\(hashes[turn - 1].prefix(16)).nii.gz"
        #expect(now[name] == former && former != nil)
      }
      before = now
    }
    // The same once more changes nothing.
    _ = try writer.write(
      LibraryFixture.detection(score: 0.046), maps: LibraryFixture.maps(), of: library.studies[0])
    #expect(try kept(folder) == before)
    func failures() -> [LibraryVerification.Finding] {
      LibraryVerification.findings(in: library).filter {
        $0.path.contains("_desc-") && $0.severity == .failure
      }
    }
    #expect(failures().isEmpty)
    let name = try #require(before.keys.sorted().first)
    let other = try #require(before.keys.sorted().last)
    let altered = try Data(contentsOf: folder(Self.folder + other)) + Data([0])
    try altered.write(to: folder(Self.folder + name))
    #expect(failures().contains { $0.path.hasSuffix(name) && $0.text.contains("altered") })
  }

  @Test("where no link can be made a whole copy is kept, and of a failed one nothing")
  func copied() throws {
    let folder = try TemporaryFolder()
    try folder.write("a map", to: "map.nii.gz")
    try DerivativeWriter.copy(folder("map.nii.gz"), as: folder("map.0123.nii.gz"))
    #expect(try String(contentsOf: folder("map.0123.nii.gz"), encoding: .utf8) == "a map")
    #expect(throws: LibraryError.self) {
      try DerivativeWriter.copy(folder("gone.nii.gz"), as: folder("gone.0123.nii.gz"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names.sorted() == ["map.0123.nii.gz", "map.nii.gz"])
  }
}
