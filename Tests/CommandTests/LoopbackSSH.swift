import Foundation
import TestSupport
import Testing

/// An SSH server on this machine with the locked login of the administrator's guide.
struct LoopbackSSH {
  /// Whether this machine has what it takes.
  static var isThere: Bool { ["sshd", "ssh", "ssh-keygen"].allSatisfy { Tool.url($0) != nil } }

  private let server: ProgramRun
  /// Its keys and rules.
  let folder: TemporaryFolder
  private let port: Int

  /// Starts the server; whoever logs in gets the workstation on a library.
  init(program: URL, library: URL) async throws {
    folder = try TemporaryFolder()
    for name in ["host", "reader"] {
      let made = try await ProgramRun.result(
        of: try #require(Tool.url("ssh-keygen")),
        ["-q", "-t", "ed25519", "-N", "", "-f", folder(name).path])
      try #require(made.exitCode == 0, "\(made.errors)")
    }
    let guide = try Guide.lockedLogin()
    let login = folder("cordscope-login")
    try guide.script
      .replacingOccurrences(of: "/usr/local/bin/cordscope", with: program.path)
      .replacingOccurrences(of: "/data/spine", with: library.path)
      .write(to: login, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: login.path)
    let rules = guide.rules
      .replacingOccurrences(of: "Match Group spine-readers", with: "Match all")
      .replacingOccurrences(of: "/usr/local/bin/cordscope-login", with: login.path)
    // Run by root, sshd wants this folder, which its service makes elsewhere.
    if getuid() == 0 { mkdir("/run/sshd", 0o755) }
    for attempt in 0..<10 {
      let port = 20_000 + (Int(getpid()) * 7 + attempt * 997) % 20_000
      let settings =
        """
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey \(folder("host").path)
        AuthorizedKeysFile \(folder("reader.pub").path)
        PidFile none
        StrictModes no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        \(rules)

        """
      try settings.write(to: folder("config"), atomically: true, encoding: .utf8)
      let server = try ProgramRun(
        starting: try #require(Tool.url("sshd")), ["-D", "-e", "-f", folder("config").path])
      let isListening = try await Patience.find { () -> Bool? in
        let said = server.errors
        if said.contains("Server listening") { return true }
        return said.contains("already in use") ? false : nil
      }
      if isListening == true {
        self.server = server
        self.port = port
        return
      }
      server.send(SIGKILL)
      guard isListening == false else {
        throw ProgramRun.Failure("sshd: \(server.errors)")
      }
    }
    throw ProgramRun.Failure("no free port for sshd")
  }

  /// The words of a client; further options and a command may follow.
  func client(_ options: String...) -> [String] {
    [
      Tool.url("ssh")?.path ?? "ssh", "-F", "none", "-p", "\(port)", "-i", folder("reader").path,
      "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
      "LogLevel=ERROR",
      "-o", "BatchMode=yes", "-o", "ConnectTimeout=120",
    ] + options + ["127.0.0.1"]
  }

  /// What the server says.
  var log: String { server.errors }

  /// Ends the server.
  func close() async {
    server.send(SIGTERM)
    _ = try? await server.result(within: Patience.limit)
  }
}

/// What the administrator's guide tells to write into files.
enum Guide {
  /// The rules of sshd and the script of the locked login.
  static func lockedLogin() throws -> (rules: String, script: String) {
    let text = try String(
      contentsOf: Checkout.url("Documentation/administration.md"), encoding: .utf8)
    let section = try #require(
      text.components(separatedBy: "\n## A locked login\n").dropFirst().first)
    let blocks = section.components(separatedBy: "```")
    try #require(blocks.count > 4, "the guide has no rules and script")
    let rules = blocks[1].trimmingCharacters(in: .newlines)
    let script = blocks[3].replacingOccurrences(of: "sh\n#!", with: "#!")
      .trimmingCharacters(in: .newlines)
    try #require(rules.hasPrefix("Match ") && script.hasPrefix("#!/bin/bash -p"))
    return (rules, script + "\n")
  }
}
