internal import Core
internal import Foundation
internal import Synchronization

/// Runs the workstation on the fixture.
public enum FixtureSession {
  /// Runs it; the exit status.
  public static func run() -> Int32 {
    let library = FixtureLibrary()
    do {
      let driver = try NcursesDriver()
      return ReviewApp.run(source: library, driver: driver, reader: "liu") { post in
        let stop = Mutex(false)
        let box = StopBox()
        _ = stop
        Thread.detachNewThread {
          for step in 5...20 where !box.isStopped {
            Thread.sleep(forTimeInterval: 1)
            post(
              .entry(
                WorklistEntry(
                  subject: "007",
                  state: .detecting(fraction: Double(step) / 20, secondsLeft: Double(20 - step)))))
            post(.background("detecting 1 of 2"))
          }
          post(.background(nil))
        }
        return { box.stop() }
      }
    } catch let error as TerminalError {
      FileHandle.standardError.write(Data("cordscope: \(error)\n".utf8))
      return error.exitStatus
    } catch { return 3 }
  }
}

final class StopBox: Sendable {
  private let flag = Mutex(false)
  var isStopped: Bool { flag.withLock { $0 } }
  func stop() { flag.withLock { $0 = true } }
}
