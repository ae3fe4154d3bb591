internal import Foundation
internal import Imaging

extension LibraryModels {
  /// What is wrong with adapted weights, their records, and the choice among them.
  func findings() -> [LibraryVerification.Finding] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    var findings: [LibraryVerification.Finding] = []
    func add(_ severity: LibraryVerification.Finding.Severity, _ name: String, _ text: String) {
      findings.append(
        LibraryVerification.Finding(
          severity: severity, path: "derivatives/cordscope/models/\(name)".cleaned,
          text: text.cleaned))
    }
    for name in names.sorted() {
      // A head names the weights it belongs to, and detection checks that.
      if name.hasSuffix(filmEnding) {
        do { _ = try AdaptationFilm.read(folder.appendingPathComponent(name)) } catch {
          add(.failure, name, "\(error)")
        }
      } else if name.hasSuffix(".safetensors"), !name.hasSuffix("-head.safetensors") {
        if let problem = problem(String(name.dropLast(".safetensors".count))) {
          add(.failure, name, problem)
        }
      } else if name.hasSuffix(".checkpoint") {
        add(
          .note, name, "is of an unfinished adaptation: the same command goes on, or delete it")
      } else if name.hasSuffix(".tmp") {
        add(.note, name, "was left by an interrupted write; it may be deleted")
      }
    }
    // The program's own weights are not the library's to be checked.
    do { if try choice() != nil { _ = try weights() } } catch {
      add(.failure, "active.json", "\(error)")
    }
    return findings
  }

  /// Why weights are not what their record and card say; `nil` when they are.
  private func problem(_ name: String) -> String? {
    do {
      let hash = try SHA256.hexDigest(ofFile: file(name, ".safetensors"))
      let record = try AdaptationRecord.read(file(name, "_adaptation.json"))
      guard record.weights.sha256 == hash else {
        return "was altered since the adaptation: it does not match the hash in its record"
      }
      let card = try ModelCard.read(file(name, ".json"))
      return card.sha256 == hash ? nil : "its model card belongs to other weights"
    } catch {
      return "\(error)"
    }
  }
}
