import Core
import Foundation
import TestSupport
import Testing

@Suite("Command line")
struct CommandLineTests {
  static let commands = [
    "demo", "import", "detect", "watch", "review", "show", "evaluate", "phantom", "plant",
    "pretrain",
    "adapt",
    "verify", "doctor", "version",
  ]

  @Test("the overview lists every command")
  func overview() async throws {
    for word in ["help", "--help", "-h"] {
      let result = try await Program.run(word)
      #expect(result.exitCode == 0 && result.errors.isEmpty)
      let listed = result.text.split(separator: "\n").filter { $0.hasPrefix("  ") }
        .compactMap { $0.split(separator: " ").first.map(String.init) }
      #expect(Set(listed).isSuperset(of: Self.commands), "\(listed)")
      #expect(result.text.contains(Notice.researchUse))
    }
  }

  @Test("every command prints its help", arguments: commands)
  func help(_ command: String) async throws {
    for word in ["--help", "-h"] {
      let result = try await Program.run(command, word)
      #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.text.hasPrefix("usage: cordscope \(command)"))
    }
  }

  @Test("calibrate's help says how many patients it needs")
  func calibrateHelp() async throws {
    let help = try await Program.run("calibrate", "--help")
    #expect(help.exitCode == 0 && help.errors.isEmpty)
    let fewest = LibraryCalibration.fewestPatients
    #expect(help.text.contains("At least \(fewest) patients with lesion and \(fewest) without"))
    #expect(help.text.contains("all six segments"))
    // Other commands have nothing between their summary and their options.
    let verify = try await Program.run("verify", "--help")
    #expect(!verify.text.contains("At least"))
  }

  @Test("help COMMAND is the command's help; of a command that is none, exit code 2")
  func helpOn() async throws {
    let detect = try await Program.run("help", "detect")
    #expect(detect.exitCode == 0 && detect.text.hasPrefix("usage: cordscope detect"))
    let bogus = try await Program.run("help", "bogus")
    #expect(bogus.exitCode == 2 && bogus.errors.contains("no such command: bogus"))
  }

  @Test("no such command: usage on stderr, exit code 2", arguments: ["nonsense", "--nonsense", ""])
  func noSuchCommand(_ word: String) async throws {
    let result = try await Program.run(word)
    #expect(result.exitCode == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("no such command: \(word)"))
    #expect(result.errors.contains("usage: cordscope COMMAND"))
  }

  @Test("an unknown option: usage on stderr, exit code 2", arguments: commands)
  func unknownOption(_ command: String) async throws {
    for option in ["--no-such-option", "-z"] {
      let result = try await Program.run(command, option)
      #expect(result.exitCode == 2, "\(option)")
      #expect(result.output.isEmpty)
      #expect(result.errors.contains("unknown option \(option)"))
      #expect(result.errors.contains("usage: cordscope \(command)"))
    }
  }

  @Test(
    "a misspelt command or option: the one that was meant is named",
    arguments: [
      (["reveiw"], "no such command: reveiw; did you mean review?"),
      (["help", "expotr"], "no such command: expotr; did you mean export?"),
      (["--Verify", "x"], "no such command: --Verify; did you mean verify?"),
      (["import", "x", "--lsit"], "unknown option --lsit; did you mean --list?"),
      (["import", "x", "--seris=2"], "unknown option --seris; did you mean --series?"),
      (["detect", "x", "-json"], "unknown option -json; did you mean --json?"),
      (["demo", "--hlep"], "unknown option --hlep; did you mean --help?"),
    ])
  func misspelt(_ words: [String], _ said: String) async throws {
    let result = try await Program.run(words)
    #expect(result.exitCode == 2 && result.output.isEmpty)
    #expect(result.errors.contains("\(said)\n"), "\(result.errors)")
  }

  @Test("a word that is nothing like a command or option brings no suggestion, and is made safe")
  func unlike() async throws {
    let long = String(repeating: "review", count: 10_000)
    for words in [
      ["xyzzy"], ["r"], [""], ["---"], [long], ["re\u{1B}]0;x\u{7}view"], ["detect", "--\(long)"],
      ["detect", "x", "--\u{1B}[2J\u{202E}"], ["detect", "-j"],
    ] {
      let result = try await Program.run(words)
      #expect(result.exitCode == 2 && result.output.isEmpty)
      #expect(!result.errors.contains("did you mean"), "\(result.errors.prefix(200))")
      #expect(result.errors.count < 10_000 && !result.errors.contains("\u{1B}"))
    }
  }

  @Test(
    "arguments that mean nothing: exit code 2",
    arguments: [
      ["version", "now"], ["demo", "library"], ["phantom", "12", "--out", "/tmp/x"],
      ["pretrain", "again", "--out", "/tmp/x.safetensors"], ["doctor", "a", "b"], ["verify"],
      ["verify", "a", "b"], ["detect"], ["evaluate"], ["show"], ["phantom"],
      ["phantom", "--out"], ["phantom", "--out", "/tmp/x", "--patients", "0"],
      ["phantom", "--out", "/tmp/x", "--patients", "many"],
      ["phantom", "--out", "/tmp/x", "--class", "flu"],
      ["phantom", "--out", "/tmp/x", "--benchmark=yes"], ["import", "a.nii"],
      ["import", "--into", "/tmp/x"], ["plant", "a.nii"], ["plant", "--into", "/tmp/x"],
      ["plant", "a.nii", "--into", "/tmp/x", "--partitions", "thin,thin"],
      ["plant", "a.nii", "--into", "/tmp/x", "--partitions", "5"],
      ["plant", "a.nii", "--into", "/tmp/x", "--copies", "0"],
      ["plant", "a.nii", "--into", "/tmp/x", "--clean-share", "2"],
      ["plant", "a.nii", "--into", "/tmp/x", "--half", "c"], ["pretrain", "--out", "weights.txt"],
      ["pretrain", "--task", "anatomy"], ["pretrain", "--task", "anatomy", "--out", "a.txt"],
    ])
  func wrongArguments(_ words: [String]) async throws {
    let result = try await Program.run(words)
    #expect(result.exitCode == 2, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("usage: cordscope \(words[0])"))
  }

  @Test(
    "a missing file or library is named, exit code 3",
    arguments: [
      ["detect", "MISSING"], ["evaluate", "MISSING"], ["verify", "MISSING"],
      ["review", "MISSING"], ["doctor", "MISSING"], ["show", "MISSING"],
      ["show", "MISSING.npy"], ["show", "MISSING", "--subject", "001"],
      ["import", "MISSING", "--into", "FOLDER/library"],
      ["plant", "MISSING", "--into", "FOLDER/planted"],
      ["detect", "FOLDER", "--weights", "MISSING"],
    ])
  func missingFile(_ words: [String]) async throws {
    let folder = try TemporaryFolder()
    try folder.write("{}", to: "dataset_description.json")
    let result = try await Program.run(
      words.map {
        $0.replacingOccurrences(of: "MISSING", with: folder("not-there.nii").path)
          .replacingOccurrences(of: "FOLDER", with: folder.url.path)
      })
    #expect(result.exitCode == 3, "\(result.text) \(result.errors)")
    #expect((result.text + result.errors).contains("not-there.nii"))
  }

  @Test("the version carries the notice of use")
  func version() async throws {
    for word in ["version", "--version"] {
      let result = try await Program.run(word)
      #expect(result.exitCode == 0)
      #expect(result.text == "cordscope \(Notice.version), \(Notice.researchUse)\n")
    }
  }

  @Test("doctor runs without a terminal")
  func doctor() async throws {
    try Checkout.requireWeights()
    let result = try await Program.run("doctor", environment: ["TERM": nil])
    #expect(result.exitCode == 0, "\(result.text) \(result.errors)")
    #expect(result.text.contains("none on standard input and output"))
    #expect(result.text.contains("cordscope-small.safetensors"))
  }

  @Test("doctor tells bytes of frames, the theme and the keys in use, and what is wrong with them")
  func doctorOnTheTerminal() async throws {
    try Checkout.requireWeights()
    let folder = try TemporaryFolder()
    try Data("accept = z\n".utf8).write(to: folder("good"))
    try Data("accept = z\ncomment = z\n".utf8).write(to: folder("bad"))
    let good = try await Program.run(
      "doctor", "--keys", folder("good").path, "--theme", "light", environment: ["NO_COLOR": "1"])
    #expect(good.exitCode == 0, "\(good.text) \(good.errors)")
    #expect(good.text.contains("theme      light: light background"))
    #expect(good.text.contains("keys       \(folder("good").path)"))
    for kind in ["half blocks at 120 x 40, 24-bit colours", "sixel 512 px, 64 greys", "(draft)"] {
      #expect(good.text.contains(kind))
    }
    let bad = try await Program.run(
      "doctor", "--keys", folder("bad").path, environment: ["NO_COLOR": "1"])
    #expect(bad.exitCode == 1)
    #expect(bad.text.contains("bad:2: comment: z is already the key of accept (line 1)"))
    #expect(bad.text.contains("no colours (NO_COLOR is set)"))
  }

  @Test("keys prints a file that it reads back, and a table")
  func keysFile() async throws {
    let folder = try TemporaryFolder()
    let plain = try await Program.run("keys")
    #expect(plain.exitCode == 0 && plain.text.contains("\naccept = a\n"))
    let changed = plain.text.replacing("\naccept = a\n", with: "\naccept = z\n")
    try Data(changed.utf8).write(to: folder("keys"))
    let read = try await Program.run("keys", "--keys", folder("keys").path)
    #expect(read.exitCode == 0 && read.text == changed)
    let table = try await Program.run("keys", "--table", "--keys", folder("keys").path)
    #expect(table.text.contains("| `z` | accept what the AI says of this segment | study |"))
    // The user's own file, where it is there.
    try FileManager.default.createDirectory(
      at: folder("cordscope"), withIntermediateDirectories: true)
    try Data("accept = F5\n".utf8).write(to: folder("cordscope/keys"))
    let own = try await Program.run("keys", environment: ["XDG_CONFIG_HOME": folder.url.path])
    #expect(own.text.contains("\naccept = F5\n"))
  }

  @Test("faulty keys end the workstation before the screen opens", arguments: ["review", "demo"])
  func faultyKeys(_ command: String) async throws {
    let folder = try TemporaryFolder()
    try Data("# mine\nacept = z\n".utf8).write(to: folder("keys"))
    let result = try await Program.run(command, "--keys", folder("keys").path)
    #expect(result.exitCode == 3)
    #expect(result.errors.contains("keys:2: there is no command \"acept\""))
    let theme = try await Program.run(command, "--theme", "pink")
    #expect(theme.exitCode == 2)
    #expect(theme.errors.contains("--theme takes one of: auto, dark, light, mono"))
  }

  @Test("doctor says where it looked for weights that are missing")
  func doctorWithoutWeights() async throws {
    let folder = try TemporaryFolder()
    let result = try await Program.run(
      "doctor", environment: ["CORDSCOPE_ASSETS": folder.url.path])
    #expect(result.exitCode == 1)
    #expect(result.text.contains(folder.url.path))
  }

  @Test("the workstation asks for a terminal where there is none", arguments: ["review", "demo"])
  func withoutTerminal(_ command: String) async throws {
    let result = try await Program.run(command)
    #expect(result.exitCode == 2)
    #expect(result.errors.contains("needs a terminal"))
  }

  @Test("a kernel path that does not exist is refused")
  func kernelPath() async throws {
    let result = try await Program.run("version", environment: ["CORDSCOPE_KERNELS": "abacus"])
    #expect(result.exitCode == 2)
    #expect(result.errors.contains("CORDSCOPE_KERNELS=abacus"))
  }

  @Test("a reader that goes away ends the program as in any pipeline")
  func closedPipe() async throws {
    // It starts when nobody can read any more: until then a line can be written.
    let script =
      #"(trap '' PIPE; while echo 2>/dev/null; do sleep 0.1; done; trap - PIPE; "$0" help; "#
      + #"echo "ended $?" >&2) | :"#
    let result = try await ProgramRun.result(
      of: URL(fileURLWithPath: "/bin/sh"), ["-c", script, Program.url().path])
    #expect(result.errors == "ended \(128 + SIGPIPE)\n")
  }

  @Test(
    "a result that cannot be written is an error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() async throws {
    let result = try await ProgramRun.result(
      of: URL(fileURLWithPath: "/bin/sh"),
      ["-c", #""$0" version > /dev/full"#, Program.url().path])
    #expect(result.exitCode == 3)
    #expect(result.errors.contains("cannot write the result: "))
  }
}
