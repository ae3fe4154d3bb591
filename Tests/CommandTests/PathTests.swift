import Core
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("Paths given to the program")
struct PathTests {
  /// A sagittal image of three slices with a gradient.
  private static func image() -> ImageVolume {
    let shape: SIMD3<Int> = [64, 64, 3]
    var voxels: [Float] = []
    for _ in 0..<shape.z {
      for row in 0..<shape.y { voxels += (0..<shape.x).map { Float($0 + row) } }
    }
    let affine = Affine(i: [0, -1.5, 0], j: [0, 0, 1.5], k: [3.3, 0, 0], origin: [-3, 48, -48])
    return ImageVolume(shape: shape, voxels: voxels, affine: affine)
  }

  @Test("a folder that cannot be made is an error, not a crash: exit code 3")
  func impossibleFolder() async throws {
    let folder = try TemporaryFolder()
    try NIfTI.write(Self.image(), to: folder("p_T2w.nii.gz"))
    // The kernel makes no folder here for anybody, and says that a parent is missing.
    let place = "/proc/cordscope-test"
    for words in [
      ["import", folder("p_T2w.nii.gz").path, "--into", place],
      ["phantom", "--out", place, "--patients", "2"], ["demo", "--at", place],
      ["phantom", "--out", "\(place)/a/b", "--patients", "2"],
    ] {
      let result = try await Program.run(words)
      #expect(result.exitCode == 3, "\(words) \(result.errors)")
      #expect(result.errors.contains("cannot write \(place)"), "\(result.errors)")
    }
  }

  @Test("a relative path from a folder that was deleted is named: exit code 3")
  func deletedFolder() async throws {
    let folder = try TemporaryFolder()
    for words in [
      "phantom --out y", "demo --at y", "import y.nii --into y", "detect y", "show y.nii",
      "verify y", "review y", "doctor y", "evaluate y",
    ] {
      let script = #"mkdir "$1/gone" && cd "$1/gone" && rmdir "$1/gone" && exec "$0" "# + words
      let result = try await ProgramRun.result(
        of: URL(fileURLWithPath: "/bin/sh"),
        ["-c", script, Program.url().path, folder.url.path],
        environment: Program.plain(home: folder))
      #expect(result.exitCode == 3, "\(words): \(result.exitCode) \(result.errors)")
      #expect(result.errors.contains("the current folder does not exist any more"), "\(words)")
    }
  }

  @Test(
    "an empty path is no path: exit code 2",
    arguments: [
      ["import", "a.nii", "--into", ""], ["import", "", "--into", "x"], ["detect", ""],
      ["verify", ""], ["review", ""], ["show", ""], ["doctor", ""], ["evaluate", ""],
      ["phantom", "--out", ""], ["demo", "--at", ""], ["detect", "x", "--weights="],
    ])
  func emptyPath(_ words: [String]) async throws {
    let result = try await Program.run(words)
    #expect(result.exitCode == 2, "\(result.errors)")
    #expect(result.errors.contains("is an empty path"))
  }

  @Test("a file is no library, a library is no file, and both are said")
  func filesAndFolders() async throws {
    let folder = try TemporaryFolder()
    try folder.write("{}", to: "library/dataset_description.json")
    try folder.write("x", to: "file")
    for command in ["review", "detect", "verify", "evaluate"] {
      let result = try await Program.run(command, folder("file").path)
      #expect(result.exitCode == 3 && result.errors.contains("it is a file, not a folder"))
    }
    let show = try await Program.run("show", folder("library").path)
    #expect(show.exitCode == 2 && show.errors.contains("--subject"), "\(show.errors)")
    let into = try await Program.run(
      "import", folder("file").path, "--into", folder("file").path)
    #expect(into.exitCode == 3 && into.errors.contains("a file is in the way"), "\(into.errors)")
  }

  @Test("where the demo's own folder cannot be made, --at is named")
  func noHome() async throws {
    let result = try await Program.run(
      "demo", environment: ["HOME": "/proc/cordscope-test", "XDG_DATA_HOME": nil])
    #expect(result.exitCode == 3 && result.errors.contains("--at DIR"), "\(result.errors)")
  }

  @Test("show replaces only pictures of its own")
  func showTarget() async throws {
    let folder = try TemporaryFolder()
    let image = folder("p_T2w.nii.gz")
    try NIfTI.write(Self.image(), to: image)
    let before = try Data(contentsOf: image)
    try folder.write("notes", to: "notes.txt")
    try folder.write("", to: "empty.png")
    #expect(mkfifo(folder("pipe").path, 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      at: folder("link.png"), withDestinationURL: folder("target.png"))
    func show(_ target: String, _ kind: String) async throws -> ProgramRun.Result {
      try await Program.run("show", image.path, "--as", kind, "--out", folder(target).path)
    }
    for (target, word) in [
      ("p_T2w.nii.gz", "is no picture made by show"), ("notes.txt", "is no picture made by show"),
      ("pipe", "pipe"), ("link.png", "symbolic link"), ("", "is a folder"),
    ] {
      for kind in ["png", "sixel", "kitty", "halfblock"] {
        let result = try await show(target, kind)
        #expect(result.exitCode == 3, "\(target) \(kind): \(result.errors)")
        #expect(result.errors.contains(word), "\(target) \(kind): \(result.errors)")
      }
    }
    #expect(try Data(contentsOf: image) == before)
    #expect(try Data(contentsOf: folder("notes.txt")) == Data("notes".utf8))
    #expect(!FileManager.default.fileExists(atPath: folder("target.png").path))
    var info = stat()
    #expect(lstat(folder("pipe").path, &info) == 0 && info.st_mode & S_IFMT == S_IFIFO)
    // New files, empty ones and earlier pictures are written, whatever their kind.
    for (target, kind) in [
      ("new.png", "png"), ("new.png", "sixel"), ("new.png", "kitty"), ("new.png", "halfblock"),
      ("new.png", "png"), ("empty.png", "png"),
    ] {
      let result = try await show(target, kind)
      #expect(result.exitCode == 0, "\(target) \(kind): \(result.errors)")
    }
    #expect(try PNG.readRGB(folder("new.png")).rows > 0)
  }

  @Test("slices are counted from 1, in options and in messages")
  func sliceNumbers() async throws {
    let folder = try TemporaryFolder()
    let image = folder("p_T2w.nii.gz")
    try NIfTI.write(Self.image(), to: image)
    let last = try await Program.run("show", image.path, "--slice", "3", "--as", "halfblock")
    #expect(last.exitCode == 0 && last.errors.contains("slice 3 of 3"), "\(last.errors)")
    let beyond = try await Program.run("show", image.path, "--slice", "4")
    #expect(beyond.exitCode == 3 && beyond.errors.contains("there is no slice 4; there are 3"))
    let zero = try await Program.run("show", image.path, "--slice", "0")
    #expect(zero.exitCode == 2 && zero.errors.contains("from 1"))
    // Refused also where there is no map to be opaque.
    let opacity = try await Program.run("show", image.path, "--opacity", "2")
    #expect(opacity.exitCode == 2 && opacity.errors.contains("--opacity"))
  }

  @Test(
    "half blocks are no wider than the terminal, and what was changed is said",
    .enabled(if: TmuxSession.program != nil, "tmux is not installed"))
  func clipped() async throws {
    let folder = try TemporaryFolder()
    let image = folder("p_T2w.nii.gz")
    try NIfTI.write(Self.image(), to: image)
    var environment = Program.plain(home: folder)
    environment["PROGRAM"] = try Program.url().path
    environment["IMAGE"] = image.path
    let terminal = try await TmuxSession(environment: environment)
    do {
      try await terminal.enter(#""$PROGRAM" show "$IMAGE" --as halfblock --size 300; echo "rc=$?""#)
      let screen = try await terminal.wait("the end") { $0.contains("rc=0") }
      #expect(screen.contains("80 columns"), "\(screen)")
      // A row of a picture is followed by the next, not by what is left of itself.
      let rows = screen.split(separator: "\n").filter { $0.contains("▀") }
      #expect(!rows.isEmpty && rows.allSatisfy { $0.count <= 80 })
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
    let piped = try await Program.run("show", image.path, "--as", "halfblock", "--size", "300")
    #expect(piped.exitCode == 0 && !piped.errors.contains("columns"))
  }

  @Test("an import that runs out of room leaves nothing of the subject, and no new library")
  func noRoom() async throws {
    let folder = try TemporaryFolder()
    var big = Self.image()
    var random = UInt64(7)
    // Noise does not compress: the image is larger than the limit, everything else is smaller.
    big.voxels = big.voxels.map { _ in
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(random >> 40)
    }
    try NIfTI.write(big, to: folder("p_T2w.nii.gz"))
    try NIfTI.write(
      big.map { _ in UInt16(1) }, to: folder("p_T2w_label-SC_seg.nii.gz"))
    let library = folder("library")
    let script =
      #"trap "" XFSZ; ulimit -f 16; exec "$0" import "$1/p_T2w.nii.gz" --into "$1/library""#
    func limited() async throws -> ProgramRun.Result {
      try await ProgramRun.result(
        of: URL(fileURLWithPath: "/bin/sh"), ["-c", script, Program.url().path, folder.url.path],
        environment: Program.plain(home: folder))
    }
    let first = try await limited()
    #expect(first.exitCode == 3 && first.text.contains("cannot write"), "\(first)")
    #expect(!FileManager.default.fileExists(atPath: library.path))

    try NIfTI.write(Self.image(), to: folder("q_T2w.nii.gz"))
    let small = try await Program.run(
      "import", folder("q_T2w.nii.gz").path, "--into", library.path)
    #expect(small.exitCode == 0, "\(small)")
    func tree() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: library.path).sorted()
    }
    let before = try tree()
    let second = try await limited()
    #expect(second.exitCode == 3, "\(second)")
    #expect(try tree().filter { $0.contains("sub-p") || $0.contains(".cordscope-import") } == [])
    #expect(try tree().filter { !$0.hasPrefix("derivatives") } == before)
    let again = try await Program.run(
      "import", folder("p_T2w.nii.gz").path, "--into", library.path)
    #expect(again.exitCode == 0 && again.text.contains("imported as subject p"), "\(again)")
  }
}
