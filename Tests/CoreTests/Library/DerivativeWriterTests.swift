import Foundation
import Imaging
import Synchronization
import Testing
import TestSupport

@testable import Core

@Suite("Derivatives")
struct DerivativeWriterTests {
  static let place = "derivatives/cordscope/sub-01/anat"

  @Test("Maps lie where the pixels lie, originals are not touched, the group may write")
  func writes() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let before = try LibraryFixture.snapshot(folder.url)
    let detection = LibraryFixture.detection()
    let sha = try DerivativeWriter(library: folder.url).write(
      detection, maps: LibraryFixture.maps(), of: library.studies[0])
    let after = try LibraryFixture.snapshot(folder.url)
    for (path, bytes) in before { #expect(after[path] == bytes, "\(path)") }
    #expect(
      Set(after.keys).subtracting(before.keys) == [
        "derivatives/cordscope/.cordscope.lock",
        "derivatives/cordscope/dataset_description.json",
        "\(Self.place)/sub-01_T2w_desc-anomaly_map.nii.gz",
        "\(Self.place)/sub-01_T2w_desc-anomaly_map.json",
        "\(Self.place)/sub-01_T2w_desc-epistemic_map.nii.gz",
        "\(Self.place)/sub-01_T2w_desc-epistemic_map.json",
        "\(Self.place)/sub-01_T2w_detection.json",
      ])
    let map = try NIfTI.read(folder("\(Self.place)/sub-01_T2w_desc-anomaly_map.nii.gz")).volume
    #expect(map.shape == [256, 256, 2])
    for (k, index) in [2, 3].enumerated() {
      let grid = LibraryFixture.grid(slice: index)
      let off = map.affine([105, 50, Double(k)]) - grid.ras(row: 50, column: 105)
      #expect((off * off).sum() < 1e-6)
      #expect(map[105, 50, k] == Float(index * 1000 + 50))
      #expect(map[0, 0, k].isNaN)
    }
    let stored = try #require(try library.detection(of: library.studies[0]))
    #expect(stored.detection.withoutMaps == detection && stored.sha256 == sha)
    let hashes = try ["anomaly", "epistemic"].map {
      ($0, try SHA256.hexDigest(ofFile: folder("\(Self.place)/sub-01_T2w_desc-\($0)_map.nii.gz")))
    }
    #expect(stored.detection.mapSha256 == Dictionary(uniqueKeysWithValues: hashes))
    #expect(try LibraryFixture.mode(folder("\(Self.place)/sub-01_T2w_detection.json")) == 0o660)
    #expect(try LibraryFixture.mode(folder(Self.place)) == 0o2770)
  }

  @Test("The JSON has every key, sorted, and null for what is not known")
  func json() throws {
    let bytes = try DetectionFile.encode(
      LibraryFixture.unassessable(subject: "01", reason: "no cord mask"))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("\"slice_index\" : null") && text.contains("\"score\" : null"))
    #expect(text.contains("\"reason\" : \"no cord mask\""))
    #expect(text.contains("sub-01/anat/sub-01_T2w.nii.gz"))
    #expect(text.hasSuffix("}\n"))
    var broken = LibraryFixture.detection()
    broken.patient.score = .nan
    #expect(throws: LibraryError.self) { try DetectionFile.encode(broken) }
  }

  @Test("Former detections are kept by hash, and a map that is no longer made goes")
  func versions() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    let writer = DerivativeWriter(library: folder.url)
    let (one, two) = (LibraryFixture.detection(), LibraryFixture.detection(score: 0.02))
    let first = try writer.write(one, maps: LibraryFixture.maps(), of: study)
    #expect(try writer.write(one, maps: LibraryFixture.maps(), of: study) == first)
    let second = try writer.write(two, maps: LibraryFixture.maps([2]), of: study)
    let third = try writer.write(one, maps: LibraryFixture.maps(), of: study)
    let fourth = try writer.write(one, maps: DerivativeMaps(slices: []), of: study)
    #expect(third == first && Set([first, second, fourth]).count == 3)
    func version(_ sha: String) throws -> Detection? {
      try DerivativeWriter.version(sha256: sha, of: study, library: folder.url)?
        .detection.withoutMaps
    }
    #expect(try version(first) == one && version(second) == two)
    #expect(try version(String(repeating: "0", count: 64)) == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(Self.place).path)
    #expect(!names.contains { $0.hasSuffix("_map.nii.gz") || $0.hasPrefix(".") })
  }

  @Test("Whoever reads while a detection is replaced gets maps and detection of one making")
  func pairs() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    // The detection's score and its map's values tell which making they are of.
    @Sendable func make(_ number: Int) throws {
      var maps = LibraryFixture.maps()
      for index in maps.slices.indices {
        maps.slices[index].anomaly = maps.slices[index].anomaly.map {
          $0.isNaN ? .nan : Float(number)
        }
      }
      try DerivativeWriter(library: folder.url).write(
        LibraryFixture.detection(score: Double(number) / 100), maps: maps, of: study)
    }
    try make(0)
    // On a busy machine the writer may be through before anything was read: it goes on until two are seen.
    let (rounds, most) = (30, 3000)
    let done = Atomic(false)
    let hasSeenTwo = Atomic(false)
    defer { hasSeenTwo.store(true, ordering: .sequentiallyConsistent) }
    let finished = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for number in 1...most {
        try? make(number % 90)
        if number >= rounds, hasSeenTwo.load(ordering: .sequentiallyConsistent) { break }
      }
      done.store(true, ordering: .sequentiallyConsistent)
      finished.signal()
    }
    var seen: Set<Int> = []
    repeat {
      let result = try #require(try library.stored(.anomaly, of: study))
      let score = try #require(result.detection.detection.patient.score)
      let number = Int((score * 100).rounded())
      #expect(result.problem == nil && result.map?[105, 50, 0] == Float(number))
      seen.insert(number)
      if seen.count > 1 { hasSeenTwo.store(true, ordering: .sequentiallyConsistent) }
    } while !done.load(ordering: .sequentiallyConsistent)
    finished.wait()
    #expect(seen.count > 1, "no detection was replaced while it was read")
  }

  @Test("A map that is not the detection's own is not shown, and the study says so")
  func foreignMap() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: study)
    #expect(try library.loadStudy("01").pictures[2].anomaly != nil)
    let map = folder("\(Self.place)/sub-01_T2w_desc-anomaly_map.nii.gz")
    let other = LibraryFixture.maps([3])
    try NIfTI.write(try #require(other.volume(.anomaly)), to: map)
    func flagged() throws -> QualityFlag? {
      let loaded = try library.loadStudy("01")
      #expect(loaded.pictures.allSatisfy { $0.anomaly == nil })
      return loaded.detection?.quality.first { $0.flag == "map-missing" }
    }
    #expect(try flagged()?.text.contains("is not the anomaly map of the detection") == true)
    let stored = try #require(try library.detection(of: study)).detection
    #expect(!library.lacksMaps(study, DetectionDigest(stored)))
    try FileManager.default.removeItem(at: map)
    #expect(try flagged() != nil && library.lacksMaps(study, DetectionDigest(stored)))
  }

  @Test("GeneratedBy is appended to, other keys stay, and what is no JSON is left alone")
  func provenance() throws {
    let folder = try TemporaryFolder()
    let url = try folder.write(
      #"{"SpatialReference": "orig", "GeneratedBy": [{"Name": "Manual", "Author": "A. B."}]}"#,
      to: "x.json")
    for _ in 0..<2 { try Provenance.update(url, appending: .cordscope("import")) }
    let object = try #require(try Provenance.read(url))
    #expect(object["SpatialReference"] as? String == "orig")
    let history = try #require(object["GeneratedBy"] as? [[String: String]])
    #expect(history.map { $0["Name"] } == ["Manual", "Cordscope"])
    #expect(history[0]["Author"] == "A. B.")

    for text in ["", "[1]", "{\"a\":", "\u{00}\u{01}"] {
      let bad = try folder.write(text, to: "bad.json")
      #expect(throws: ReadError.self) { try Provenance.update(bad, appending: .cordscope()) }
      #expect(try String(contentsOf: bad, encoding: .utf8) == text)
    }
  }

  @Test("Slices that were not scored between scored ones are NaN")
  func gaps() throws {
    let volume = try #require(LibraryFixture.maps([1, 4]).volume(.anomaly))
    #expect(volume.shape.z == 4 && volume[105, 50, 3] == 4050 && volume[105, 50, 1].isNaN)
    #expect(abs(volume.affine.k.x - 3.3) < 1e-9)
    #expect(LibraryFixture.maps().volume(.reconstruction) == nil)
  }
}

extension Detection {
  /// The detection as it was before its maps were stored.
  fileprivate var withoutMaps: Detection {
    var copy = self
    copy.mapSha256 = nil
    return copy
  }
}
