public import Core
public import Foundation

/// The workstation.
public enum ReviewApp {
  /// Seconds between looks at what other sessions of the reader wrote.
  static let tickSeconds = 2.0
  /// Milliseconds between looks at what the presenter shows.
  private static let followMilliseconds = 250

  /// Runs the workstation until the reader leaves it.
  ///
  /// Blocks the calling thread. Acts that are on their way to the journal are written before it
  /// returns. The terminal is given back on every way out.
  /// - Parameters:
  ///   - source: The library.
  ///   - driver: The terminal.
  ///   - reader: The reader's id.
  ///   - timeZone: The zone in which times are shown.
  ///   - obstacle: Why nothing can be saved, in words, where that is known from the start.
  ///   - keys: The keys in use.
  ///   - startsBlind: Whether the AI's results are hidden until the reader asks for them.
  ///   - background: Work beside it, such as detection; it posts to the worklist.
  /// - Returns: The exit status: 0; 3 when acts were not saved; 129 when the terminal went away, 143 or 130 after a signal.
  public static func run(
    source: any ReviewSource, driver: any TerminalDriver, reader: String,
    timeZone: TimeZone = .current, obstacle: String? = nil, startsBlind: Bool = false,
    keys: KeyMap = .standard, background: BackgroundWork? = nil
  ) -> Int32 {
    let mailbox = driver.mailbox
    let worker = Worker(source: source, reader: reader, mailbox: mailbox)
    let clock = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    clock.schedule(
      deadline: .now() + tickSeconds, repeating: tickSeconds, leeway: .milliseconds(500))
    clock.setEventHandler { mailbox.post(.tick) }
    clock.resume()
    defer { clock.cancel() }
    let presenter = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    presenter.setEventHandler { mailbox.post(.follow) }
    if source.teaching?.role == .follower {
      presenter.schedule(
        deadline: .now(), repeating: .milliseconds(followMilliseconds), leeway: .milliseconds(25))
    }
    presenter.resume()
    defer { presenter.cancel() }
    return run(
      title: source.title, driver: driver, reader: reader, timeZone: timeZone, worker: worker,
      obstacle: obstacle, startsBlind: startsBlind, keys: keys, background: background,
      teaching: source.teaching.map {
        TeachingState($0.role, cases: $0.caseCount, takenOver: $0.takenOver)
      })
  }

  static func run(
    title: String, driver: any TerminalDriver, reader: String, timeZone: TimeZone,
    worker: any EffectRunner, obstacle: String? = nil, startsBlind: Bool = false,
    keys: KeyMap = .standard, motion: PictureMotion = PictureMotion(),
    quiet: Duration = .milliseconds(500), background: BackgroundWork?,
    teaching: TeachingState? = nil
  ) -> Int32 {
    var state = AppState(
      title: title, reader: reader, size: driver.size, capabilities: driver.capabilities,
      timeZone: timeZone, obstacle: obstacle, startsBlind: startsBlind || teaching != nil,
      keys: keys)
    state.teaching = teaching
    if teaching != nil { state.worklist.begin(in: .ofCases) }
    let loop = EventLoop(driver: driver, worker: worker, state: state, motion: motion, quiet: quiet)
    let mailbox = driver.mailbox
    loop.background = background?({ mailbox.post($0) })
    let status = loop.run()
    loop.background?.stop()
    driver.close()
    guard !loop.unsaved.isEmpty, status != TerminalError.gone.exitStatus else { return status }
    let lines = loop.unsaved.map { "cordscope: NOT SAVED: \($0)\n" }
    let kept = loop.keepsCorrections ? [Self.keptWords] : []
    FileHandle.standardError.write(Data((lines + kept).joined().utf8))
    return status == 0 ? unsavedStatus : status
  }

  /// What is said of edits that wait for the next session.
  private static let keptWords =
    "cordscope: unsaved corrections are kept, and back when the study is opened again\n"

  /// The exit status when acts were not saved: that of input that cannot be used.
  private static let unsavedStatus: Int32 = 3
}
